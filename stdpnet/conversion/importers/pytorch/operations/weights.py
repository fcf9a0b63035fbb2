"""Fully connected layers, of features or of each element of a sequence, and batch normalisation."""

from typing import Any

import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import BatchNormalisation, Convolution, Dense
from stdpnet.conversion.importers.pytorch.operations.arithmetic import PRODUCT, add
from stdpnet.conversion.importers.pytorch.operations.convolutions import constants
from stdpnet.conversion.importers.pytorch.symbols import Symbol


def linear(call, input: Symbol, weight: Any, bias: Any = None) -> Symbol:
    """Add a `Dense` layer; over the last axis of a map it is a convolution of 1x1 with the features as channels."""
    weight, bias = constants(weight, bias)
    if input.ndim == 2:
        return call.builder.layer(Dense(weight.numpy(), bias), input)
    if input.ndim < 2:
        raise ConversionError(f"takes shape {input.shape}; expected features for each image")
    between = input.shape[1:-1]
    columns = input.moved(
        lambda numbers: numbers.flatten(1, -2).transpose(1, 2).unsqueeze(3), f"{call.builder.name} row"
    )
    layer = Convolution(weight[:, :, None, None].numpy(), bias)
    found = call.builder.layer(layer, columns)
    return found.moved(lambda numbers: numbers.squeeze(3).transpose(1, 2).unflatten(1, between))


def matmul(call, input: Any, other: Any, out: Any = None) -> Symbol:
    """Multiply by a constant matrix."""
    if isinstance(input, Symbol) and isinstance(other, Symbol):
        raise ConversionError(PRODUCT)
    if isinstance(input, Symbol) and other.ndim == 2:
        return linear(call, input, other.T)
    if isinstance(other, Symbol) and input.ndim == 2 and other.ndim > 2:
        turned = other.moved(lambda numbers: numbers.transpose(-1, -2))
        return linear(call, turned, input).moved(lambda numbers: numbers.transpose(-1, -2))
    raise ConversionError("is a product with something else than a matrix; expected torch.nn.Linear")


def addmm(call, input: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1, out: Any = None) -> Symbol:
    """Compute ``beta * input + alpha * mat1 @ mat2``."""
    product = call.builder.affine(matmul(call, mat1, mat2), alpha)
    scaled = call.builder.affine(input, beta) if isinstance(input, Symbol) else beta * input
    return add(call, product, scaled)


def batch_norm(
    call,
    input: Symbol,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Symbol:
    """Add a `BatchNormalisation` with the statistics of the training."""
    if training:
        raise ConversionError(
            "takes the statistics of the images at hand, so that the images of a batch change each other; expected "
            "track_running_stats=True, and training=self.training"
        )
    mean, variance = running_mean.detach().double(), running_var.detach().double()
    scale = torch.ones_like(mean) if weight is None else weight.detach().double()
    shift = torch.zeros_like(mean) if bias is None else bias.detach().double()
    if input.numbers is None:
        layer = BatchNormalisation(scale.numpy(), shift.numpy(), mean.numpy(), variance.numpy(), float(eps))
        return call.builder.layer(layer, input)
    factor = scale / torch.sqrt(variance + eps)
    factor, offset = (value.reshape(-1, *(1,) * (input.ndim - 2)) for value in (factor, shift - factor * mean))
    return call.builder.affine(input, factor, offset)


READERS = {"linear": linear, "matmul mm rmatmul": matmul, "addmm": addmm, "batch_norm": batch_norm}
