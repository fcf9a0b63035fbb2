"""Operations of an analogue network, and of the spiking network made from it after every step.

As Rueckauer et al. (2017, doi:10.3389/fnins.2017.00682) count: a multiply-accumulate is two
operations, an addition is one. Counted are layers with weights. Sums of layers, pooling, selection, and
the reset of a potential are counted on neither side.
"""

from typing import Any

import numpy as np

from stdpnet.base.labelled.energy import MAC
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Convolution, Dense
from stdpnet.conversion.graph.maps import LinearMap
from stdpnet.conversion.report.connections import leading_on
from stdpnet.conversion.report.size import synapses
from stdpnet.conversion.spiking.currents import constant_nodes
from stdpnet.conversion.spiking.encoding import PoissonInput
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.network import SpikingNetwork


def fan_out(graph: Graph, name: str) -> np.ndarray:
    """Return how many connections of a node with weights lead on from each value of its input."""
    node = graph.nodes[name]
    (source,) = node.inputs
    (found,) = leading_on(node.layer, np.ones(graph.shapes[name]), graph.shapes[source])
    return found


def analogue_operations(graph: Graph) -> dict[str, dict[str, int]]:
    """Return multiply-accumulates and additions of biases for one image.

    Parameters
    ----------
    graph : Graph
        Simplified, or of a spiking network: then of the analogue network that it approaches.

    Returns
    -------
    dict of str to dict
        For each node with weights ``macs`` and ``bias_additions``, int.
    """
    return {
        name: {"macs": synapses(graph.nodes[name].layer, graph.shapes[graph.nodes[name].inputs[0]])}
        | {"bias_additions": biases(graph, name)}
        for name in graph.names(Dense, Convolution, LinearMap)
        if not (isinstance(graph.nodes[name].layer, LinearMap) and graph.layer(name, LinearMap).selects)
    }


def biases(graph: Graph, name: str) -> int:
    """Return how many values of a node get a bias that is not 0."""
    layer: Any = graph.nodes[name].layer
    if isinstance(layer, LinearMap):
        return int(np.count_nonzero(np.broadcast_to(layer.bias, graph.shapes[name])))
    places = np.prod(graph.shapes[name][1:], dtype=int)
    return int(np.count_nonzero(layer.bias) * places)


class SpikingCosts:
    """What a spiking network spends once, in every step, and for each spike.

    Attributes
    ----------
    once : dict of str to dict
        Nodes with weights whose input is constant: ``macs`` and ``bias_additions``, computed once for an image.
    each_step : dict of str to int
        Additions in every step: of the biases of a node, or of the currents that a constant node or a gate that
        takes currents sends out, one for each value.
    each_spike : dict of str to dict of str to ndarray
        For each node with weights, by the name of the layer that sends the spikes, how many of the node's connections a
        spike of each neuron goes through. Between two layers with weights and no neurons, every path counts.
    """

    def __init__(self, network: SpikingNetwork):
        self.network, graph = network, network.graph
        constant = set(constant_nodes(graph))
        analogue = analogue_operations(graph)
        self.once = {name: costs for name, costs in analogue.items() if name in constant}
        graded = set(graph.names(MaxGate)) - set(network.spiking_layers)
        self.each_step = {
            name: int(np.prod(graph.shapes[name]))
            for name in graph.nodes
            if (name in constant and not set(graph.consumers(name)) <= constant) or name in graded - constant
        }
        self.each_step |= {name: biases(graph, name) for name in analogue if name not in constant}
        senders = {*network.spiking_layers}
        if isinstance(graph.nodes[network.source].layer, PoissonInput):
            senders.add(network.source)
        self.each_spike = {}
        for name in set(analogue) - constant:
            found = _arriving(graph, name, senders | graded, constant)
            for gate in graded & set(found):  # a current that no neuron took in, times the weight
                self.each_step[name] += MAC * int(found.pop(gate).sum())
            self.each_spike[name] = found

    def additions(
        self,
        n_images: int,
        active: np.ndarray,
        spikes: dict[str, np.ndarray],
        counts: dict[str, np.ndarray],
        sent: np.ndarray,
    ) -> dict[str, np.ndarray]:
        """Return the additions of each node, summed over the steps so far and averaged over the images.

        Parameters
        ----------
        n_images : int
        active : ndarray, shape (steps,)
            Images that were simulated in each step.
        spikes : dict of str to ndarray, shape (steps,)
            Of each spiking layer in each step, summed over the images.
        counts : dict of str to ndarray, shape of the node
            Spikes of each neuron, summed over steps and images.
        sent : ndarray, shape of the Input node
            Expected input spikes of a step, summed over the images, if the input is Poisson.

        Returns
        -------
        dict of str to ndarray of float, shape (steps,)
            Within a layer the spikes of every step are taken to be spread over the neurons as those of all steps: exact
            at the last step, and in every step where all neurons have as many connections.
        """
        totals = {name: active.cumsum() * each for name, each in self.each_step.items()}
        for name, senders in self.each_spike.items():
            for sender, paths in senders.items():
                if sender in spikes:
                    mean = (counts[sender] * paths).sum() / max(counts[sender].sum(), 1)
                    spent = spikes[sender].cumsum() * mean
                else:
                    spent = active.cumsum() * (sent * paths).sum() / n_images
                totals[name] = totals.get(name, 0) + spent
        return {name: total / n_images for name, total in totals.items()}


def _arriving(graph, name, senders, silent):
    """Return for each sender how many connections of a node what leaves each of its values goes through."""
    found, waiting = {}, [(graph.nodes[name].inputs[0], fan_out(graph, name))]
    while waiting:
        source, paths = waiting.pop()
        if source in senders:
            found[source] = found.get(source, 0) + paths
        elif source not in silent:
            node = graph.nodes[source]
            shapes = [graph.shapes[one] for one in node.inputs]
            waiting += zip(node.inputs, leading_on(node.layer, paths, *shapes), strict=True)
    return found
