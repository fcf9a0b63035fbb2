"""From an analogue network to a spiking one."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.optional import has_torch, require_torch
from stdpnet.conversion.batches import some_images
from stdpnet.conversion.converted import ConvertedNetwork, converted
from stdpnet.conversion.curves import curve_network
from stdpnet.conversion.equivalence import all_scores
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.endings import ENDINGS
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.rates import RateCurve
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.options import ConversionOptions, chosen_options
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.passes.normalise import normalise
from stdpnet.conversion.passes.pool_first import move_pooling_first
from stdpnet.conversion.preprocessing import warn_of_few, warn_of_other_inputs
from stdpnet.conversion.spiking.encoding import AnalogueInput, PoissonInput
from stdpnet.conversion.spiking.fixed_point import fixed_point
from stdpnet.conversion.spiking.network import LINEAR, SPIKING, SpikingNetwork, checked_images
from stdpnet.conversion.spiking.readout import COUNTING, SpikeCount
from stdpnet.conversion.thresholds.data_based import data_based, input_scale, relu_scales
from stdpnet.conversion.thresholds.observe import observe
from stdpnet.conversion.thresholds.spike_norm import spike_norm, spike_steps

#: Images on which the readout's share of the steps is measured.
LISTENED = 16
REPLACED = (layers.Input, layers.ReLU, RateCurve, layers.MaxPooling, layers.Output)


def convert(
    model: Any,
    images: Any,
    options: ConversionOptions | None = None,
    *,
    steps: int = 0,
    show_progress: bool = False,
    **changes,
) -> ConvertedNetwork:
    """Return a network of integrate-and-fire neurons whose rates approach the activations of an analogue network.

    The recipe of Rueckauer et al. (2017, doi:10.3389/fnins.2017.00682): fold batch normalisation, split off the
    softmax, scale the weights so that activations are rates, replace ReLU by neurons, max pooling by gates. Of a
    network that was trained with rate curves nothing is scaled; see `curve_network`.

    Parameters
    ----------
    model : torch.nn.Module, MLPClassifier, MLPRegressor or Graph
        What `import_model` takes, or has given; simplified already or not.
    images : array_like, tensor, or iterable of batches, of float32 or float64
        Training images as the model takes them, some thousands, from which the scales of the activations are taken: of
        shape (n_images, *shape of an image), or a ``DataLoader`` or list of such batches, the first 5,000 of them.
    options : ConversionOptions, optional
    steps : int
        Time steps that the network is made for, of 64 or fewer: `Tuning` then chooses among scales, corrections and
        readouts by the images, and logs what it chose. 0: for any number. Needs PyTorch.
    show_progress : bool
    **changes
        Single options of `ConversionOptions`, such as ``readout="count"``; they go over `options`.

    Returns
    -------
    ConvertedNetwork

    Raises
    ------
    ConfigError
        When an option is unknown, of another type, or below its bound, or PyTorch is needed and not installed.
    ConversionError
        When the value of an option is not usable, or a layer has no spiking counterpart; then it names the node.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> nodes = {
    ...     "image": Node(layers.Input((4,))),
    ...     "hidden": Node(layers.Dense(rng.normal(size=(3, 4)), np.zeros(3)), ("image",)),
    ...     "relu": Node(layers.ReLU(), ("hidden",)),
    ...     "last": Node(layers.Dense(rng.normal(size=(2, 3)), np.zeros(2)), ("relu",)),
    ...     "scores": Node(layers.Output(), ("last",)),
    ... }
    >>> network = convert(Graph(nodes), rng.random((20, 4)), reset="zero")
    >>> network.spiking_layers
    ['relu']
    """
    options, images = chosen_options(options, changes), some_images(images)
    imported = model if isinstance(model, Graph) else import_model(model, np.shape(images)[1:])
    graph = simplify(imported)
    check_graph(graph, options.encoding)
    (source,), (output,) = graph.names(layers.Input), graph.names(layers.Output)
    images, ending = checked_images(images, graph.shapes[source]), _ending(imported)
    warn_of_other_inputs(imported, images)
    del imported  # memory
    if not spike_steps(options.normalisation) and data_based(options.normalisation):
        warn_of_few(len(images))

    if options.pool_first:
        graph = move_pooling_first(graph)
    curves = graph.names(RateCurve)
    if curves and steps:
        raise ConversionError(f"{curves[0]}: neurons of rate curves are made for any number of steps; leave steps out")
    if isinstance(options.output(), SpikeCount) and not curves:
        graph = with_output_neurons(graph, output)
    if steps:
        require_torch("a network made for some number of steps", "leave steps out")
        from stdpnet.conversion.tuning import Tuning

        tuning = Tuning(graph, images, steps)  # refuses what it cannot do before the long work
        known = observe(graph, images, graph.names(layers.ReLU), show_progress)
        best = tuning.best(options, partial(_scaled, graph, images, histograms=known), show_progress)
        return converted(replace(best, ending=ending))
    network = curve_network(graph, options) if curves else _scaled(graph, images, options, show_progress)
    if not options.recent and not curves and has_torch():
        from stdpnet.conversion.listening import with_best_share

        some = images[:LISTENED]
        wanted = all_scores(graph, some.astype(np.float32), "answers")
        network = with_best_share(network, some.astype(float), wanted)
    return converted(replace(network, ending=ending))


def _ending(graph):
    """Return the softmax, sigmoid or tanh before the output, or None."""
    (output,) = graph.names(layers.Output)
    (last,) = (graph.nodes[name].layer for name in graph.nodes[output].inputs)
    return last if isinstance(last, ENDINGS) else None


def _scaled(graph, images, options, show_progress=False, histograms=None):
    """Return the spiking network of a graph that has been prepared."""
    (output,) = graph.names(layers.Output)
    steps, rates = spike_steps(options.normalisation), {}
    if steps:
        ones = {name: np.ones(graph.shapes[name][0]) for name in graph.names(layers.ReLU)}
        scales = spike_norm(_spiking(graph, images, options, ones), images, steps, options.per_channel)
    else:
        if histograms is None and data_based(options.normalisation):
            histograms = observe(graph, images, graph.names(layers.ReLU), show_progress)
        scales = relu_scales(graph, images, options.normalisation, options.per_channel, histograms=histograms)
        rates = {name: one.mean_rate(scales[name]) for name, one in (histograms or {}).items()}
    for name in graph.nodes[output].inputs:
        if name in scales:  # counts are compared with each other: one scale
            scales[name] = np.full_like(scales[name], scales[name].max())
    network = _spiking(graph, images, options, scales)
    return replace(network, graph=fixed_point(network.graph), rates=rates)


def _spiking(graph, images, options, scales):
    """Return the network of spiking layers in which a spike of every step stands for these scales."""
    (source,), (output,) = graph.names(layers.Input), graph.names(layers.Output)
    shape, poisson = graph.shapes[source], options.encoding == "poisson"
    size = input_scale(graph, images) if poisson else np.ones(shape[0])
    graph, scales = normalise(graph, scales, size)

    spiking: dict[str, layers.Layer] = {
        name: options.neurons(graph.layer(name, layers.ReLU)) for name in graph.names(layers.ReLU)
    }
    spiking[source] = PoissonInput(shape, scale=size, seed=options.seed) if poisson else AnalogueInput(shape)
    spiking[output] = options.output()
    for name in graph.names(layers.MaxPooling):
        spiking[name] = options.max_gate(graph.layer(name, layers.MaxPooling))
    return SpikingNetwork(graph.with_layers(spiking), scales)


def check_graph(graph: Graph, encoding: str) -> None:
    """Check that every layer of a graph has a spiking counterpart.

    Raises
    ------
    ConversionError
        Naming the node that has none.
    """
    for name, node in graph.nodes.items():
        if isinstance(node.layer, SPIKING):
            raise ConversionError(
                f"{name}: {type(node.layer).__name__} spikes already; expected the analogue network that was trained"
            )
        if not isinstance(node.layer, LINEAR + REPLACED):
            raise ConversionError(
                f"{name}: a {type(node.layer).__name__} has no spiking counterpart; call passes.simplify first"
            )
        if isinstance(node.layer, layers.Output) and len(graph.shapes[name]) != 1:
            raise ConversionError(f"{name}: the output has shape {graph.shapes[name]}; expected (classes,)")
    if encoding == "analog" and not graph.names(layers.ReLU, RateCurve):
        raise ConversionError("the graph has no ReLU, so that nothing would spike; was its activation imported?")


def with_output_neurons(graph: Graph, output: str) -> Graph:
    """Return a graph with a ReLU before the output, which is to become neurons whose spikes are counted."""
    nodes = dict(graph.nodes)
    del nodes[output]
    nodes[f"{output}{COUNTING}"] = Node(layers.ReLU(), graph.nodes[output].inputs)
    return Graph({**nodes, output: Node(graph.nodes[output].layer, (f"{output}{COUNTING}",))})
