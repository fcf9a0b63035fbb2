"""Parameters that differ between rules and sizes, as ``stdpnet calibrate`` found them.

One TOML file for each rule, one table for each number of neurons. The paper says that the
adaptive threshold and the inhibition were adapted to the size, but not how.
"""

import functools
import math
import tomllib
from importlib.resources import files
from typing import Any


def preset(rule: str, neurons: int) -> dict[str, Any]:
    """Return what was calibrated for a rule, at the size nearest to `neurons`.

    Parameters
    ----------
    rule : str
        A rule without calibration gives an empty dict.
    neurons : int

    Returns
    -------
    dict
        Nested plain data, as `stdpnet.Config` takes it.

    Examples
    --------
    >>> preset("triplet", 400)["excitatory"]
    {'theta_plus': 0.12, 'tau_theta': 2500000.0}
    """
    sizes = _sizes(rule)
    return sizes[min(sizes, key=lambda size: abs(math.log(int(size) / max(neurons, 1))))] if sizes else {}


@functools.cache
def _sizes(rule: str) -> dict[str, Any]:
    file = files(__name__) / f"{rule}.toml"
    return tomllib.loads(file.read_text()) if "/" not in rule and file.is_file() else {}
