"""Rules by name, and rules declared as plain data: a TOML file, or the JSON of a run's configuration."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.rules.constants import constants_from
from stdpnet.rules.exponential import EXPONENTIAL
from stdpnet.rules.power_law import POWER_LAW
from stdpnet.rules.pre_and_post import PRE_AND_POST
from stdpnet.rules.rule import Rule
from stdpnet.rules.triplet import TRIPLET

RULES = {rule.name: rule for rule in (POWER_LAW, EXPONENTIAL, PRE_AND_POST, TRIPLET)}

#: Types of a rule's fields, where they are not text.
FIELDS = {"constants": (Mapping, "a table"), "normalise": (bool, "true or false")}


def in_order(names: Iterable[str]) -> list[str]:
    """Return names of rules, those of the package first, each once.

    Examples
    --------
    >>> in_order(["mine", "triplet", "power-law"])
    ['power-law', 'triplet', 'mine']
    """
    names = set(names)
    return [name for name in RULES if name in names] + sorted(names - set(RULES))


def find_rule(name: str | Path) -> Rule:
    """Return the rule called `name`, or the one declared in the TOML file of that path.

    Raises
    ------
    ConfigError
        When there is neither, or when the file does not declare a rule. A mistyped name is answered with the nearest.

    Examples
    --------
    >>> find_rule("triplet").name
    'triplet'
    """
    if not isinstance(name, str | Path):
        raise ConfigError(f"rule is {name!r}; expected a name, the path of a .toml file, or a stdpnet.Rule")
    if str(name) in RULES:
        return RULES[str(name)]
    path = Path(name)
    if path.suffix != ".toml":
        raise ConfigError(
            f"unknown rule {str(name)!r}{did_you_mean(str(name), RULES)}: expected {', '.join(sorted(RULES))}, or the "
            "path of a .toml file that declares one"
        )
    try:
        declared = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise ConfigError(f"no rule file {str(name)!r}: give the path of an existing .toml file") from None
    except (OSError, RecursionError, ValueError) as error:  # also what is no TOML, and a number of 5,000 digits
        raise ConfigError(f"cannot read the rule file {str(name)!r} as TOML: {error}") from None
    return rule_from_dict({"name": path.stem, "source": str(path), **declared})


def rule_from_dict(declared: Mapping[str, Any]) -> Rule:
    """Return the `Rule` of plain data, as in a TOML file or ``config.json``.

    Raises
    ------
    ConfigError
        When a field is unknown, or a constant is not ``{value, unit, source}`` or a number.

    Examples
    --------
    >>> rule_from_dict({"name": "grow", "on_post": "w = clip(w + a, 0, w_max)", "constants": {"a": 0.1}}).constants["a"]
    Constant(value=0.1, unit='1', source='')
    """
    declared = {"name": "custom", "source": "", **declared}
    unknown = set(declared) - set(Rule.__dataclass_fields__)
    for wrong in sorted(unknown):
        near = did_you_mean(wrong, Rule.__dataclass_fields__)
        raise ConfigError(f"a rule has no field {wrong!r}{near}; its fields are {', '.join(Rule.__dataclass_fields__)}")
    for name, value in declared.items():
        kind, expected = FIELDS.get(name, (str, "text"))
        if not isinstance(value, kind):
            raise ConfigError(f"{name} of rule {declared['name']!r} is {value!r}; expected {expected}")
    owner = f"rule {declared['name']!r}"
    constants = constants_from(declared.get("constants", {}), owner, declared["source"])
    return Rule(**{**declared, "constants": constants})
