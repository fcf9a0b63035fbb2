"""What may stand before the output, and is left to the read-out: the class of the highest score stays the same."""

from typing import Any

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.endings import Sigmoid, Tanh
from stdpnet.conversion.graph.layers import LogSoftmax, Softmax
from stdpnet.conversion.importers.pytorch.symbols import Classes, Symbol


def softmax(call, input: Symbol, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Symbol:
    """Add a softmax over features."""
    return call.ends(call.builder.layer(Softmax(), _over_features(input, dim)))


def log_softmax(call, input: Symbol, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Symbol:
    """Add the logarithm of the softmax over features."""
    return call.ends(call.builder.layer(LogSoftmax(), _over_features(input, dim)))


def sigmoid(call, input: Symbol) -> Symbol:
    """Add a logistic function."""
    return call.ends(call.builder.each(Sigmoid(), input))


def tanh(call, input: Symbol) -> Symbol:
    """Add a hyperbolic tangent."""
    return call.ends(call.builder.each(Tanh(), input))


def argmax(call, input: Symbol, dim: Any = None, keepdim: bool = False) -> Classes:
    """Take the class of the highest score."""
    return Classes(_over_features(input, dim))


def _over_features(input, dim):
    if input.ndim != 2 or dim not in (None, 1, -1):
        raise ConversionError(f"goes over dim {dim} of {input.ndim}; expected features, dim=1 of 2")
    return input


READERS = {
    "softmax": softmax,
    "log_softmax": log_softmax,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "argmax": argmax,
}
