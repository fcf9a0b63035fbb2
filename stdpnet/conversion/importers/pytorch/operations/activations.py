"""Activations that are made of straight lines: each is a sum of rectified values, so that neurons can compute it."""

from typing import Any

import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import Dropout, ReLU
from stdpnet.conversion.graph.rates import RateCurve
from stdpnet.conversion.importers.pytorch.builder import constant
from stdpnet.conversion.importers.pytorch.symbols import Mask, Symbol

JUMP = "jumps, which no sum of rectified values does; train with ReLU"


def relu(call, input: Symbol, inplace: bool = False) -> Symbol:
    """Rectify."""
    return call.builder.relu(input)


def maximum(call, input: Any, other: Any, out: Any = None) -> Symbol:
    """Take the larger of two, of which one may be a constant: ``other + relu(input - other)``."""
    build = call.builder
    if not isinstance(input, Symbol):
        input, other = other, input
    if isinstance(other, Symbol):
        return build.add(other, build.relu(build.add(input, build.affine(other, -1.0))))
    other = constant(other)
    return build.affine(build.relu(build.affine(input, offset=-other)), offset=other)


def minimum(call, input: Any, other: Any, out: Any = None) -> Symbol:
    """Take the smaller of two: that of the negative values is the larger."""
    build = call.builder
    negative = [
        build.affine(value, -1.0) if isinstance(value, Symbol) else -constant(value) for value in (input, other)
    ]
    return build.affine(maximum(call, *negative), -1.0)


def clamp(call, input: Symbol, min: Any = None, max: Any = None, out: Any = None) -> Symbol:
    """Keep between two constants: clipped neurons, or, where bounds differ, two rectified sums."""
    build = call.builder
    if min is None:
        return minimum(call, input, max)
    if max is None:
        return maximum(call, input, min)
    if isinstance(min, Symbol) or isinstance(max, Symbol):
        return minimum(call, maximum(call, input, min), max)
    min, max = (constant(value) for value in (min, max))
    if (min > max).any():
        return build.affine(input, 0.0, max)
    if min.numel() == max.numel() == 1 and min < max:
        clipped = build.each(ReLU((max - min).item()), build.affine(input, offset=-min))
        return build.affine(clipped, offset=min)
    above = [build.relu(build.affine(input, offset=-bound)) for bound in (min, max)]
    return build.affine(build.add(above[0], build.affine(above[1], -1.0)), offset=min)


def clamp_max(call, input: Symbol, max: Any) -> Symbol:
    """Take the smaller of a tensor and a constant."""
    return minimum(call, input, max)


def relu6(call, input: Symbol, inplace: bool = False) -> Symbol:
    """Keep between 0 and 6."""
    return clamp(call, input, 0.0, 6.0)


