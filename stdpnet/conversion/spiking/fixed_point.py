"""Round weights so that sums over spikes are exact: the same bits in whatever order they are added."""

from dataclasses import replace
from functools import singledispatch
from typing import NamedTuple

import numpy as np

from stdpnet.conversion.graph import layers, maps
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.lean import LARGE, row_parts
from stdpnet.conversion.spiking.encoding import PoissonInput
from stdpnet.conversion.spiking.neurons import Neurons

#: Bits of a single-precision significand, less one, since rounding can make a sum larger.
BITS = 23


class Range(NamedTuple):
    """Values that are multiples of `unit`, a power of two, and not above `limit` in size."""

    unit: float
    limit: float


def fixed_point(graph: Graph) -> Graph:
    """Return a spiking graph with the weights and biases of layers that take spikes rounded to fixed-point numbers.

    Each neuron's weights become multiples of a power of two, 2 ** -23 of the largest sum that they can
    give or a little more. Every sum of weights of spikes is then a number that single precision holds,
    so that it does not depend on the order of the addition: not on the batch, the number of threads,
    the library. Left as they are: layers whose input is not a multiple of a power of two, namely
    analogue images, sums of weights, and averages over windows whose size is no power of two.
    """
    changed: dict[str, layers.Layer] = {}
    ranges: dict[str, Range | None] = {}
    for name, node in graph.nodes.items():
        given = [ranges[source] for source in node.inputs]
        if given and given[0] and isinstance(node.layer, layers.Dense | layers.Convolution):
            changed[name] = rounded(node.layer, given[0])
        elif given and given[0] and isinstance(node.layer, maps.LinearMap) and not node.layer.selects:
            changed[name] = _rounded_map(node.layer, given[0])
        ranges[name] = value_range(node.layer, *given)
    return graph.with_layers(changed)


def rounded(layer: layers.Dense | layers.Convolution, given: Range) -> layers.Dense | layers.Convolution:
    """Return a layer with fixed-point weights and bias for inputs in a `Range`."""
    axes, parts = tuple(range(1, layer.weights.ndim)), row_parts(layer.weights)
    sums = np.concatenate([np.abs(layer.weights[part]).sum(axis=axes) for part in parts])
    unit = _unit(sums * given.limit + np.abs(layer.bias))
    # single precision holds them; of layers that are not large, other code may add them up
    kind = np.float32 if isinstance(layer, layers.Dense) and layer.weights.size >= LARGE else np.float64
    weights = np.concatenate([_nearest(layer.weights[part], (unit / given.unit)[part]).astype(kind) for part in parts])
    return replace(layer, weights=weights, bias=_nearest(layer.bias, unit))


def _rounded_map(layer, given):
    weights = np.broadcast_to(layer.weights, layer.places.shape)
    unit = _unit(np.abs(weights).sum(axis=0) * given.limit + np.abs(layer.bias))
    weights = np.round(weights * given.unit / unit) * (unit / given.unit)
    return replace(layer, weights=weights, bias=np.round(layer.bias / unit) * unit)


def _unit(largest):
    return 2.0 ** (np.ceil(np.log2(np.where(largest > 0, largest, 1))) - BITS)


def _nearest(values, unit):
    unit = unit.reshape(-1, *(1,) * (values.ndim - 1))
    return np.round(values / unit) * unit


@singledispatch
def value_range(layer: layers.Layer, *given: Range | None) -> Range | None:
    """Return the `Range` of a layer's output for inputs in given ranges, or None if its values are arbitrary."""
    return None


@value_range.register(PoissonInput)
@value_range.register(Neurons)
def _spikes(layer, *given):
    return Range(1.0, 1.0)


@value_range.register(layers.Flatten)
@value_range.register(layers.MaxPooling)
def _same(layer, given):
    return given


@value_range.register
def _map(layer: maps.LinearMap, given):
    return given if layer.selects else None


@value_range.register
def _average(layer: layers.AveragePooling, given):
    places = layer.size[0] * layer.size[1]
    return Range(given.unit / places, given.limit) if given and places & (places - 1) == 0 else None


@value_range.register(layers.Add)
@value_range.register(layers.Concatenate)
def _several(layer, *given):
    if not all(given):
        return None
    limits = [part.limit for part in given]
    return Range(min(part.unit for part in given), sum(limits) if isinstance(layer, layers.Add) else max(limits))
