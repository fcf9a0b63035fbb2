"""From a spiking network of what NIR can say to a NIR graph."""

import re
from functools import singledispatch

import nir
import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.exchange.concatenation import without_concatenation
from stdpnet.conversion.graph import layers, maps
from stdpnet.conversion.graph.lean import single
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire

#: A potential above this one is at least 1, where neurons of NIR spike above their threshold and ours at it.
BELOW_ONE = np.nextafter(np.float32(1), np.float32(0))


def to_nir(network: SpikingNetwork) -> nir.NIRGraph:
    """Return a network as a NIR graph.

    A node of several inputs takes their sum, so that additions need no node, and concatenations become additions.

    Parameters
    ----------
    network : SpikingNetwork
        From `sayable`.

    Returns
    -------
    nir.NIRGraph
        Its nodes have the names of the network's, with nothing but letters, digits and underscores.

    Raises
    ------
    ConversionError
        Naming the node that has no counterpart.
    """
    graph, nodes, edges = without_concatenation(network.graph), {}, []
    names = _names(graph.nodes)
    ends: dict[str, list[str]] = {}
    for name, node in graph.nodes.items():
        sources = [end for source in node.inputs for end in ends[source]]
        if isinstance(node.layer, layers.Add):
            ends[name] = sources
            continue
        shape = graph.shapes[node.inputs[0]] if node.inputs else ()
        try:
            nodes[names[name]] = node_of(node.layer, shape)
        except ConversionError as error:
            raise ConversionError(f"{name}: {error}") from None
        if len(set(sources)) < len(sources):
            raise ConversionError(f"{name}: takes the same values twice; NIR has one connection between two nodes")
        edges += [(source, names[name]) for source in sources]
        ends[name] = [names[name]]
    return nir.NIRGraph(nodes, edges)


@singledispatch
def node_of(layer: layers.Layer, shape: tuple[int, ...]) -> nir.NIRNode:
    """Return the NIR node for a layer.

    Parameters
    ----------
    layer : Layer
    shape : tuple of int
        Of its input.

    Returns
    -------
    nir.NIRNode

    Raises
    ------
    ConversionError
        When there is none.
    """
    raise ConversionError(f"NIR has no node for a {type(layer).__name__}")


@node_of.register
def _input(layer: AnalogueInput, shape):
    return nir.Input(np.array(layer.shape))


@node_of.register
def _output(layer: layers.Output, shape):
    return nir.Output(np.array(shape))


@node_of.register
def _dense(layer: layers.Dense, shape):
    return nir.Affine(*map(single, (layer.weights, layer.bias)))


@node_of.register
def _convolution(layer: layers.Convolution, shape):
    height, width = layer.weights.shape[2:]
    if height != width:
        raise ConversionError(f"a kernel of {height}x{width}; the package nir takes all for square")
    weights, bias = single(_without_groups(layer)), single(layer.bias)
    return nir.Conv2d(shape[1:], weights, layer.stride, layer.padding, layer.dilation, 1, bias)


@node_of.register
def _average(layer: layers.AveragePooling, shape):
    if any(layer.padding):  # NIR leaves open whether the border counts; a convolution does not
        weights = np.full((shape[0], 1, *layer.size), 1 / np.prod(layer.size))
        return node_of(
            layers.Convolution(weights, np.zeros(shape[0]), layer.stride, layer.padding, groups=shape[0]), shape
        )
    return nir.AvgPool2d(*(np.array(pair) for pair in (layer.size, layer.stride, layer.padding)))


@node_of.register
def _flatten(layer: layers.Flatten, shape):
    return nir.Flatten({"input": np.array(shape)}, 0, -1)


@node_of.register
def _map(layer: maps.LinearMap, shape):
    own = len(layer.places) == 1 and (layer.places.ravel() == np.arange(np.prod(shape))).all()
    if not own or layer.shape != shape or layer.bias.any():
        raise ConversionError("selects, repeats or adds up single values, for which NIR has no node")
    return nir.Scale(single(np.broadcast_to(layer.weights[0], shape)))


@node_of.register
def _neurons(layer: IntegrateAndFire, shape):
    return nir.IF(*(np.full(shape, value, np.float32) for value in (1, BELOW_ONE, 0)))


def _without_groups(layer):
    """Return the weights of a convolution of one group: of several, the package nir counts the channels of one."""
    if layer.groups == 1:
        return layer.weights
    outputs, inputs = len(layer.weights) // layer.groups, layer.weights.shape[1]
    weights = np.zeros((len(layer.weights), inputs * layer.groups, *layer.weights.shape[2:]))
    for group in range(layer.groups):
        rows = slice(group * outputs, (group + 1) * outputs)
        weights[rows, group * inputs : (group + 1) * inputs] = layer.weights[rows]
    return weights


def _names(nodes):
    """Return for each name one that can be a group of HDF5 and an attribute in Python, no two the same."""
    found: dict[str, str] = {}
    for name in nodes:
        plain = re.sub(r"\W", "_", name, flags=re.ASCII)
        plain = f"node_{plain}" if not plain or plain[0].isdigit() else plain
        while plain in found.values():
            plain += "_"
        found[name] = plain
    return found
