"""The largest values that a layer can reach, from its weights alone."""

from functools import singledispatch

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers, maps
from stdpnet.conversion.graph.graph import Graph

#: Least and greatest value of each channel.
Bounds = tuple[np.ndarray, np.ndarray]


def relu_bounds(graph: Graph, low: float, high: float, per_channel: bool) -> dict[str, np.ndarray]:
    """Return the largest output that each ReLU can have, for any image with values in a range.

    The model-based normalisation of Diehl et al. (2015): the sum of the positive weights of a
    neuron, with all that come before it at their largest, here with the bias; its inputs may also be negative.

    Parameters
    ----------
    graph : Graph
    low, high : float
        Range of the images.
    per_channel : bool
        Whether a layer's channels have bounds of their own or share the largest.

    Returns
    -------
    dict of str to ndarray, shape (channels,) each
    """
    found, bounds = {}, {}
    for name, node in graph.nodes.items():
        if isinstance(node.layer, layers.Input):
            bounds[name] = np.full(node.layer.shape[0], low), np.full(node.layer.shape[0], high)
            continue
        bounds[name] = lower, upper = limits(node.layer, *(bounds[source] for source in node.inputs))
        if isinstance(node.layer, layers.ReLU):
            found[name] = upper if per_channel else np.full_like(upper, upper.max())
            bounds[name] = lower, found[name]
        if isinstance(node.layer, layers.Flatten):
            places = graph.shapes[name][0] // len(upper)
            bounds[name] = np.repeat(lower, places), np.repeat(upper, places)
    return found


@singledispatch
def limits(layer: layers.Layer, *bounds: Bounds) -> Bounds:
    """Return the least and greatest output of each channel.

    Parameters
    ----------
    layer : Layer
    *bounds : tuple of ndarray, shape (channels,) each
        Least and greatest value of each channel, of each input.

    Returns
    -------
    tuple of ndarray, shape (channels,) each

    Raises
    ------
    ConversionError
        When no bounds are known for such a layer.
    """
    raise ConversionError(f"{type(layer).__name__}: no bounds are known for this layer; simplify the graph first")


@limits.register(layers.MaxPooling)
@limits.register(layers.Flatten)
@limits.register(layers.Output)
def _same(layer, bounds):
    return bounds


@limits.register
def _average(layer: layers.AveragePooling, bounds):
    return _with_padding(*bounds) if any(layer.padding) else bounds


def _with_padding(lower, upper):
    """Return the bounds of a channel some of whose places are padded, with 0."""
    return np.minimum(lower, 0), np.maximum(upper, 0)


@limits.register
def _rectify(layer: layers.ReLU, bounds):
    return tuple(np.clip(bound, 0, layer.bound) for bound in bounds)


@limits.register
def _add(layer: layers.Add, *bounds):
    return tuple(sum(part) for part in zip(*bounds, strict=True))


@limits.register
def _concatenate(layer: layers.Concatenate, *bounds):
    return tuple(np.concatenate(part) for part in zip(*bounds, strict=True))


@limits.register
def _dense(layer: layers.Dense, bounds):
    lower, upper = bounds
    positive, negative = np.maximum(layer.weights, 0), np.minimum(layer.weights, 0)
    return positive @ lower + negative @ upper + layer.bias, positive @ upper + negative @ lower + layer.bias


@limits.register
def _map(layer: maps.LinearMap, bounds):
    # channel -1, of no place, is a zero behind the others
    lower, upper = (np.append(bound, 0)[layer.channels] for bound in bounds)
    positive, negative = np.maximum(layer.weights, 0), np.minimum(layer.weights, 0)
    low = (positive * lower + negative * upper).sum(axis=0) + layer.bias
    high = (positive * upper + negative * lower).sum(axis=0) + layer.bias
    return low.reshape(len(low), -1).min(axis=1), high.reshape(len(high), -1).max(axis=1)


@limits.register
def _convolve(layer: layers.Convolution, bounds):
    outputs = len(layer.weights) // layer.groups
    lower, upper = (np.repeat(b.reshape(layer.groups, -1), outputs, axis=0) for b in _with_padding(*bounds))
    positive = np.maximum(layer.weights, 0).sum(axis=(2, 3))
    negative = np.minimum(layer.weights, 0).sum(axis=(2, 3))
    low = (positive * lower + negative * upper).sum(axis=1) + layer.bias
    return low, (positive * upper + negative * lower).sum(axis=1) + layer.bias
