"""Linear layers as sparse matrices, so that what lies between two spiking layers becomes synapses."""

from functools import singledispatch

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import sparse

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers, maps
from stdpnet.conversion.graph.windows import window_places


@singledispatch
def matrices(layer: layers.Layer, *shapes: tuple[int, ...]) -> list[sparse.csr_array]:
    """Return a sparse matrix for each input of a linear layer, from that input's values in a row to the output's.

    Parameters
    ----------
    layer : Layer
    *shapes : tuple of int
        Of each input.

    Returns
    -------
    list of scipy.sparse.csr_array, shape (outputs, inputs)

    Raises
    ------
    ConversionError
        When the layer is not linear.
    """
    raise ConversionError(f"a {type(layer).__name__} is not linear")


@matrices.register(layers.Flatten)
@matrices.register(layers.Add)
@matrices.register(layers.Output)
def _same(layer, *shapes):
    return [sparse.eye_array(int(np.prod(shape)), format="csr") for shape in shapes]


@matrices.register
def _concatenate(layer: layers.Concatenate, *shapes):
    sizes = [int(np.prod(shape)) for shape in shapes]
    starts = np.cumsum([0, *sizes])
    return [
        sparse.eye_array(starts[-1], size, k=-start, format="csr") for size, start in zip(sizes, starts, strict=False)
    ]


@matrices.register
def _dense(layer: layers.Dense, shape):
    return [sparse.csr_array(layer.weights.astype(float))]


@matrices.register
def _map(layer: maps.LinearMap, shape):
    weights = np.broadcast_to(layer.weights, layer.places.shape).reshape(len(layer.places), -1)
    return [_matrix(layer.places.reshape(len(layer.places), -1).T, weights.T, shape)]


@matrices.register
def _average(layer: layers.AveragePooling, shape):
    visited = np.stack([padded_places(layer, shape)[place].ravel() for place in window_places(layer, shape)], axis=1)
    return [_matrix(visited, np.full(visited.shape, 1 / visited.shape[1]), shape)]


@matrices.register
def _convolution(layer: layers.Convolution, shape):
    rows, columns = layer.weights.shape[2:]
    spans = [d * (n - 1) + 1 for d, n in zip(layer.dilation, (rows, columns), strict=True)]
    windows = sliding_window_view(padded_places(layer, shape), spans, axis=(1, 2))  # type: ignore[call-overload]
    windows = windows[:, :: layer.stride[0], :: layer.stride[1], :: layer.dilation[0], :: layer.dilation[1]]
    # (groups, height * width, inputs of a group * window)
    windows = windows.reshape(layer.groups, -1, *windows.shape[1:]).transpose(0, 2, 3, 1, 4, 5)
    windows = windows.reshape(layer.groups, windows.shape[1] * windows.shape[2], -1)
    visited = np.repeat(windows, len(layer.weights) // layer.groups, axis=0)
    weights = np.broadcast_to(layer.weights.reshape(len(layer.weights), 1, -1), visited.shape)
    return [_matrix(visited.reshape(-1, visited.shape[-1]), weights.reshape(-1, visited.shape[-1]), shape)]


def bias(layer: layers.Layer, shape: tuple[int, ...]) -> np.ndarray:
    """Return what a linear layer adds to each value of its output of the given shape, in a row."""
    if isinstance(layer, layers.Dense | layers.Convolution):
        return np.broadcast_to(layer.bias.reshape(-1, *(1,) * (len(shape) - 1)), shape).ravel()
    if isinstance(layer, maps.LinearMap):
        return np.broadcast_to(layer.bias, shape).ravel()
    return np.zeros(int(np.prod(shape)))


def padded_places(layer: layers.Pooling | layers.Convolution, shape: tuple[int, ...]) -> np.ndarray:
    """Return the numbers of an image's places, with -1 on the borders that a layer adds."""
    numbers = np.arange(np.prod(shape)).reshape(shape)
    return np.pad(numbers, ((0, 0), *((n, n) for n in layer.padding)), constant_values=-1)


def _matrix(visited, weights, shape):
    """Return the matrix whose row `r` has ``weights[r]`` in the columns ``visited[r]``, without the borders."""
    inside = visited >= 0
    rows = np.broadcast_to(np.arange(len(visited))[:, None], visited.shape)[inside]
    return sparse.csr_array((weights[inside], (rows, visited[inside])), shape=(len(visited), int(np.prod(shape))))
