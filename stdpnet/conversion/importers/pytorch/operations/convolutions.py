"""Convolutions of one, two and three dimensions, and transposed ones, as convolutions of two.

Whatever is unusual about them, such as padding on one side, or zeros between the values, is done to the image first.
"""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import Convolution
from stdpnet.conversion.importers.pytorch.symbols import Symbol


def convolution(axes: int):
    """Return the reader of a convolution of one, two or three dimensions.

    With one, maps have height 1. With three, channels are the slices in a window, one above the other for each
    position of it.
    """

    def read(
        call,
        input: Symbol,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
    ) -> Symbol:
        return _convolved(call, input, weight, bias, stride, padding, dilation, groups, axes)

    return read


def _convolved(call, input, weight, bias, stride, padding, dilation, groups, axes):
    weight, bias = constants(weight, bias)
    if input.ndim != axes + 2:
        raise ConversionError(f"takes shape {input.shape}; expected images, channels and {axes} more axes")
    size = weight.shape[2:]
    stride, dilation = several(stride, axes), several(dilation, axes)
    if padding == "valid":
        padding = 0
    if padding == "same":
        total = [d * (k - 1) for d, k in zip(dilation, size, strict=True)]
        padding = tuple(t // 2 for t in total)
        if any(t % 2 for t in total):
            more = [n for t in reversed(total) for n in (0, t % 2)]
            input = input.moved(lambda numbers: F.pad(numbers, more), f"{call.builder.name} same")
    padding = several(padding, axes)
    if axes == 1:
        input, weight = input.moved(lambda numbers: numbers.unsqueeze(2)), weight.unsqueeze(2)
        stride, padding, dilation = (1, *stride), (0, *padding), (1, *dilation)
    if axes == 3:
        return _volume(call, input, weight, bias, stride, padding, dilation, groups)
    layer = Convolution(weight.numpy(), bias, stride, padding, dilation, groups)
    found = call.builder.layer(layer, input)
    return found.moved(lambda numbers: numbers.squeeze(2)) if axes == 1 else found


def _volume(call, input, weight, bias, stride, padding, dilation, groups):
    deep, *window = weight.shape[2:]
    depth, height = call.result.shape[2:4]
    span = dilation[1] * (window[0] - 1) + 1
    rows = -(-max((height - 1) * stride[1] + span, input.shape[3] + 2 * padding[1]) // stride[1]) * stride[1]

    def slices(numbers):
        padded = F.pad(numbers, [n for p in reversed(padding) for n in (p, p)])
        padded = F.pad(padded, (0, 0, 0, rows - padded.shape[3]))
        first = torch.arange(depth) * stride[0]
        taken = padded[:, :, first[None] + torch.arange(deep)[:, None] * dilation[0]]  # images, channels, deep, depth
        return taken.flatten(1, 2).flatten(2, 3)

    layer = Convolution(weight.flatten(1, 2).numpy(), bias, stride[1:], (0, 0), dilation[1:], groups)
    found = call.builder.layer(layer, input.moved(slices, f"{call.builder.name} slices"))
    kept = torch.arange(depth)[:, None] * (rows // stride[1]) + torch.arange(height)
    return found.moved(lambda numbers: numbers[:, :, kept])


def transposed(axes: int):
    """Return the reader of a transposed convolution of one or two dimensions: with zeros between the values."""

    def read(
        call,
        input: Symbol,
        weight: Any,
        bias: Any = None,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        dilation: Any = 1,
    ) -> Symbol:
        if not isinstance(weight, torch.Tensor):
            raise ConversionError(DEPENDENT)
        weight = weight.detach().unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1).flip(*range(2, 2 + axes))
        weight, bias = constants(weight, bias)
        stride, padding, more, dilation = (several(n, axes) for n in (stride, padding, output_padding, dilation))
        spans = [d * (k - 1) for d, k in zip(dilation, weight.shape[2:], strict=True)]
        borders = [n for s, p, m in reversed(list(zip(spans, padding, more, strict=True))) for n in (s - p, s - p + m)]

        def spread(numbers):
            sizes = [(n - 1) * step + 1 for n, step in zip(numbers.shape[2:], stride, strict=True)]
            wide = numbers.new_zeros(*numbers.shape[:2], *sizes)
            wide[(..., *(slice(None, None, step) for step in stride))] = numbers
            wide = F.pad(wide, borders)
            return wide if axes == 2 else wide.unsqueeze(2)

        if axes == 1:
            weight, dilation = weight.unsqueeze(2), (1, *dilation)
        layer = Convolution(weight.contiguous().numpy(), bias, (1, 1), (0, 0), dilation, groups)
        found = call.builder.layer(layer, input.moved(spread, f"{call.builder.name} spread"))
        return found if axes == 2 else found.moved(lambda numbers: numbers.squeeze(2))

    return read


DEPENDENT = "has weights that depend on the images, which has no spiking counterpart; use weights that do not"


def constants(weight: Any, bias: Any) -> tuple[torch.Tensor, np.ndarray]:
    """Return weights, and a bias for each output, 0 if there is none.

    Raises
    ------
    ConversionError
        When they depend on the images.
    """
    if not isinstance(weight, torch.Tensor) or not isinstance(bias, torch.Tensor | None):
        raise ConversionError(DEPENDENT)
    found = torch.zeros(len(weight)) if bias is None else bias
    return weight.detach().double().contiguous(), found.detach().double().numpy()


def several(value: Any, count: int) -> tuple[int, ...]:
    """Return one number, or a sequence of one or as many as there are axes, as that many."""
    values = tuple(int(n) for n in value) if isinstance(value, tuple | list) else (int(value),)
    return values * count if len(values) == 1 else values


READERS = {
    "conv1d": convolution(1),
    "conv2d": convolution(2),
    "conv3d": convolution(3),
    "conv_transpose1d": transposed(1),
    "conv_transpose2d": transposed(2),
}
