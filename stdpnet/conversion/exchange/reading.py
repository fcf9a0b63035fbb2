"""From a NIR graph to a spiking network."""

from functools import singledispatch
from graphlib import CycleError, TopologicalSorter

import nir
import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers, maps
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.passes.batch_normalisation import fold_batch_normalisation
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import MembranePotential

#: Why a node cannot be read.
REFUSED = {
    nir.LIF: "neurons that leak; expected nir.IF",
    nir.CubaLIF: "neurons that leak; expected nir.IF",
    nir.LI: "a leaky integrator; expected nir.I before the output, or none",
    nir.CubaLI: "a leaky integrator; expected nir.I before the output, or none",
    nir.I: "an integrator that is not read out; expected nir.I before the output only",
    nir.Delay: "a delay; networks here have none",
    nir.Threshold: "a threshold without neurons; expected nir.IF",
    nir.NIRGraph: "a graph within the graph; expected its nodes themselves",
}


def from_nir(graph: nir.NIRGraph) -> SpikingNetwork:
    """Return a NIR graph as a spiking network.

    Parameters
    ----------
    graph : nir.NIRGraph

    Returns
    -------
    SpikingNetwork
        In steps of length 1, from neurons at 0.

    Raises
    ------
    ConversionError
        When there is not one input and one output, or a node or a loop that cannot be computed; then it names it.
    """
    sources: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for source, target in graph.edges:
        sources[target].append(source)
    try:
        order = list(TopologicalSorter({name: sorted(found) for name, found in sources.items()}).static_order())
    except CycleError as error:
        raise ConversionError(f"{error.args[1][0]}: a recurrent connection; networks here feed forward") from None
    return SpikingNetwork(fold_batch_normalisation(Graph(_nodes(graph, order, sources))), {})


def _nodes(graph, order, sources):
    """Return the nodes of a graph, one or several for each of NIR."""
    nodes: dict[str, Node] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    ends: dict[str, str] = {}

    def add(name, layer, *inputs):
        try:
            shapes[name] = layer.output_shape(*(shapes[source] for source in inputs))
        except ConversionError as error:
            raise ConversionError(f"{name}: {error}") from None
        nodes[name] = Node(layer, inputs)
        return name

    for name in order:
        node, inputs = graph.nodes[name], sorted(ends[source] for source in sources[name])
        if len(inputs) > 1:
            inputs = [add(f"{name} sum", layers.Add(), *inputs)]
        read_out = all(isinstance(graph.nodes[end], nir.Output) for start, end in graph.edges if start == name)
        if isinstance(node, nir.I) and read_out and (node.r == 1).all():
            ends[name] = inputs[0]
            continue
        try:
            *before, own = layers_of(node, shapes[inputs[0]] if inputs else ())
        except ConversionError as error:
            raise ConversionError(f"{name}: {error}") from None
        for number, layer in enumerate(before):
            inputs = [add(f"{name} {number}", layer, *inputs)]
        ends[name] = add(name, own, *inputs)
    return nodes


@singledispatch
def layers_of(node: nir.NIRNode, shape: tuple[int, ...]) -> list[layers.Layer]:
    """Return the layers, one after the other, that compute what a node does.

    Parameters
    ----------
    node : nir.NIRNode
    shape : tuple of int
        Of its input.

    Returns
    -------
    list of Layer

    Raises
    ------
    ConversionError
        When none do.
    """
    raise ConversionError(f"{type(node).__name__}, {REFUSED.get(type(node), 'an unknown node')}")


@layers_of.register
def _input(node: nir.Input, shape):
    return [AnalogueInput(tuple(map(int, node.input_type["input"])))]


@layers_of.register
def _output(node: nir.Output, shape):
    return [MembranePotential()]


@layers_of.register
def _affine(node: nir.Affine, shape):
    return [layers.Dense(_numbers(node.weight), _numbers(node.bias))]


@layers_of.register
def _linear(node: nir.Linear, shape):
    return [layers.Dense(_numbers(node.weight), np.zeros(len(node.weight)))]


@layers_of.register
def _scale(node: nir.Scale, shape):
    return [maps.scaled(_numbers(node.scale))]


@layers_of.register
def _convolution(node: nir.Conv2d, shape):
    size, dilation = node.weight.shape[2:], _pair(node.dilation)
    stride, padding = _pair(node.stride), node.padding
    if isinstance(padding, str):
        spans = [d * (s - 1) for s, d in zip(size, dilation, strict=True)]
        if padding == "same" and any(span % 2 for span in spans):
            raise ConversionError("padding 'same' of a kernel with even sides; expected odd sides, or numbers")
        padding = [span // 2 for span in spans] if padding == "same" else (0, 0)
    weights, bias = _numbers(node.weight), _numbers(node.bias)
    return [layers.Convolution(weights, bias, stride, _pair(padding), dilation, int(node.groups))]


@layers_of.register
def _average(node: nir.AvgPool2d, shape):
    return [layers.AveragePooling(*map(_pair, (node.kernel_size, node.stride, node.padding)))]


@layers_of.register
def _sum(node: nir.SumPool2d, shape):
    pooling = layers.AveragePooling(*map(_pair, (node.kernel_size, node.stride, node.padding)))
    return [pooling, maps.Affine(np.full(shape[0], float(np.prod(pooling.size))), np.zeros(shape[0]))]


@layers_of.register
def _flatten(node: nir.Flatten, shape):
    axes = range(len(shape))
    if axes[int(node.start_dim)] != 0 or axes[int(node.end_dim)] != len(shape) - 1:
        raise ConversionError(f"flattens axes {node.start_dim} to {node.end_dim}; expected all, 0 to -1")
    return [layers.Flatten()]


@layers_of.register
def _neurons(node: nir.IF, shape):
    threshold, reset = np.asarray(node.v_threshold, np.float32), np.asarray(node.v_reset)
    if reset.any():
        raise ConversionError("v_reset is not 0; expected 0")
    if not (threshold > 0).all():
        raise ConversionError("v_threshold is not above 0; expected a threshold above v_reset")
    # neurons of NIR spike above their threshold, ours at it
    factor = np.asarray(node.r, float) / np.nextafter(threshold, np.float32(np.inf))
    neurons = IntegrateAndFire(reset="zero", initial=0.0)
    if (factor == 1).all():
        return [neurons]
    channels = factor.reshape(shape[0], -1)
    if (channels == channels[:, :1]).all():
        return [maps.Affine(channels[:, 0], np.zeros(shape[0])), neurons]
    return [maps.scaled(factor), neurons]


def _numbers(values):
    return np.asarray(values, float)


def _pair(value):
    return tuple(int(one) for one in np.broadcast_to(np.ravel(value), 2))
