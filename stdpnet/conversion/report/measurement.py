"""Gather a simulation, batch after batch, into one report."""

from dataclasses import asdict
from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.labelled.energy import energy, operations
from stdpnet.base.scoring import score
from stdpnet.conversion.graph.forward import outputs
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.report.operations import SpikingCosts, analogue_operations
from stdpnet.conversion.report.rates import Rates
from stdpnet.conversion.report.size import Size, sizes
from stdpnet.conversion.report.tradeoff import at_half, tradeoff
from stdpnet.conversion.report.values import Errors, as_targets, ended, values_of
from stdpnet.conversion.simulators.result import Simulation
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.readout import COUNTING, predictions

NOTHING = {"macs": 0, "bias_additions": 0}


class Measurement:
    """What is known of a spiking network after some batches of images.

    Parameters
    ----------
    network : SpikingNetwork
    analogue : Graph
        The simplified network that it was made from, whose operations are counted.
    steps : int

    Attributes
    ----------
    rates : dict of str to Rates
        Of each spiking layer.

    Raises
    ------
    ConversionError
        When all weights are 0.

    Examples
    --------
    >>> from stdpnet.conversion.graph.graph import Node
    >>> from stdpnet.conversion.graph.layers import Dense
    >>> from stdpnet.conversion.simulators import simulate
    >>> from stdpnet.conversion.spiking.encoding import AnalogueInput
    >>> from stdpnet.conversion.spiking.neurons import IntegrateAndFire
    >>> from stdpnet.conversion.spiking.readout import MembranePotential
    >>> nodes = {
    ...     "image": Node(AnalogueInput((1,))),
    ...     "hidden": Node(Dense(np.array([[0.5], [0.25]]), np.zeros(2)), ("image",)),
    ...     "neurons": Node(IntegrateAndFire(), ("hidden",)),
    ...     "scores": Node(MembranePotential(), ("neurons",)),
    ... }
    >>> network, image = SpikingNetwork(Graph(nodes), {}), np.ones((1, 1))
    >>> measurement = Measurement(network, network.graph, steps=4)
    >>> measurement.add(image, simulate(network, image, 4, keep="counts"))
    >>> report = measurement.report(labels=np.array([0]))
    >>> report["spiking"]["accuracy"], report["layers"]["neurons"]["mean_rate"]
    (1.0, 0.375)
    """

    def __init__(self, network: SpikingNetwork, analogue: Graph, steps: int):
        self.network, self.costs = network, SpikingCosts(network)
        self.analogue = analogue_operations(analogue)
        if not operations(_total(self.analogue)):
            raise ConversionError("all weights and biases of the network are 0; expected a trained model")
        self.predictions: list[np.ndarray] = []
        self.answers: list[np.ndarray] = []
        self.errors = Errors(steps)
        self.taken: list[np.ndarray] = []
        graph = network.graph
        self.spikes = {name: np.zeros(steps) for name in network.spiking_layers}
        self.counts = {name: np.zeros(graph.shapes[name]) for name in network.spiking_layers}
        self.rates = {name: Rates() for name in network.spiking_layers}
        self.sent = np.zeros(graph.shapes[network.source])
        self.scored = scored_node(network)

    def add(self, images: np.ndarray, simulation: Simulation, targets: np.ndarray | None = None) -> None:
        """Add a batch of images and what a simulator returned for it.

        Parameters
        ----------
        images : ndarray, shape (n_images, *shape of the Input node)
        simulation : Simulation
            Of ``keep="counts"``, and with ``every_score`` if there are targets.
        targets : ndarray of float, shape (n_images,) or (n_images, n_outputs), optional
            For networks whose outputs are values.

        Raises
        ------
        ConversionError
            When targets do not fit, or the readout gives no values.
        """
        given = self.network.graph_input(images).astype(float)  # else rounding depends on the size of the batch
        self.sent += np.minimum(np.abs(given), 1).sum(axis=0)
        self.predictions.append(simulation.predictions)
        self.taken.append(simulation.steps)
        for name, values in outputs(self.network.graph, given):
            if name in self.rates:
                self.rates[name].add(simulation.counts[name], simulation.steps, values)
            if name == self.scored:
                analogue = values
        self.answers.append(predictions(analogue))
        if targets is not None:
            wanted = as_targets(targets, analogue.shape)
            self.errors.add(values_of(self.network, simulation), ended(analogue, self.network.ending), wanted)
        for name, counts in simulation.counts.items():
            self.counts[name] += counts.sum(axis=0)
            self.spikes[name] += simulation.spikes[name].sum(axis=0)

    def report(self, labels: np.ndarray | None = None) -> dict[str, Any]:
        """Return the report as plain data.

        Parameters
        ----------
        labels : ndarray of int, shape (n_images,), or None
            Classes. None where targets were added: the report is of errors then, in the units of the outputs.

        Returns
        -------
        dict
            All numbers of operations are means over the images.
        """
        found, taken = np.concatenate(self.predictions), np.concatenate(self.taken)
        n_images, steps = found.shape
        active = (taken[:, None] > np.arange(steps)).sum(axis=0)
        additions = self.costs.additions(n_images, active, self.spikes, self.counts, self.sent)
        analogue, once = (_total(part) for part in (self.analogue, self.costs.once))
        spent: np.ndarray = sum(additions.values(), start=np.zeros(steps))
        used = operations(once) + spent
        reference = operations(analogue)
        if labels is None:
            quality, own = self.errors.curve(), {"error": self.errors.analogue_error()}
        else:
            quality = [score(answers, labels) for answers in found.T]
            own = {"accuracy": score(np.concatenate(self.answers), labels)["accuracy"]}
        curve = [
            {"step": step + 1, **quality[step]}
            | {"operations": float(used[step]), "relative_operations": float(used[step] / reference)}
            for step in range(steps)
        ]
        size = sum(sizes(self.network.graph).values(), start=Size())
        fixed = sum(self.costs.each_step.values()) * active.sum() / n_images
        total = spent[-1]
        return {
            "analogue": {**own, "operations": reference, **analogue},
            "spiking": {**curve[-1], "mean_steps": float(taken.mean()), **asdict(size)},
            "n_test_images": n_images,
            "tradeoff": at_half(curve) if labels is None else tradeoff(curve, own["accuracy"]),
            "energy": energy(analogue, once, total, total - fixed, size.neurons * taken.mean()),
            "layers": {name: rates.summary() for name, rates in self.rates.items()},
            "operations": self._per_node(additions),
            "curve": curve,
        }

    def _per_node(self, additions):
        """Return for each node the analogue and the spiking network's operations, the latter after every step."""
        nodes = [name for name in self.network.graph.nodes if name in {*self.analogue, *additions, *self.costs.once}]
        result = {}
        for name in nodes:
            once = operations(self.costs.once.get(name, NOTHING))
            after = additions.get(name, np.zeros(1)) + once
            result[name] = {
                "analogue": operations(self.analogue.get(name, NOTHING)),
                "once": once,
                "spiking": np.broadcast_to(after, len(self.predictions[0][0])).tolist(),
            }
        return result


def _total(costs):
    return {field: sum(part[field] for part in costs.values()) for field in NOTHING}


def scored_node(network: SpikingNetwork) -> str:
    """Return the node whose analogue values are the scores: the output, or what goes into neurons that only count."""
    (source,) = network.graph.nodes[network.output].inputs
    counted = source == f"{network.output}{COUNTING}"
    return network.graph.nodes[source].inputs[0] if counted else network.output
