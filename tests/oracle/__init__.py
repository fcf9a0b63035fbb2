"""The model written out in NumPy, in double precision, from the papers' equations: what the simulators must give."""

from oracle.replay import raster, replay
from oracle.rule_text import RuleText
from oracle.rules import Exponential, PowerLaw, PreAndPost, Triplet, oracle_of

__all__ = ["Exponential", "PowerLaw", "PreAndPost", "RuleText", "Triplet", "oracle_of", "raster", "replay"]
