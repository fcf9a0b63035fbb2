"""How many connections lead on from each value: what one spike costs."""

from functools import singledispatch

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers, maps
from stdpnet.conversion.graph.lean import row_parts
from stdpnet.conversion.spiking.lif import AlphaSynapse


@singledispatch
def leading_on(layer: layers.Layer, reached: np.ndarray, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Return for each value of the inputs how many paths lead on from it.

    Weights of exactly 0 are no connections, nor are those to padded places.

    Parameters
    ----------
    layer : Layer
        Linear.
    reached : ndarray, shape of the output
        Paths that lead on from each value of the output; ones to count the layer's own connections.
    *shapes : tuple of int
        Of each input.

    Returns
    -------
    list of ndarray
        For each input, of its shape.

    Raises
    ------
    ConversionError
        When the layer is not linear.
    """
    raise ConversionError(f"{type(layer).__name__}: not a linear layer, so it has no connections to count")


@leading_on.register
def _dense(layer: layers.Dense, reached, shape):
    total = np.zeros(shape)
    for part in row_parts(layer.weights):
        total += reached[part] @ (layer.weights[part] != 0)
    return [total]


@leading_on.register
def _convolution(layer: layers.Convolution, reached, shape):
    connected = (layer.weights != 0).reshape(layer.groups, -1, *layer.weights.shape[1:])
    places = int(np.prod(reached.shape[1:]))
    rows = reached.reshape(layer.groups, len(reached) // layer.groups, places).astype(float)

    def through(row, column):
        paths = connected[..., row, column].swapaxes(1, 2).astype(float) @ rows  # whole numbers: exact
        return paths.reshape(-1, *reached.shape[1:])

    return [_gather(through, layer.weights.shape[2:], layer, layer.dilation, shape)]


@leading_on.register
def _average(layer: layers.AveragePooling, reached, shape):
    return [_gather(lambda row, column: reached, layer.size, layer, (1, 1), shape)]


@leading_on.register
def _map(layer: maps.LinearMap, reached, shape):
    inside = (layer.places >= 0) & (layer.weights != 0)
    paths = np.broadcast_to(reached, layer.places.shape)[inside]
    return [np.bincount(layer.places[inside], paths, int(np.prod(shape))).reshape(shape)]


@leading_on.register
def _flatten(layer: layers.Flatten, reached, shape):
    return [reached.reshape(shape)]


@leading_on.register
def _synapse(layer: AlphaSynapse, reached, shape):
    return [reached]


@leading_on.register
def _add(layer: layers.Add, reached, *shapes):
    return [reached for _ in shapes]


@leading_on.register
def _concatenate(layer: layers.Concatenate, reached, *shapes):
    return np.split(reached, np.cumsum([shape[0] for shape in shapes])[:-1])


def _gather(through, size, layer, dilation, shape):
    """Return the sum over the places of a window, each put where the window's positions have it in the input."""
    (rows, columns), (down, right) = layer.padding, layer.stride
    total = np.zeros((shape[0], shape[1] + 2 * rows, shape[2] + 2 * columns))
    for row in range(size[0]):
        for column in range(size[1]):
            paths = through(row, column)
            _, height, width = paths.shape
            top, left = row * dilation[0], column * dilation[1]
            total[:, top : top + down * (height - 1) + 1 : down, left : left + right * (width - 1) + 1 : right] += paths
    return total[:, rows : rows + shape[1], columns : columns + shape[2]]
