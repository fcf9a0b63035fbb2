"""From a network of rate curves to one of neurons that spike at these rates, its weights unchanged."""

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import Input, Layer, MaxPooling, Output, ReLU
from stdpnet.conversion.graph.rates import RateCurve
from stdpnet.conversion.options import ConversionOptions
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.lif import STEP, AlphaSynapse, neurons_of
from stdpnet.conversion.spiking.network import SpikingNetwork


def curve_network(graph: Graph, options: ConversionOptions) -> SpikingNetwork:
    """Return a network of neurons with these rate curves, each followed by its synapses.

    Hunsberger & Eliasmith 2016, arXiv:1611.05141: trained with smooth rates and noise, weights are used as they are. A
    spike brings the amplitude of the curve, spread over time by the synapses.

    Parameters
    ----------
    graph : Graph
        Simplified, with `RateCurve` layers and no ReLU.
    options : ConversionOptions
        Its ``synapse``, and those of input, gates and readout.

    Returns
    -------
    SpikingNetwork

    Raises
    ------
    ConversionError
        When there are ReLUs too, or the encoding or the readout is for them only.
    """
    if mixed := graph.names(ReLU):
        raise ConversionError(
            f"{mixed[0]}: a ReLU among rate curves; expected one kind, since its neurons have a scale of rates"
        )
    if options.encoding != "analog" or options.readout == "count":
        raise ConversionError(
            f"encoding is {options.encoding} and readout {options.readout}; expected, of a network of rate curves, "
            "encoding analog and a readout other than count"
        )
    nodes: dict[str, Node] = {}
    sent: dict[str, str] = {}
    scales = {name: np.ones(shape[0]) for name, shape in graph.shapes.items()}
    for name, node in graph.nodes.items():
        layer, inputs = node.layer, tuple(sent.get(source, source) for source in node.inputs)
        nodes[name] = Node(_spiking(layer, options), inputs)
        if isinstance(layer, RateCurve):
            weight, sent[name] = layer.amplitude / STEP, f"{name} synapses"
            nodes[sent[name]] = Node(AlphaSynapse(options.synapse * 1e-3, weight), (name,))
            scales[name], scales[sent[name]] = np.full_like(scales[name], weight), scales[name]
    return SpikingNetwork(Graph(nodes), scales)


def _spiking(layer: Layer, options: ConversionOptions) -> Layer:
    if isinstance(layer, RateCurve):
        return neurons_of(layer)
    if isinstance(layer, Input):
        return AnalogueInput(layer.shape)
    if isinstance(layer, Output):
        return options.output()
    return options.max_gate(layer) if isinstance(layer, MaxPooling) else layer
