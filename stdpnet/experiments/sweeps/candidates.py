"""Which combinations of parameters a calibration tries."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from stdpnet.base.parameters import merged
from stdpnet.learning.config import Config


def candidates(tries: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return every combination of the values to try, as nested data for `stdpnet.learning.config.from_dict`.

    Parameters
    ----------
    tries : dict of str to sequence of float
        By name, such as ``connections.inhibition`` or ``constants.eta``.

    Examples
    --------
    >>> candidates({"constants.eta": [0.1, 0.2]})
    [{'constants': {'eta': 0.1}}, {'constants': {'eta': 0.2}}]
    """
    return [_nested(dict(zip(tries, values, strict=True))) for values in product(*tries.values())]


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in flat.items():
        group, _, rest = name.rpartition(".")
        result = merged(result, {group: {rest: value}} if group else {name: value})
    return result


def value_of(config: Config, name: str) -> Any:
    """Return what a `Config` has for a parameter, by ``group.name``."""
    group, _, rest = name.rpartition(".")
    holder = getattr(config, group) if group else config
    return holder[rest] if isinstance(holder, Mapping) else getattr(holder, rest)
