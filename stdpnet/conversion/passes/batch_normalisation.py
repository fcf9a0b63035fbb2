"""A factor and an offset for each channel, as of batch normalisation: put them into weights and biases."""

from dataclasses import replace

import numpy as np

from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import BatchNormalisation, Convolution, Dense, Layer
from stdpnet.conversion.graph.maps import Affine, scaled


def fold_batch_normalisation(graph: Graph) -> Graph:
    r"""Return a graph without `BatchNormalisation` and `Affine` that computes the same.

    With the statistics :math:`\mu, \sigma^2` and the trained :math:`\gamma, \beta` it is a factor and an offset:

    .. math::

        W' = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} W, \qquad
        b' = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} (b - \mu) + \beta

    It goes into the convolution or dense layer before it, when nothing else takes that layer's
    output (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682); otherwise into the layers after it. Into a
    convolution that pads, an offset does not go: padding with zeros comes after it. Where neither
    is possible it becomes a convolution of 1x1 for each channel, or a `LinearMap`, and keeps its name.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    Graph
    """
    changed: dict[str, Layer] = {}
    removed: set[str] = set()

    def layer_of(name):
        return changed.get(name, graph.nodes[name].layer)

    for name in graph.names(BatchNormalisation, Affine):
        factor, offset = affine(graph.nodes[name].layer)
        (source,) = graph.nodes[name].inputs
        alone = len(graph.consumers(source)) == 1
        while source in removed:
            (source,) = graph.nodes[source].inputs
        if alone and isinstance(layer_of(source), Convolution | Dense):
            changed[source] = _after(layer_of(source), factor, offset)
            removed.add(name)
        elif all(_takes(layer_of(consumer), offset) for consumer in graph.consumers(name)):
            for consumer in graph.consumers(name):
                changed[consumer] = _before(layer_of(consumer), factor, offset)
            removed.add(name)
        else:
            changed[name] = _alone(factor, offset, graph.shapes[name])
    return graph.with_layers(changed).without(removed)


def affine(layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """Return factor and offset, each of shape (channels,), of a `BatchNormalisation` or an `Affine`.

    Raises
    ------
    TypeError
        When it is another layer.
    """
    if isinstance(layer, Affine):
        return layer.factor, layer.offset
    if not isinstance(layer, BatchNormalisation):
        raise TypeError(f"a {type(layer).__name__} has no factor and offset")
    factor = layer.scale / np.sqrt(layer.variance + layer.epsilon)
    return factor, layer.shift - factor * layer.mean


def _after(layer, factor, offset):
    weights = layer.weights * factor.reshape(-1, *(1,) * (layer.weights.ndim - 1))
    return replace(layer, weights=weights, bias=layer.bias * factor + offset)


def _takes(layer, offset):
    return isinstance(layer, Dense) or (isinstance(layer, Convolution) and not (any(layer.padding) and offset.any()))


def _before(layer, factor, offset):
    if isinstance(layer, Dense):
        return replace(layer, weights=layer.weights * factor, bias=layer.bias + layer.weights @ offset)
    factor, offset = (
        np.repeat(array.reshape(layer.groups, -1), len(layer.weights) // layer.groups, axis=0)
        for array in (factor, offset)
    )
    bias = layer.bias + (layer.weights.sum(axis=(2, 3)) * offset).sum(axis=1)
    return replace(layer, weights=layer.weights * factor[:, :, None, None], bias=bias)


def _alone(factor, offset, shape):
    if len(shape) == 3:
        return Convolution(factor.reshape(-1, 1, 1, 1), offset, groups=len(factor))
    factor, offset = (array.reshape(-1, *(1,) * (len(shape) - 1)) for array in (factor, offset))
    return scaled(np.broadcast_to(factor, shape), offset)
