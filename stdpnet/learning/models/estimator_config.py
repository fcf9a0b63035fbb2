"""The configuration of a network that an estimator's parameters ask for."""

from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils import check_random_state

from stdpnet.base.errors import ConfigError
from stdpnet.learning.config import Config, from_dict

if TYPE_CHECKING:
    from stdpnet.learning.models.stdp_transformer import STDPTransformer

#: Parameters of `stdpnet.Config` that an estimator has under the same name, and further ones in ``parameters``.
NAMED = ("neurons", "rule", "epochs", "delays", "drive", "backend")
#: Those that an estimator has under another name, or has no use for.
ELSEWHERE = {"seed": "random_state", "dataset": "X of fit", "images": "X of fit"}


def config_of(estimator: "STDPTransformer") -> Config:
    """Return the configuration; without an int as ``random_state``, with a seed drawn anew at each call.

    Raises
    ------
    ConfigError
        Where ``parameters`` holds what the estimator has a parameter for, or a value is not usable.
    """
    given, further = {name: getattr(estimator, name) for name in NAMED}, dict(estimator.parameters or {})
    for name in further.keys() & {*NAMED, *ELSEWHERE}:
        raise ConfigError(f"parameters holds {name!r}; expected it as {ELSEWHERE.get(name, name)}")
    seed = estimator.random_state
    if not isinstance(seed, int | np.integer):
        seed = check_random_state(seed).randint(np.iinfo(np.int32).max)
    given = {name: value.item() if isinstance(value, np.generic) else value for name, value in given.items()}
    return from_dict({**given, "seed": int(seed), **further})
