"""From an analogue network to a spiking one."""

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.passes.normalise import normalise
from stdpnet.conversion.passes.pool_first import move_pooling_first
from stdpnet.conversion.spiking.encoding import AnalogInput, PoissonInput
from stdpnet.conversion.spiking.fixed_point import fixed_point
from stdpnet.conversion.spiking.gate import MaxGate, gate_estimate
from stdpnet.conversion.spiking.network import LINEAR, SPIKING, SpikingNetwork, check_images
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import READOUTS, SpikeCount
from stdpnet.conversion.thresholds.data_based import input_scale, percentage, relu_scales

REPLACED = (layers.Input, layers.ReLU, layers.MaxPooling, layers.Output)
ENCODINGS = ("analog", "poisson")


def convert(
    graph,
    images,
    *,
    normalisation="percentile:99.9",
    per_channel=True,
    reset="subtraction",
    initial=0.5,
    pool_first=True,
    gate="cumulative",
    encoding="analog",
    readout="membrane",
    start=0,
    seed=0,
    show_progress=False,
):
    """Return a network of integrate-and-fire neurons whose rates approach the activations of an analogue network.

    Parameters
    ----------
    graph : Graph
        Simplified: without dropout, batch normalisation and softmax.
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
        Training images, some thousands, from which the scales of the activations are taken.
    normalisation : {"percentile:P", "maximum", "model"}
        See `relu_scales`. A percentile below 100 lets some neurons saturate, and the others spike more often.
    per_channel : bool
        Whether each channel has a scale of its own.
    reset : {"subtraction", "zero"}
    initial : float
        Initial potential in thresholds; see `IntegrateAndFire`.
    pool_first : bool
        Whether max pooling takes the currents of the neurons, where possible, instead of their spikes.
    gate : {"cumulative", "exponential:SPAN", "finite:SPAN"}
        By what a max-pooling gate chooses, with the span in steps; see `MaxGate`.
    encoding : {"analog", "poisson"}
        See `AnalogInput` and `PoissonInput`.
    readout : {"membrane", "count", "softmax", "softmax-rates", "softmax-triggered"}
        See `MembranePotential`, `SpikeCount`, `SoftmaxOfPotential`, `SoftmaxRates` and `SoftmaxTriggered`.
    start : int
        Steps before the read-out starts.
    seed : int
        Of Poisson input and of the softmax read-outs.
    show_progress : bool

    Returns
    -------
    SpikingNetwork

    Raises
    ------
    ConversionError
        When an option is unknown, or a layer has no spiking counterpart; then it names the node.
    """
    percentage(normalisation)
    estimate, span = gate_estimate(gate)
    neurons = IntegrateAndFire(reset, initial)
    for what, value, known in (("encoding", encoding, ENCODINGS), ("readout", readout, READOUTS)):
        if value not in known:
            raise ConversionError(f"{what} is {value!r}; expected one of {', '.join(known)}")
    last = READOUTS[readout](**{"start": start, **({"seed": seed} if "softmax-" in readout else {})})
    check_graph(graph, encoding)
    (source,), (output,) = graph.names(layers.Input), graph.names(layers.Output)
    images = check_images(images, graph.shapes[source])

    if pool_first:
        graph = move_pooling_first(graph)
    if isinstance(last, SpikeCount):
        graph = with_output_neurons(graph, output)
    scales = relu_scales(graph, images, normalisation, per_channel, show_progress)
    for name in graph.nodes[output].inputs:
        if name in scales:  # counts are compared with each other: one scale
            scales[name] = np.full_like(scales[name], scales[name].max())
    size = input_scale(graph, images) if encoding == "poisson" else np.ones(graph.shapes[source][0])
    graph, scales = normalise(graph, scales, size)

    shape = graph.shapes[source]
    spiking = {source: AnalogInput(shape) if encoding == "analog" else PoissonInput(shape, scale=size, seed=seed)}
    spiking |= dict.fromkeys(graph.names(layers.ReLU), neurons)
    for name in graph.names(layers.MaxPooling):
        pooling = graph.nodes[name].layer
        spiking[name] = MaxGate(pooling.size, pooling.stride, pooling.padding, estimate, span)
    return SpikingNetwork(fixed_point(graph.with_layers(spiking | {output: last})), scales)


def check_graph(graph, encoding):
    """Check that every layer of a graph has a spiking counterpart.

    Raises
    ------
    ConversionError
        Naming the node that has none.
    """
    for name, node in graph.nodes.items():
        if isinstance(node.layer, SPIKING):
            raise ConversionError(
                f"{name}: a {type(node.layer).__name__} spikes already; expected the analogue network that was trained"
            )
        if not isinstance(node.layer, LINEAR + REPLACED):
            raise ConversionError(
                f"{name}: a {type(node.layer).__name__} has no spiking counterpart; call passes.simplify first"
            )
        if isinstance(node.layer, layers.Output) and len(graph.shapes[name]) != 1:
            raise ConversionError(f"{name}: the output has shape {graph.shapes[name]}; expected (classes,)")
    if encoding == "analog" and not graph.names(layers.ReLU):
        raise ConversionError("the graph has no ReLU, so that nothing would spike; was its activation imported?")


def with_output_neurons(graph, output):
    """Return a graph with a ReLU before the output, which is to become neurons whose spikes are counted."""
    nodes = dict(graph.nodes)
    del nodes[output]
    nodes[f"{output} neurons"] = Node(layers.ReLU(), graph.nodes[output].inputs)
    return Graph({**nodes, output: Node(graph.nodes[output].layer, (f"{output} neurons",))})
