"""Sums, differences, and products with constants."""

from typing import Any

import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers.pytorch.builder import constant
from stdpnet.conversion.importers.pytorch.operations.activations import masked
from stdpnet.conversion.importers.pytorch.symbols import Mask, Symbol

PRODUCT = (
    "multiplies two tensors that both depend on the images, as attention, gates and squeeze-and-excitation do, which "
    "has no exact spiking counterpart; use sums, convolutions or concatenations"
)


def add(call, input: Any, other: Any, alpha: float = 1, out: Any = None) -> Symbol:
    """Compute ``input + alpha * other``."""
    build = call.builder
    if not isinstance(other, Symbol):
        return build.affine(_symbol(input), offset=_times(other, alpha))
    scaled = build.affine(other, alpha)
    return build.add(input, scaled) if isinstance(input, Symbol) else build.affine(scaled, offset=input)


def sub(call, input: Any, other: Any, alpha: float = 1, out: Any = None) -> Symbol:
    """Compute ``input - alpha * other``."""
    return add(call, input, other, -alpha)


def rsub(call, input: Any, other: Any, alpha: float = 1) -> Symbol:
    """Compute ``other - alpha * input``."""
    return add(call, other, input, -alpha)


def mul(call, input: Any, other: Any, out: Any = None) -> Symbol:
    """Multiply by a constant, or by where something is positive."""
    if isinstance(other, Mask):
        input, other = other, input
    if isinstance(input, Mask):
        if isinstance(other, Symbol):
            return masked(call, input, other)
        raise ConversionError("multiplies where a tensor is positive with something else than this tensor: a jump")
    if isinstance(input, Symbol) and isinstance(other, Symbol):
        raise ConversionError(PRODUCT)
    return call.builder.affine(input, other) if isinstance(input, Symbol) else call.builder.affine(other, input)


def div(call, input: Any, other: Any, rounding_mode: Any = None, out: Any = None) -> Symbol:
    """Divide by a constant."""
    if isinstance(other, Symbol):
        raise ConversionError(
            "divides by a tensor that depends on the images, which has no spiking counterpart; divide by a constant, "
            "or use batch normalisation"
        )
    if rounding_mode is not None:
        raise ConversionError(f"rounding_mode is {rounding_mode!r}; expected None, since rates are not rounded")
    return call.builder.affine(_symbol(input), 1 / constant(other))


def neg(call, input: Symbol) -> Symbol:
    """Compute ``-input``."""
    return call.builder.affine(input, -1.0)


def positive(call, input: Symbol) -> Symbol:
    """Compute ``+input``."""
    return input


def _times(value, alpha):
    return value * alpha if isinstance(value, torch.Tensor) else float(value) * alpha


def _symbol(value):
    if not isinstance(value, Symbol):
        raise ConversionError("counts with where a tensor is positive, a jump; train with ReLU")
    return value


READERS = {
    "add iadd radd": add,
    "sub subtract isub": sub,
    "rsub": rsub,
    "mul multiply imul rmul": mul,
    "div divide true_divide truediv itruediv": div,
    "neg negative": neg,
    "positive pos": positive,
}
