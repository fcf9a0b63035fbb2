"""Layers without a state in PyTorch, for a block of time steps at once.

Values have the shape (steps, images, *shape). Since no layer feeds back into one before it, a
layer takes the spikes of several steps in one call. Images lie in memory with the channels
last, which suits both the convolutions and the strided sums of the pooling.
"""

from collections.abc import Callable
from functools import reduce, singledispatch

import numpy as np
import torch
from torch.nn import functional

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers, maps
from stdpnet.conversion.graph.windows import window_places


@singledispatch
def build(layer: layers.Layer, shape: tuple[int, ...], dtype: torch.dtype) -> Callable:
    """Return a function for a layer, from blocks of its inputs to a block of its output.

    Parameters
    ----------
    layer : Layer
    shape : tuple of int
        Of the first input.
    dtype : torch.dtype

    Returns
    -------
    callable
        From tensors (steps, n_images, *shape of an input) to one (steps, n_images, *shape of the output).

    Raises
    ------
    ConversionError
        When a spiking network has no such layer.
    """
    raise ConversionError(f"a {type(layer).__name__} cannot be simulated; expected the layers of a spiking network")


@build.register
def _output(layer: layers.Output, shape, dtype):
    return lambda x: x


@build.register
def _dense(layer: layers.Dense, shape, dtype):
    weights, bias = _parameters(layer, dtype)
    return lambda x: functional.linear(x, weights, bias)


@build.register
def _convolution(layer: layers.Convolution, shape, dtype):
    weights, bias = _parameters(layer, dtype)
    weights = weights.to(memory_format=torch.channels_last)
    options = layer.stride, layer.padding, layer.dilation, layer.groups
    return _each_image(lambda x: functional.conv2d(channels_last(x), weights, bias, *options))


@build.register
def _average(layer: layers.AveragePooling, shape, dtype):
    places = window_places(layer, shape)

    def average(x):
        x = padded(x, layer, 0)
        return reduce(torch.add, (x[place] for place in places)) / len(places)

    return _each_image(average)


@build.register
def _add(layer: layers.Add, shape, dtype):
    return lambda first, *others: sum(others, start=first)


@build.register
def _concatenate(layer: layers.Concatenate, shape, dtype):
    return lambda *inputs: torch.cat(inputs, dim=2)


@build.register
def _flatten(layer: layers.Flatten, shape, dtype):
    return lambda x: x.flatten(2)


@build.register
def _map(layer: maps.LinearMap, shape, dtype):
    if layer.reshapes:
        return lambda x: x.flatten(2).unflatten(2, layer.shape)
    size = int(np.prod(shape))
    places = [torch.as_tensor(np.where(term < 0, size, term).ravel()) for term in layer.places.astype(int)]
    weights = [
        torch.tensor(term, dtype=dtype)
        for term in np.broadcast_to(layer.weights, (len(places), *layer.weights.shape[1:]))
    ]
    bias, padded, selects = torch.tensor(layer.bias, dtype=dtype), bool((layer.places < 0).any()), layer.selects

    def gather(x):
        rows = functional.pad(x.flatten(2), (0, 1)) if padded else x.flatten(2)
        terms = (rows[..., term].unflatten(2, layer.shape) for term in places)
        if selects:
            return next(terms)
        return sum((term * weight for term, weight in zip(terms, weights, strict=True)), start=bias)

    return gather


def channels_last(x: torch.Tensor) -> torch.Tensor:
    """Return images in memory with the channels last; they may be so already."""
    return x.contiguous(memory_format=torch.channels_last)


def padded(x: torch.Tensor, layer: layers.Pooling, value: float) -> torch.Tensor:
    """Return images with the borders that a pooling layer asks for.

    Parameters
    ----------
    x : tensor, shape (n_images, channels, height, width)
    layer : Pooling
    value : float
        In the borders.

    Returns
    -------
    tensor, shape (n_images, channels, height + 2 * padding, width + 2 * padding)
    """
    rows, columns = layer.padding
    return functional.pad(x, (columns, columns, rows, rows), value=value) if rows or columns else x


def _parameters(layer, dtype):
    return (torch.as_tensor(array, dtype=dtype) for array in (layer.weights, layer.bias))


def _each_image(function):
    return lambda x: function(x.flatten(0, 1)).unflatten(0, x.shape[:2])
