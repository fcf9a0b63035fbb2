"""A configuration holds a rule of the package by its name, and one of your own as a whole."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from stdpnet.base.errors import ConfigError
from stdpnet.rules.declaration import RULES, find_rule
from stdpnet.rules.rule import Rule


def held(rule: Any) -> tuple[str | Rule, dict[str, float]]:
    """Return a rule as a configuration holds it, and which constants of a rule of the package have been changed in it.

    Parameters
    ----------
    rule : str, path-like or Rule
        A name, the path of a TOML file, which is read here, or the rule itself.

    Raises
    ------
    ConfigError
        When it is none of these, or there is no such rule.

    Examples
    --------
    >>> held("triplet"), held(RULES["triplet"].with_constants({"eta_plus": 0.5}))
    (('triplet', {}), ('triplet', {'eta_plus': 0.5}))
    """
    rule = find_rule(rule) if isinstance(rule, str | Path) else rule
    if not isinstance(rule, Rule):
        raise ConfigError(f"rule is {rule!r}; expected a name, the path of a .toml file, or a stdpnet.Rule")
    known = RULES.get(rule.name)
    if (
        known is None
        or replace(rule, constants=known.constants) != known
        or set(rule.constants) != set(known.constants)
    ):
        return rule, {}
    return rule.name, {n: c.value for n, c in rule.constants.items() if c.value != known.constants[n].value}


def whole(rule: str | Rule) -> Rule:
    """Return the rule that is held by name or as a whole."""
    return RULES[rule] if isinstance(rule, str) else rule
