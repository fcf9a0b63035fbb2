"""Parameters that differ between rules and sizes, as ``runs/calibrate.py`` found them.

One TOML file for each rule, one table for each number of neurons. The paper says that the
adaptive threshold and the inhibition were adapted to the size, but not how.
"""

import math
import tomllib
from importlib.resources import files

from stdpnet.base.parameters import merged
from stdpnet.learning.config import Config


def preset(rule, neurons):
    """Return what was calibrated for a rule, at the size nearest to `neurons`.

    Parameters
    ----------
    rule : str
        A rule without calibration gives an empty dict.
    neurons : int

    Returns
    -------
    dict
        Nested plain data for `stdpnet.config.from_dict`.
    """
    file = files(__name__) / f"{rule}.toml"
    if "/" in rule or not file.is_file():
        return {}
    sizes = tomllib.loads(file.read_text())
    return sizes[min(sizes, key=lambda size: abs(math.log(int(size) / max(neurons, 1))))]


def with_preset(data):
    """Return parameters over the preset for their rule and size.

    Parameters
    ----------
    data : dict
        Nested plain data; what it does not set comes from the preset, then from the defaults.

    Returns
    -------
    dict
    """
    rule, neurons = data.get("rule", Config.rule), data.get("neurons", Config.neurons)
    if not isinstance(rule, str) or not isinstance(neurons, int):
        return data  # `from_dict` says what is wrong
    return merged(preset(rule, neurons), data)
