"""Unsupervised learning with spike-timing-dependent plasticity in Brian2."""

from stdpnet.config import Config
from stdpnet.errors import StdpnetError
from stdpnet.readouts import UNASSIGNED, assign, predict
from stdpnet.rules import RULES, Constant, Rule

__version__ = "0.1.0"

__all__ = ["RULES", "UNASSIGNED", "Config", "Constant", "Rule", "StdpnetError", "__version__", "assign", "predict"]
