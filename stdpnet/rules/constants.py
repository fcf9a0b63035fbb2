"""Named constants with units, of a rule or of equations of one's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.base.parameters import is_finite
from stdpnet.base.units import UNITS


@dataclass(frozen=True)
class Constant:
    """A number in a rule or an equation: its value, the unit it is given in, such as ms, and where it comes from.

    Examples
    --------
    >>> str(Constant(20.0, "ms", "Diehl & Cook 2014 code"))
    '20 ms'
    """

    value: float
    unit: str
    source: str

    def __str__(self) -> str:
        return f"{self.value:g}{f' {self.unit}' * (self.unit != '1')}"

    @property
    def usable(self) -> bool:
        """Whether the value is a finite number, and not 0 if it is a time: traces are divided by it."""
        number = isinstance(self.value, (int, float)) and is_finite(self.value)
        return number and (self.unit not in ("ms", "s") or self.value != 0)


def constants_from(declared: Mapping[str, Any], owner: str, source: str) -> dict[str, Constant]:
    """Return the constants of plain data, as in a TOML file or ``config.json``, or of `Constant` objects.

    Parameters
    ----------
    declared : mapping of str to Constant, number, or dict
        A number, or a table with value, unit and source.
    owner : str
        Whose they are, for errors.
    source : str
        Where those come from that do not say it.

    Raises
    ------
    ConfigError
        When one is not usable.

    Examples
    --------
    >>> constants_from({"tau": {"value": 20.0, "unit": "ms"}}, "rule 'mine'", "a guess")
    {'tau': Constant(value=20.0, unit='ms', source='a guess')}
    """
    constants = {}
    for name, given in declared.items():
        fields = given if isinstance(given, Mapping) else {"value": given}
        try:
            known = given if isinstance(given, Constant) else Constant(**{"unit": "1", "source": source, **fields})
            if not known.usable:
                raise ValueError
        except (TypeError, ValueError):
            raise ConfigError(
                f"constant {name!r} of {owner} is {given!r}; expected a number, not 0 if it is a time, or a table "
                "with value, unit and source"
            ) from None
        if known.unit not in list(UNITS):
            raise ConfigError(
                f"constant {name!r} of {owner} has unit {known.unit!r}; expected one of {', '.join(UNITS)}"
            )
        constants[name] = known
    return constants


def with_values(constants: Mapping[str, Constant], values: Mapping[str, float], owner: str) -> dict[str, Constant]:
    """Return constants with some values replaced.

    Parameters
    ----------
    constants : mapping of str to Constant
    values : mapping of str to float
        New values, in the unit of the constant they replace.
    owner : str
        Whose they are, for errors.

    Raises
    ------
    ConfigError
        When there is no constant of that name.
    """
    for name in values:
        if name not in constants:
            raise ConfigError(
                f"{owner} has no constant {name!r}{did_you_mean(name, constants)}; it has "
                f"{', '.join(constants) or 'none'}"
            )
        if not replace(constants[name], value=values[name]).usable:
            time = ", and a time not 0" * (constants[name].unit in ("ms", "s"))
            raise ConfigError(f"constant {name!r} of {owner} is {values[name]!r}; expected a finite number{time}")
    return {
        name: replace(constant, value=float(values.get(name, constant.value))) for name, constant in constants.items()
    }


def constants_in(constants: Mapping[str, Constant], *texts: str) -> dict[str, Constant]:
    """Return the constants that occur in any of the texts, by name."""
    words: set[str] = set().union(*(re.findall(r"\w+", text) for text in texts))
    return {name: constant for name, constant in constants.items() if name in words}


def declared(constants: Mapping[str, Constant]) -> str:
    """Return Brian2 text that declares constants: shared parameters, so that a change of a value compiles nothing.

    Examples
    --------
    >>> declared({"tau": Constant(20.0, "ms", "a guess")}).strip()
    'tau : second (shared, constant)'
    """
    return "".join(f"\n{name} : {UNITS[constant.unit][1]} (shared, constant)" for name, constant in constants.items())
