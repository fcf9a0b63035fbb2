"""Pooling with windows of every kind: what is not `AveragePooling` or `MaxPooling` by itself, is after a selection."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import AveragePooling, MaxPooling
from stdpnet.conversion.importers.pytorch.operations.convolutions import several
from stdpnet.conversion.importers.pytorch.operations.interpolation import separable
from stdpnet.conversion.importers.pytorch.symbols import Symbol


def max_pool(axes: int):
    """Return the reader of max pooling of one or two dimensions."""

    def read(
        call,
        input: Symbol,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        several_results = isinstance(call.result, tuple)
        result = call.result[0] if several_results else call.result
        size, padding, dilation = (_pair(n, axes, fill) for n, fill in ((kernel_size, 1), (padding, 0), (dilation, 1)))
        stride = size if stride in (None, [], ()) else _pair(stride, axes, 1)
        input = _image(input, axes)
        found = _places(result, axes)
        if dilation == (1, 1):
            extra = _extra(input.shape[2:], found, size, stride, padding)
            if any(extra):  # the last row and column again: no other maximum
                input = input.moved(lambda x: _repeated(x, extra), f"{call.builder.name} border")
            pooled = call.builder.layer(MaxPooling(size, stride, padding), input)
        else:
            windows = [
                _inside(np.arange(count)[:, None] * step - pad + np.arange(width) * wide, n)
                for count, step, pad, width, wide, n in zip(
                    found, stride, padding, size, dilation, input.shape[2:], strict=True
                )
            ]
            pooled = _largest(call, input, *windows)
        pooled = _as_given(pooled, axes)
        return (pooled, None) if several_results else pooled

    return read


def adaptive_max_pool(axes: int):
    """Return the reader of adaptive max pooling of one or two dimensions."""

    def read(call, input: Symbol, output_size: Any, return_indices: bool = False) -> Any:
        several_results = isinstance(call.result, tuple)
        result = call.result[0] if several_results else call.result
        input = _image(input, axes)
        places = tuple(input.shape[2:])
        found = _places(result, axes)
        if _even(places, found):
            window = tuple(n // m for n, m in zip(places, found, strict=True))
            pooled = call.builder.layer(MaxPooling(window, window), input)
        else:
            pooled = _largest(call, input, *(_adaptive(n, m) for n, m in zip(places, found, strict=True)))
        pooled = _as_given(pooled, axes)
        return (pooled, None) if several_results else pooled

    return read


def avg_pool(axes: int):
    """Return the reader of average pooling of one or two dimensions."""

    def read(
        call,
        input: Symbol,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: Any = None,
    ) -> Symbol:
        size, padding = _pair(kernel_size, axes, 1), _pair(padding, axes, 0)
        stride = size if stride in (None, [], ()) else _pair(stride, axes, 1)
        input = _image(input, axes)
        shape = tuple(input.shape[2:])
        found = _places(call.result, axes)
        extra = _extra(shape, found, size, stride, padding)
        if any(extra):
            input = input.moved(lambda x: F.pad(x, (0, extra[1], 0, extra[0])), f"{call.builder.name} border")
        pooled = call.builder.layer(AveragePooling(size, stride, padding), input)
        ones = torch.ones(1, 1, *shape, dtype=torch.float64)
        wanted = F.avg_pool2d(ones, size, stride, padding, ceil_mode, count_include_pad, divisor_override)
        given = F.avg_pool2d(F.pad(ones, (0, extra[1], 0, extra[0])), size, stride, padding)
        if not torch.equal(wanted, given):
            pooled = call.builder.affine(pooled, wanted / given)
        return _as_given(pooled, axes)

    return read


def adaptive_avg_pool(axes: int):
    """Return the reader of adaptive average pooling of one or two dimensions."""

    def read(call, input: Symbol, output_size: Any) -> Symbol:
        input = _image(input, axes)
        places = tuple(input.shape[2:])
        found = _places(call.result, axes)
        if _even(places, found):
            window = tuple(n // m for n, m in zip(places, found, strict=True))
            pooled = call.builder.layer(AveragePooling(window, window), input)
        else:
            pooled = separable(call, input, *(_means(n, m) for n, m in zip(places, found, strict=True)))
        return _as_given(pooled, axes)

    return read


def _image(input, axes):
    if input.ndim != axes + 2:
        raise ConversionError(f"takes shape {input.shape}; expected images, channels and {axes} more axes")
    return input if axes == 2 else input.moved(lambda x: x.unsqueeze(2))


def _as_given(pooled, axes):
    """Return what was pooled as an image with as many axes as the input had."""
    return pooled if axes == 2 else pooled.moved(lambda x: x.squeeze(2))


def _places(result, axes):
    """Return the height and width of a result as an image."""
    return tuple(result.shape[2:]) if axes == 2 else (1, *result.shape[2:])


def _pair(value, axes, fill):
    found = several(value, axes)
    return found if axes == 2 else (fill, *found)


def _extra(shape, found, size, stride, padding):
    """Return how many rows and columns the last windows stick out, beyond the padding."""
    return [
        max(0, (m - 1) * step + k - n - 2 * p)
        for n, m, k, step, p in zip(shape, found, size, stride, padding, strict=True)
    ]


def _repeated(x, extra):
    height, width = x.shape[2:]
    rows = torch.arange(height + extra[0]).clamp(max=height - 1)
    return x[:, :, rows][..., torch.arange(width + extra[1]).clamp(max=width - 1)]


def _inside(places, count):
    """Return places, those outside of an axis replaced by one that the window has inside."""
    good = (places >= 0) & (places < count)
    first = places[np.arange(len(places)), good.argmax(axis=1)]
    return np.where(good, places, first[:, None])


def _adaptive(count, outputs):
    starts = np.arange(outputs) * count // outputs
    ends = -(-(np.arange(outputs) + 1) * count // outputs)
    return np.minimum(starts[:, None] + np.arange((ends - starts).max()), ends[:, None] - 1)


def _means(count, outputs):
    weights = np.zeros((outputs, count))
    for row, places in zip(weights, _adaptive(count, outputs), strict=True):
        row[places] = 1 / len(set(places))
    return weights


def _largest(call, input, rows, columns):
    """Return the maximum of windows that are given by the rows and columns that they visit."""
    down, right = torch.as_tensor(rows), torch.as_tensor(columns)

    def windows(x):
        return x[:, :, down.flatten()][..., right.flatten()]

    size = rows.shape[1], columns.shape[1]
    return call.builder.layer(MaxPooling(size, size), input.moved(windows, f"{call.builder.name} windows"))


def _even(places, found):
    return not any(n % m for n, m in zip(places, found, strict=True))


READERS = {
    "max_pool1d max_pool1d_with_indices": max_pool(1),
    "max_pool2d max_pool2d_with_indices": max_pool(2),
    "avg_pool1d": avg_pool(1),
    "avg_pool2d": avg_pool(2),
    "adaptive_avg_pool1d": adaptive_avg_pool(1),
    "adaptive_avg_pool2d": adaptive_avg_pool(2),
    "adaptive_max_pool1d adaptive_max_pool1d_with_indices": adaptive_max_pool(1),
    "adaptive_max_pool2d adaptive_max_pool2d_with_indices": adaptive_max_pool(2),
}
