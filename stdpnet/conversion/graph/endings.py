"""Layers at the end of a network that leave the order of its scores as it is, besides softmax."""

from dataclasses import dataclass

from stdpnet.conversion.graph.layers import Layer, Softmax


@dataclass(frozen=True, eq=False)
class Sigmoid(Layer):
    """``1 / (1 + exp(-x))``."""


@dataclass(frozen=True, eq=False)
class Tanh(Layer):
    """Hyperbolic tangent."""


#: What a read-out replaces.
ENDINGS = Softmax, Sigmoid, Tanh