def hardtanh(call, input: Symbol, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Symbol:
    """Keep between two constants."""
    return clamp(call, input, min_val, max_val)


def clip_floor_shift(call, input: Symbol, bound: torch.Tensor, levels: int) -> Symbol:
    """Climb the stairs that clipped neurons climb in as many steps."""
    if not bound > 0:
        raise ConversionError(f"has a bound of {bound.item():.3g}, learned or given; expected above 0: train it anew")
    return call.builder.each(ReLU(bound.item(), levels), input)


def rate_activation(call, input: Symbol, curve: RateCurve) -> Symbol:
    """Take the rate of neurons."""
    return call.builder.each(curve, input)


def hardsigmoid(call, input: Symbol, inplace: bool = False) -> Symbol:
    """Compute ``clamp(input / 6 + 1 / 2, 0, 1)``."""
    return clamp(call, call.builder.affine(input, 1 / 6, 0.5), 0.0, 1.0)


def leaky_relu(call, input: Symbol, negative_slope: Any = 0.01, inplace: bool = False) -> Symbol:
    """Compute ``relu(input) - negative_slope * relu(-input)``."""
    build = call.builder
    negative = build.relu(build.affine(input, -1.0))
    return build.add(build.relu(input), build.affine(negative, -constant(negative_slope)))


def prelu(call, input: Symbol, weight: torch.Tensor) -> Symbol:
    """Compute a leaky ReLU with a slope for each channel."""
    channels = weight.reshape(-1, *(1,) * (input.ndim - 2)) if input.ndim > 1 else weight
    return leaky_relu(call, input, channels)


def rrelu(
    call, input: Symbol, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, inplace: bool = False
) -> Symbol:
    """Compute a leaky ReLU with the mean slope."""
    if training:
        raise ConversionError(
            "draws slopes after training too, since training is True; expected training=self.training"
        )
    return leaky_relu(call, input, (lower + upper) / 2)


def threshold(call, input: Symbol, threshold: float, value: float, inplace: bool = False) -> Symbol:
    """Take the larger of a tensor and a threshold, if that is also the value below it."""
    if threshold != value:
        raise ConversionError(f"is {value} below {threshold}: it {JUMP}")
    return maximum(call, input, threshold)


def softshrink(call, input: Symbol, lambd: float = 0.5) -> Symbol:
    """Compute ``relu(input - lambd) - relu(-input - lambd)``."""
    build = call.builder
    sides = [build.relu(build.affine(input, sign, -lambd)) for sign in (1.0, -1.0)]
    return build.add(sides[0], build.affine(sides[1], -1.0))


def absolute(call, input: Symbol) -> Symbol:
    """Compute ``relu(input) + relu(-input)``."""
    build = call.builder
    return build.add(build.relu(input), build.relu(build.affine(input, -1.0)))


def dropout(call, input: Symbol, p: float = 0.5, training: bool = True, inplace: bool = False) -> Symbol:
    """Drop, unless it would do so after training too."""
    if training:
        raise ConversionError(
            "drops after training too, since training is True; expected training=self.training, or torch.nn.Dropout"
        )
    return call.builder.each(Dropout(), input)


def compared(sign: int):
    """Return the reader of a comparison that says where a tensor is positive, or, with sign -1, negative."""

    def read(call, input: Any, other: Any) -> Mask:
        flipped = not isinstance(input, Symbol)
        symbol, than = (other, input) if flipped else (input, other)
        if isinstance(than, Symbol) or (torch.as_tensor(than) != 0).any():
            raise ConversionError(f"compares with something else than 0; what depends on it {JUMP}")
        return Mask(symbol, -sign if flipped else sign)

    return read


def masked(call, mask: Mask, symbol: Symbol) -> Symbol:
    """Return ``symbol`` where a mask holds, which is where this tensor is positive or negative; else 0."""
    if symbol.node != mask.of.node or not symbol.lies_as(mask.of):
        raise ConversionError(f"takes a tensor where another is positive: it {JUMP}")
    build = call.builder
    positive = build.relu(build.affine(symbol, float(mask.sign)))
    return build.affine(positive, float(mask.sign))


def where(call, condition: Mask, input: Any, other: Any) -> Symbol:
    """Take a multiple of the tensor where it is positive, another or 0 elsewhere."""
    if not isinstance(condition, Mask):
        raise ConversionError(f"chooses by something else than the sign of a tensor: it {JUMP}")
    build, whole = call.builder, Mask(condition.of, -condition.sign)
    parts = [_multiple(call, mask, value) for mask, value in ((condition, input), (whole, other))]
    parts = [part for part in parts if part is not None]
    return build.add(*parts) if len(parts) == 2 else parts[0] if parts else build.affine(condition.of, 0.0)


def _multiple(call, mask, value):
    """Return the part of a tensor that is a multiple of that of the mask, or None for 0."""
    if not isinstance(value, Symbol):
        if (torch.as_tensor(value) != 0).any():
            raise ConversionError(f"gives a constant that is not 0 where a tensor is positive or negative: it {JUMP}")
        return None
    factors, node, nodes = [], value.node, call.builder.nodes
    while node != mask.of.node and hasattr(nodes[node].layer, "factor") and not nodes[node].layer.offset.any():
        factors.append(nodes[node].layer)
        (node,) = nodes[node].inputs
    if node != mask.of.node:
        raise ConversionError(f"takes a tensor where another is positive: it {JUMP}")
    part = masked(call, mask, Symbol(node, value.source, value.numbers, value.name))
    for layer in reversed(factors):
        part = call.builder.each(layer, part)
    return part


def invert(call, input: Mask) -> Mask:
    """Where a tensor is negative, or positive, instead."""
    if not isinstance(input, Mask):
        raise ConversionError("inverts bits; train with ReLU")
    return Mask(input.of, -input.sign)


def masked_fill(call, input: Symbol, mask: Mask, value: Any) -> Symbol:
    """Put a constant, which must be 0, in place of positive or negative values."""
    return where(call, mask, value, input)


READERS = {
    "relu": relu,
    "relu6": relu6,
    "hardtanh": hardtanh,
    "clip_floor_shift": clip_floor_shift,
    "rate_activation": rate_activation,
    "hardsigmoid": hardsigmoid,
    "leaky_relu": leaky_relu,
    "prelu": prelu,
    "rrelu": rrelu,
    "threshold": threshold,
    "softshrink": softshrink,
    "abs absolute": absolute,
    "clamp clip": clamp,
    "clamp_min maximum fmax": maximum,
    "clamp_max": clamp_max,
    "minimum fmin": minimum,
    "dropout dropout1d dropout2d dropout3d alpha_dropout feature_dropout feature_alpha_dropout": dropout,
    "gt ge greater greater_equal": compared(1),
    "lt le less less_equal": compared(-1),
    "where": where,
    "invert bitwise_not logical_not": invert,
    "masked_fill": masked_fill,
}
