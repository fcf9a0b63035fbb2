"""Which combinations of parameters a calibration tries."""

from itertools import product

from stdpnet.base.parameters import merged


def candidates(tries):
    """Return every combination of the values to try, as nested data for `stdpnet.config.from_dict`.

    Parameters
    ----------
    tries : dict of str to sequence of float
        By name, such as ``connections.inhibition`` or ``constants.eta``.
    """
    return [_nested(dict(zip(tries, values, strict=True))) for values in product(*tries.values())]


def _nested(flat):
    result = {}
    for name, value in flat.items():
        group, _, rest = name.rpartition(".")
        result = merged(result, {group: {rest: value}} if group else {name: value})
    return result


def value_of(config, name):
    """Return what a `Config` has for a parameter, by ``group.name``."""
    group, _, rest = name.rpartition(".")
    holder = getattr(config, group) if group else config
    return holder[rest] if isinstance(holder, dict) else getattr(holder, rest)
