"""From a spiking network to the nearest one that NIR can say, and what is lost on the way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import AveragePooling
from stdpnet.conversion.graph.maps import Affine
from stdpnet.conversion.passes.batch_normalisation import fold_batch_normalisation
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import MembranePotential, Readout


class Limit(NamedTuple):
    """Something that NIR cannot say: of which layers, why, with what to do, and what comes nearest."""

    kind: type
    concerns: Callable[[Any], bool]
    reason: str
    nearest: Callable[[Any], Any]


LIMITS = (
    Limit(
        IntegrateAndFire,
        lambda layer: layer.signed,
        "negative spikes, for which it has no neurons: convert with signed False",
        lambda layer: replace(layer, signed=False),
    ),
    Limit(
        IntegrateAndFire,
        lambda layer: layer.lowest is not None,
        "a lowest potential, for which it has no field: convert without steps",
        lambda layer: replace(layer, lowest=None),
    ),
    Limit(
        IntegrateAndFire,
        lambda layer: layer.reset != "zero",
        "reset by subtraction, since its neurons fall to a fixed potential: convert with reset zero",
        lambda layer: replace(layer, reset="zero"),
    ),
    Limit(
        IntegrateAndFire,
        lambda layer: layer.initial != 0,
        "a potential before the first step, for which it has no field: convert with initial 0",
        lambda layer: replace(layer, initial=0.0),
    ),
    Limit(
        MaxGate,
        lambda layer: True,
        "max pooling, for which it has no node: train with average pooling",
        lambda layer: AveragePooling(layer.size, layer.stride, layer.padding),
    ),
    Limit(
        Readout,
        lambda layer: not isinstance(layer, MembranePotential) or layer.start > 0 or layer.recent < 1,
        "a readout other than the sum of all that comes out: convert with readout membrane, start 0 and recent 1",
        lambda layer: MembranePotential(),
    ),
)


def sayable(network: SpikingNetwork) -> tuple[SpikingNetwork, list[str]]:
    """Return the nearest network that NIR can say, and what is lost: nothing if its spikes and scores are the same.

    Parameters
    ----------
    network : SpikingNetwork

    Returns
    -------
    SpikingNetwork
    list of str
        With the nodes that each concerns, and what to do.
    """
    graph, lost = network.graph, []
    for limit in LIMITS:
        layers = {name: graph.nodes[name].layer for name in graph.names(limit.kind)}
        found = {name: limit.nearest(layer) for name, layer in layers.items() if limit.concerns(layer)}
        if found:
            graph = graph.with_layers(found)
            first, *others = found
            lost.append(f"{limit.reason} ({first}{f' and {len(others)} more' if others else ''})")
    return replace(network, graph=_with_corrections_in_biases(graph)), lost


def _with_corrections_in_biases(graph):
    """Return a graph whose neurons have no constant currents of their own."""
    nodes: dict[str, Node] = {}
    for name, node in graph.nodes.items():
        layer = node.layer
        if isinstance(layer, IntegrateAndFire) and layer.correction is not None:
            added = f"{name} correction"
            nodes[added] = Node(Affine(np.ones_like(layer.correction), layer.correction), node.inputs)
            node = Node(replace(layer, correction=None), (added,))
        nodes[name] = node
    return fold_batch_normalisation(Graph(nodes))
