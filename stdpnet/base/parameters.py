"""Parameters as dataclass fields: declared with help and bounds, checked, and as nested plain data."""

import math
from dataclasses import field, fields, is_dataclass

from stdpnet.base.errors import ConfigError


def parameter(default, about, unit="", source="", low=None):
    """Declare a dataclass field with help text, unit, source and lower bound."""
    return field(default=default, metadata={"about": about, "unit": unit, "source": source, "low": low})


def validate(part, prefix=""):
    """Check the types and bounds of a dataclass of parameters, and of the groups in it.

    Raises
    ------
    ConfigError
        Naming the parameter, its value and what was expected.
    """
    for item in fields(part):
        name, value, low = prefix + item.name, getattr(part, item.name), item.metadata.get("low")
        kinds = (int, float) if item.type is float else (item.type,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and item.type is not bool):
            raise ConfigError(f"{name} is {value!r}; expected {item.type.__name__}")
        if is_dataclass(value):
            validate(value, f"{name}.")
            continue
        unit = f" {item.metadata['unit']}" if item.metadata.get("unit") else ""
        bound = f" of at least {low}{unit}" if low is not None else ""
        if item.type in (int, float) and not (math.isfinite(value) and (low is None or low <= value)):
            raise ConfigError(f"{name} is {value}{unit}; expected a finite number{bound}")
        if item.type is int and value >= 2**31:
            raise ConfigError(f"{name} is {value}; expected less than 2**31")


def construct(kind, data, prefix=""):
    """Build a dataclass of parameters from plain data.

    Raises
    ------
    ConfigError
        When it is no table, or has a name that the dataclass has not.
    """
    if not isinstance(data, dict):
        raise ConfigError(f"{prefix.rstrip('.')} is {data!r}; expected a table of {kind.__name__} parameters")
    known = {item.name for item in fields(kind)}
    for name in data:
        if name not in known:
            raise ConfigError(f"unknown parameter {prefix}{name}: expected one of {', '.join(sorted(known))}")
    return kind(**data)


def flat(data, prefix=""):
    """Return nested dicts as one, with names such as ``excitatory.tau_m``."""
    result = {}
    for name, value in data.items():
        result |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return result


def merged(*layers):
    """Return nested plain data in which later layers override earlier ones."""
    result = {}
    for layer in layers:
        for name, value in layer.items():
            nested = isinstance(value, dict) and isinstance(result.get(name), dict)
            result[name] = merged(result[name], value) if nested else value
    return result
