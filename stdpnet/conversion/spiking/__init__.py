"""Spiking counterparts of layers, and the conversion into them."""

from stdpnet.conversion.spiking.convert import convert
from stdpnet.conversion.spiking.network import SpikingNetwork

__all__ = ["SpikingNetwork", "convert"]
