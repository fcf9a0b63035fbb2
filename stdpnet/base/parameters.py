"""Parameters as dataclass fields: declared with help and bounds, checked, and as nested plain data."""

import math
from collections.abc import Mapping
from dataclasses import Field, field, fields, is_dataclass
from typing import Any, TypeVar, cast

from stdpnet.base.errors import ConfigError, did_you_mean

Kind = TypeVar("Kind")

#: Values of what is decided from the data, unless it is switched on or off.
SWITCH = ("auto", "on", "off")


def parameter(
    default: Any,
    about: str,
    unit: str = "",
    source: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    role: str = "model",
) -> Any:
    """Declare a dataclass field.

    Parameters
    ----------
    default : object
    about : str
        What it is, for ``--help`` and the documentation.
    unit, source : str
        Its unit, one of `stdpnet.base.units.UNITS`, and where the default comes from.
    low, high : float, optional
        Its least and its greatest value.
    choices : tuple of str
        The only values, of a text that has not any.
    role : str
        What it is to a run, for those who compare runs: its model, or one of what `names_of` is asked for.

    Returns
    -------
    dataclasses.Field
        Typed as anything, so that it can stand for a field of any type.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Window:
    ...     length: float = parameter(350.0, "time for which an image is shown", "ms", "C:252", low=1)
    >>> Window().length
    350.0
    >>> validate(Window(length=0.0))
    Traceback (most recent call last):
        ...
    stdpnet.base.errors.ConfigError: length is 0.0 ms; expected a finite number of at least 1 ms
    """
    metadata = {"about": about, "unit": unit, "source": source, "low": low, "high": high, "choices": choices}
    metadata |= {"role": role}
    return field(default=default, metadata=metadata)


def group() -> Any:
    """Return a dataclass field that holds a group of parameters, which the class fills in."""
    return field(default=None)


def names_of(kind: type, *roles: str) -> set[str]:
    """Return the parameters of a dataclass that have one of these roles."""
    return {item.name for item in fields(kind) if item.metadata.get("role") in roles}


def validate(part: Any, prefix: str = "") -> None:
    """Check the types and bounds of a dataclass of parameters, and of the groups in it.

    Parameters
    ----------
    part : dataclass
        With fields from `parameter`; fields without a help text are passed over, but for groups.
    prefix : str
        Goes before the names in errors, such as ``"excitatory."``.

    Raises
    ------
    ConfigError
        Naming the parameter, its value and what was expected.
    """
    for item in fields(part):
        name, value, (low, high) = prefix + item.name, getattr(part, item.name), _bounds(item)
        if "about" not in item.metadata:  # a group of parameters, or what the class checks itself
            if is_dataclass(value):
                validate(value, f"{name}.")
            continue
        kinds: Any = (int, float) if item.type is float else item.type
        if not isinstance(value, kinds) or (isinstance(value, bool) and item.type is not bool):
            raise ConfigError(f"{name} is {value!r}; expected {getattr(item.type, '__name__', item.type)}")
        unit = f" {item.metadata['unit']}" if item.metadata.get("unit") else ""
        bounds = [f"at least {low}{unit}"] * (low > -math.inf) + [f"at most {high}{unit}"] * (high < math.inf)
        bound = f" of {' and '.join(bounds)}" if bounds else ""
        if item.type in (int, float) and not (is_finite(value) and low <= value <= high):
            raise ConfigError(f"{name} is {value}{unit}; expected a finite number{bound}")
        if item.type is int and value >= 2**31:
            raise ConfigError(f"{name} is {value}; expected less than 2**31")
        if (choices := item.metadata.get("choices")) and value not in choices:
            raise ConfigError(
                f"{name} is {value!r}{did_you_mean(value, choices)}; expected one of {', '.join(choices)}"
            )


def is_finite(number: float) -> bool:
    """Tell whether a number is finite, also as a float.

    Examples
    --------
    >>> is_finite(10**300), is_finite(10**400), is_finite(math.nan)
    (True, False, False)
    """
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _bounds(item: Field[Any]) -> tuple[float, float]:
    low, high = item.metadata.get("low"), item.metadata.get("high")
    return -math.inf if low is None else low, math.inf if high is None else high


def construct(kind: type[Kind], data: Any, prefix: str = "") -> Kind:
    """Build a dataclass of parameters from plain data. Types and bounds are the matter of `validate`.

    Parameters
    ----------
    kind : type
        The dataclass.
    data : dict
        Some of its parameters, by name.
    prefix : str
        Goes before the names in errors.

    Returns
    -------
    object of type `kind`

    Raises
    ------
    ConfigError
        When it is no table, or has a name that the dataclass has not.
    """
    if not isinstance(data, dict):
        raise ConfigError(f"{prefix.rstrip('.')} is {data!r}; expected a table of {kind.__name__} parameters")
    known = {item.name for item in fields(cast(Any, kind))}
    for name in data:
        if name not in known:
            near = did_you_mean(str(name), known)
            raise ConfigError(f"unknown parameter {prefix}{name}{near}: expected one of {', '.join(sorted(known))}")
    return kind(**data)


def flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested dicts as one, with names such as ``excitatory.tau_m``.

    Examples
    --------
    >>> flat({"neurons": 400, "excitatory": {"tau_m": 100.0}})
    {'neurons': 400, 'excitatory.tau_m': 100.0}
    """
    result: dict[str, Any] = {}
    for name, value in data.items():
        result |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return result


def merged(*layers: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested plain data in which later layers override earlier ones; the layers stay as they are.

    Examples
    --------
    >>> merged({"neurons": 400, "excitatory": {"tau_m": 100.0}}, {"excitatory": {"theta_plus": 0.05}})
    {'neurons': 400, 'excitatory': {'tau_m': 100.0, 'theta_plus': 0.05}}
    """
    result: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            nested = isinstance(value, dict) and isinstance(result.get(name), dict)
            result[name] = merged(result[name], value) if nested else value
    return result
