"""Plasticity rules: one short file each. A rule of your own is a `Rule`, or a TOML file with the same fields."""

from stdpnet.rules.constants import Constant
from stdpnet.rules.declaration import RULES, find_rule, in_order, rule_from_dict
from stdpnet.rules.rule import Rule

__all__ = ["RULES", "Constant", "Rule", "find_rule", "in_order", "rule_from_dict"]
