"""Batch normalisation after training is a factor and an offset for each channel: put them into weights and biases."""

from dataclasses import replace

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import BatchNormalisation, Convolution, Dense, Layer


def fold_batch_normalisation(graph: Graph) -> Graph:
    r"""Return a graph without `BatchNormalisation` that computes the same.

    With the statistics :math:`\mu, \sigma^2` and the trained :math:`\gamma, \beta` it is a factor and an offset:

    .. math::

        W' = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} W, \qquad
        b' = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} (b - \mu) + \beta

    It goes into the convolution or dense layer before it, when nothing else takes that layer's
    output (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682); otherwise into the dense layers after it. Into a
    convolution after it, it does not go: padding with zeros comes after the offset. Where neither
    is possible it becomes a convolution of 1x1 for each channel, or for features a diagonal dense
    layer, and keeps its name.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        When it normalises something else than features or images.
    """
    changed: dict[str, Layer] = {}
    removed: set[str] = set()

    def layer_of(name):
        return changed.get(name, graph.nodes[name].layer)

    for name in graph.names(BatchNormalisation):
        factor, offset = affine(graph.layer(name, BatchNormalisation))
        (source,) = graph.nodes[name].inputs
        alone = len(graph.consumers(source)) == 1
        while source in removed:
            (source,) = graph.nodes[source].inputs
        if alone and isinstance(layer_of(source), Convolution | Dense):
            changed[source] = _after(layer_of(source), factor, offset)
            removed.add(name)
        elif all(isinstance(layer_of(consumer), Dense) for consumer in graph.consumers(name)):
            for consumer in graph.consumers(name):
                changed[consumer] = _before(layer_of(consumer), factor, offset)
            removed.add(name)
        else:
            changed[name] = _alone(name, factor, offset, len(graph.shapes[name]))
    return graph.with_layers(changed).without(removed)


def affine(layer: BatchNormalisation) -> tuple[np.ndarray, np.ndarray]:
    """Return factor and offset, each of shape (channels,), of a `BatchNormalisation`."""
    factor = layer.scale / np.sqrt(layer.variance + layer.epsilon)
    return factor, layer.shift - factor * layer.mean


def _after(layer, factor, offset):
    weights = layer.weights * factor.reshape(-1, *(1,) * (layer.weights.ndim - 1))
    return replace(layer, weights=weights, bias=layer.bias * factor + offset)


def _before(layer, factor, offset):
    return replace(layer, weights=layer.weights * factor, bias=layer.bias + layer.weights @ offset)


def _alone(name, factor, offset, ndim):
    if ndim == 1:
        return Dense(np.diag(factor), offset)
    if ndim == 3:
        return Convolution(factor.reshape(-1, 1, 1, 1), offset, groups=len(factor))
    raise ConversionError(f"{name}: normalises {ndim} axes; expected (features,) or (channels, height, width)")
