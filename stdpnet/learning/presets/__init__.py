"""Parameters that take the place of the defaults: as ``stdpnet calibrate`` found them, or as the code of 2014 has them.

The calibrated ones differ between rules and sizes: one TOML file for each rule, one table for each number of neurons.
The paper says that the adaptive threshold and the inhibition were adapted to the size, but not how.
"""

import functools
import math
import tomllib
from importlib.resources import files
from typing import Any

from stdpnet.rules import RULES

#: What `stdpnet.Config` takes as ``preset``.
PRESETS = ("calibrated", "paper")


def preset(rule: str, neurons: int, name: str = "calibrated") -> dict[str, Any]:
    """Return what a preset sets.

    Parameters
    ----------
    rule : str
        A rule without calibration gives an empty dict.
    neurons : int
        Of what was calibrated for a rule, the nearest size counts.
    name : {"calibrated", "paper"}
        The constants of the code of 2014 are the same for any rule and size.

    Returns
    -------
    dict
        Nested plain data, as `stdpnet.Config` takes it.

    Examples
    --------
    >>> preset("triplet", 400)["excitatory"], preset("triplet", 400, "paper")
    ({'theta_plus': 0.12, 'tau_theta': 2500000.0}, {'excitatory': {'theta_plus': 0.05}})
    """
    if name == "paper":
        return _tables("paper")
    sizes = _tables(rule) if rule in RULES else {}
    return sizes[min(sizes, key=lambda size: abs(math.log(int(size) / max(neurons, 1))))] if sizes else {}


@functools.cache
def _tables(name: str) -> dict[str, Any]:
    file = files(__name__) / f"{name}.toml"
    return tomllib.loads(file.read_text())
