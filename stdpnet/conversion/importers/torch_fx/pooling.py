"""Pooling of PyTorch as `AveragePooling` and `MaxPooling`: the same windows, or an error.

The functions take the result and then the arguments of those of PyTorch that they are named after.
"""

from collections.abc import Sequence
from typing import Any

import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import AveragePooling, Flatten, Layer, MaxPooling


def max_pool2d(
    result: torch.Tensor,
    input: torch.Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Layer, ...]:
    """Return the layers for ``torch.nn.functional.max_pool2d``."""
    _refuse_indices(return_indices)
    if pair(dilation) != (1, 1):
        raise ConversionError(f"dilation is {dilation}; expected 1")
    return (_fixed(MaxPooling, input, kernel_size, stride, padding, ceil_mode),)


def avg_pool2d(
    result: torch.Tensor,
    input: torch.Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: Any = None,
) -> tuple[Layer, ...]:
    """Return the layers for ``torch.nn.functional.avg_pool2d``."""
    layer = _fixed(AveragePooling, input, kernel_size, stride, padding, ceil_mode)
    if layer.padding != (0, 0) and not count_include_pad:
        raise ConversionError("count_include_pad is False; expected True, or no padding")
    if divisor_override not in (None, layer.size[0] * layer.size[1]):
        raise ConversionError(f"divisor_override is {divisor_override}; expected None, the size of the window")
    return (layer,)


def adaptive_avg_pool2d(result: torch.Tensor, input: torch.Tensor, output_size: Any) -> tuple[Layer, ...]:
    """Return the layers for ``torch.nn.functional.adaptive_avg_pool2d``."""
    return (_adaptive(AveragePooling, result, input),)


def adaptive_max_pool2d(
    result: torch.Tensor, input: torch.Tensor, output_size: Any, return_indices: bool = False
) -> tuple[Layer, ...]:
    """Return the layers for ``torch.nn.functional.adaptive_max_pool2d``."""
    _refuse_indices(return_indices)
    return (_adaptive(MaxPooling, result, input),)


def mean(result: torch.Tensor, input: torch.Tensor, dim: Any = None, keepdim: bool = False) -> tuple[Layer, ...]:
    """Return the layers for ``torch.mean`` over height and width: global average pooling."""
    axes = {axis % input.ndim for axis in (dim if isinstance(dim, tuple | list) else (dim,)) if axis is not None}
    if input.ndim != 4 or axes != {2, 3}:
        raise ConversionError(f"takes the mean over dim {dim} of {input.ndim}; expected height and width, dim=(2, 3)")
    window = (input.shape[2], input.shape[3])
    return AveragePooling(window, window), *(() if keepdim else (Flatten(),))


def pair(value: int | Sequence[int]) -> tuple[int, int]:
    """Return one number, or a sequence of one or two, as two."""
    values: Any = tuple(value) if isinstance(value, tuple | list) else (value,)
    return values * 2 if len(values) == 1 else values


def _fixed(layer, input, kernel_size, stride, padding, ceil_mode):
    size, padding = pair(kernel_size), pair(padding)
    stride = size if stride is None or stride == [] else pair(stride)
    left = [(n + 2 * p - s) % step for n, p, s, step in zip(input.shape[-2:], padding, size, stride, strict=True)]
    if ceil_mode and any(left):
        raise ConversionError(
            f"ceil_mode is True and windows of {size} with stride {stride} stick out of {tuple(input.shape[-2:])}; "
            "expected ceil_mode=False, or windows that fit"
        )
    return layer(size, stride, padding)


def _adaptive(layer, result, input):
    places, found = tuple(input.shape[-2:]), tuple(result.shape[-2:])
    if any(n % m for n, m in zip(places, found, strict=True)):
        raise ConversionError(f"pools {places} to {found}, with windows of several sizes; expected divisors")
    window = tuple(n // m for n, m in zip(places, found, strict=True))
    return layer(window, window)


def _refuse_indices(return_indices):
    if return_indices:
        raise ConversionError("return_indices is True; expected False, since indices cannot be converted")
