"""Unsupervised learning with spike-timing-dependent plasticity in Brian2."""

from stdpnet.base.errors import StdpnetError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.learning.config import Config
from stdpnet.readouts import assign, predict
from stdpnet.rules import RULES, Constant, Rule

__version__ = "0.1.0"

__all__ = ["NO_ANSWER", "RULES", "Config", "Constant", "Rule", "StdpnetError", "__version__", "assign", "predict"]
