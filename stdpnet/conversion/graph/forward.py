"""The analogue network in NumPy: what a `Graph` computes, in the precision of its images."""

import sys
from collections import deque
from collections.abc import Iterator
from functools import reduce, singledispatch

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import endings, layers, maps
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.windows import window_places


def forward(graph: Graph, images: np.ndarray) -> dict[str, np.ndarray]:
    """Return the output of every node.

    Parameters
    ----------
    graph : Graph
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
        Their type is that of the whole computation.

    Returns
    -------
    dict of str to ndarray, shape (n_images, *shape of the node)

    Raises
    ------
    ConversionError
        When the images have another type or shape, or a layer cannot be computed.
    """
    return dict(outputs(graph, images))


def scores(graph: Graph, images: np.ndarray) -> np.ndarray:
    """Return the output of the last node; parameters and errors as for `forward`."""
    ((_, last),) = deque(outputs(graph, images), maxlen=1)
    return last


def outputs(graph: Graph, images: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and output of each node, in order, and let go of an output once nothing needs it.

    A convolution takes memory for its input once per place of its window: keep batches of large
    images small. Parameters are those of `forward`.

    Yields
    ------
    tuple of str and ndarray

    Raises
    ------
    ConversionError
        As `forward`.
    """
    images = np.asarray(images)
    (source,) = graph.names(layers.Input)
    if images.dtype not in (np.float32, np.float64):
        raise ConversionError(f"images are {images.dtype}; expected float32 or float64, in the range of the training")
    if images.shape[1:] != graph.shapes[source] or len(images) == 0:
        raise ConversionError(f"images have shape {images.shape}; expected (n_images, *{graph.shapes[source]})")
    last_use = {needed: name for name, node in graph.nodes.items() for needed in node.inputs}
    kept: dict[str, np.ndarray] = {}
    for name, node in graph.nodes.items():
        taken = [kept[needed] for needed in node.inputs] or [images]
        kept[name] = compute(node.layer, *taken)
        yield name, kept[name]
        for needed in set(node.inputs):
            if last_use[needed] == name:
                del kept[needed]


#: Values that a layer may take at once, with its windows laid out: 128 MB in single precision.
ROOM = 2**25
#: Images in one forward pass, at most.
MOST = 50
#: Values in the windows of a convolution, in single precision, from which on PyTorch computes it if it is loaded.
MANY = 2**22


def images_at_once(graph: Graph) -> int:
    """Return how many images to compute together, so that memory does not grow with their size."""
    sizes = []
    for name, node in graph.nodes.items():
        values = int(np.prod(graph.shapes[name]))
        if isinstance(node.layer, layers.Convolution):  # each place has its window beside the others
            values = values // len(node.layer.weights) * node.layer.weights[0].size * node.layer.groups
        sizes.append(values)
    return max(1, min(MOST, ROOM // max(sizes)))


@singledispatch
def compute(layer: layers.Layer, *inputs: np.ndarray) -> np.ndarray:
    """Return the output of one layer.

    Parameters
    ----------
    layer : Layer
    *inputs : ndarray, shape (n_images, *shape of the input)

    Returns
    -------
    ndarray, shape (n_images, *shape of the output)

    Raises
    ------
    ConversionError
        When the analogue network has no such layer.

    Examples
    --------
    >>> compute(layers.ReLU(), np.array([[-1.0, 2.0]]))
    array([[0., 2.]])
    """
    raise ConversionError(f"{type(layer).__name__}: the analogue network has no such layer")


@compute.register(layers.Input)
@compute.register(layers.Output)
@compute.register(layers.Dropout)
def _same(layer, x):
    return x


@compute.register
def _dense(layer: layers.Dense, x):
    return x @ layer.weights.T.astype(x.dtype, copy=False) + layer.bias.astype(x.dtype, copy=False)


@compute.register
def _convolution(layer: layers.Convolution, x):
    weights, bias = (array.astype(x.dtype, copy=False) for array in (layer.weights, layer.bias))
    windows = _windows(_padded(x, layer.padding, 0), weights.shape[2:], layer.stride, layer.dilation)
    n, _, height, width = windows.shape[:4]
    if windows.size >= MANY and x.dtype == np.float32 and "torch" in sys.modules:
        return _by_torch(layer, x, weights, bias)
    # One matrix product per image and group: (outputs, inputs * window) with (inputs * window, places).
    columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, layer.groups, -1, height * width)
    products = weights.reshape(layer.groups, len(weights) // layer.groups, -1) @ columns
    return products.reshape(n, len(weights), height, width) + bias[:, None, None]


def _by_torch(layer, x, weights, bias):
    """Return the same from PyTorch, which lays out no windows: many times faster where they are many."""
    import torch

    options = layer.stride, layer.padding, layer.dilation, layer.groups
    with torch.no_grad():
        return torch.nn.functional.conv2d(*map(torch.as_tensor, (x, weights, bias)), *options).numpy()


@compute.register
def _average(layer: layers.AveragePooling, x):
    return _windows(_padded(x, layer.padding, 0), layer.size, layer.stride).mean(axis=(-2, -1))


@compute.register
def _maximum(layer: layers.MaxPooling, x):
    padded = _padded(x, layer.padding, -np.inf)
    return reduce(np.maximum, (padded[place] for place in window_places(layer, x.shape[1:])))


@compute.register
def _add(layer: layers.Add, *inputs):
    return sum(inputs[1:], start=inputs[0])


@compute.register
def _concatenate(layer: layers.Concatenate, *inputs):
    return np.concatenate(inputs, axis=1)


@compute.register
def _flatten(layer: layers.Flatten, x):
    return x.reshape(len(x), -1)


@compute.register
def _rectify(layer: layers.ReLU, x):
    if layer.bound is None:
        return np.maximum(x, 0)
    bound = np.reshape(layer.bound, (-1, *(1,) * (x.ndim - 2))).astype(x.dtype)
    x = np.clip(x, 0, bound)
    return np.floor(x * (layer.levels / bound) + x.dtype.type(0.5)) * (bound / layer.levels) if layer.levels else x


@compute.register
def _normalise(layer: layers.BatchNormalisation, x):
    scale, shift, mean, variance = (
        array.astype(x.dtype, copy=False).reshape(-1, *(1,) * (x.ndim - 2))
        for array in (layer.scale, layer.shift, layer.mean, layer.variance)
    )
    return scale * (x - mean) / np.sqrt(variance + x.dtype.type(layer.epsilon)) + shift


@compute.register
def _affine(layer: maps.Affine, x):
    factor, offset = (
        array.astype(x.dtype, copy=False).reshape(-1, *(1,) * (x.ndim - 2)) for array in (layer.factor, layer.offset)
    )
    return factor * x + offset


@compute.register
def _map(layer: maps.LinearMap, x):
    if layer.reshapes:
        return x.reshape(len(x), *layer.shape)
    # place -1 is that of a zero behind the values
    rows = np.concatenate([x.reshape(len(x), -1), np.zeros((len(x), 1), x.dtype)], axis=1)
    weights = np.broadcast_to(layer.weights.astype(x.dtype, copy=False), layer.places.shape)
    terms = (rows[:, places] * weight for places, weight in zip(layer.places, weights, strict=True))
    return sum(terms, start=layer.bias.astype(x.dtype, copy=False))


@compute.register
def _sigmoid(layer: endings.Sigmoid, x):
    return (1 + np.tanh(x / 2)) / 2


@compute.register
def _tanh(layer: endings.Tanh, x):
    return np.tanh(x)


@compute.register
def _softmax(layer: layers.Softmax, x):
    exponentials = np.exp(x - x.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@compute.register
def _logarithm_of_softmax(layer: layers.LogSoftmax, x):
    x = x - x.max(axis=1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


def _padded(x, padding, value):
    return np.pad(x, ((0, 0), (0, 0), *((p, p) for p in padding)), constant_values=value)


def _windows(x, size, stride, dilation=(1, 1)):
    """Return the windows of images: (images, channels, height, width, window height, window width)."""
    spans = [d * (s - 1) + 1 for s, d in zip(size, dilation, strict=True)]
    windows = sliding_window_view(x, spans, axis=(2, 3))
    return windows[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
