"""Functions and methods of PyTorch as layers.

Each function here takes the result and then the arguments of that of PyTorch, and returns the
layers that compute it, one after the other; none if it changes nothing.
"""

import operator
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import Add, Concatenate, Dropout, Flatten, Layer, LogSoftmax, ReLU, Softmax
from stdpnet.conversion.importers.torch_fx.pooling import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
    avg_pool2d,
    max_pool2d,
    mean,
)
from stdpnet.conversion.importers.torch_fx.refusal import CONSTANT


def relu(result: torch.Tensor, input: torch.Tensor, inplace: bool = False) -> tuple[Layer, ...]:
    """Rectify. That a change in place stays without effect elsewhere is seen when outputs are compared."""
    return (ReLU(),)


def reshape(result: torch.Tensor, input: torch.Tensor, *_, **__) -> tuple[Layer, ...]:
    """Return nothing, or a `Flatten`, whatever way the new shape was written."""
    if result.shape == input.shape:
        return ()
    if result.shape == (len(input), input[0].numel()):
        return (Flatten(),)
    raise ConversionError(
        f"reshapes {tuple(input.shape)} into {tuple(result.shape)}; expected a row of features for each of the "
        f"{len(input)} images, as from torch.flatten(x, 1)"
    )


def unchanged(result: torch.Tensor, input: torch.Tensor, *_, **__) -> tuple[Layer, ...]:
    """Return nothing: a copy, or the same."""
    return ()


def cat(result: torch.Tensor, tensors: Sequence[torch.Tensor], dim: int = 0) -> tuple[Layer, ...]:
    """Concatenate channels or features."""
    if dim % result.ndim != 1:
        raise ConversionError(f"concatenates along dim {dim}; expected dim 1, channels or features")
    return (Concatenate(),) if len(tensors) > 1 else ()


def add(result: torch.Tensor, input: Any, other: Any, alpha: float = 1) -> tuple[Layer, ...]:
    """Sum two tensors of equal shape."""
    if not (isinstance(input, torch.Tensor) and isinstance(other, torch.Tensor)):
        raise ConversionError(CONSTANT)
    if input.shape != other.shape:
        raise ConversionError(f"adds shapes {tuple(input.shape)} and {tuple(other.shape)}; expected equal shapes")
    if alpha != 1:
        raise ConversionError(f"alpha is {alpha}; expected 1")
    return (Add(),)


def dropout(
    result: torch.Tensor, input: torch.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> tuple[Layer, ...]:
    """Drop, unless it would do so after training too."""
    if training:
        raise ConversionError(
            "drops after training too, since training is True; expected training=self.training, or torch.nn.Dropout"
        )
    return (Dropout(),)


def softmax(
    result: torch.Tensor,
    input: torch.Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: torch.dtype | None = None,
) -> tuple[Layer, ...]:
    """Softmax over features."""
    return (_over_features(Softmax(), input, dim),)


def log_softmax(
    result: torch.Tensor,
    input: torch.Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: torch.dtype | None = None,
) -> tuple[Layer, ...]:
    """Logarithm of the softmax over features."""
    return (_over_features(LogSoftmax(), input, dim),)


def _over_features(layer, input, dim):
    if input.ndim != 2 or dim not in (None, 1, -1):
        raise ConversionError(f"goes over dim {dim} of {input.ndim}; expected features, dim=1 of 2")
    return layer


FUNCTIONS = {
    F.relu: relu,
    torch.relu: relu,
    torch.relu_: relu,
    F.max_pool2d: max_pool2d,
    torch.max_pool2d: max_pool2d,
    F.avg_pool2d: avg_pool2d,
    F.adaptive_avg_pool2d: adaptive_avg_pool2d,
    F.adaptive_max_pool2d: adaptive_max_pool2d,
    torch.mean: mean,
    torch.flatten: reshape,
    torch.reshape: reshape,
    torch.squeeze: reshape,
    torch.cat: cat,
    torch.concat: cat,
    torch.concatenate: cat,
    operator.add: add,
    operator.iadd: add,
    torch.add: add,
    F.dropout: dropout,
    F.dropout2d: dropout,
    F.softmax: softmax,
    torch.softmax: softmax,
    F.log_softmax: log_softmax,
    torch.log_softmax: log_softmax,
}

METHODS = {
    "relu": relu,
    "relu_": relu,
    "mean": mean,
    "flatten": reshape,
    "view": reshape,
    "reshape": reshape,
    "squeeze": reshape,
    "add": add,
    "add_": add,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "contiguous": unchanged,
    "clone": unchanged,
    "detach": unchanged,
}
