"""A spiking network in PyTorch, with the state of one batch of images."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from stdpnet.conversion.simulators import torch_lif, torch_spiking  # noqa: F401  register neurons and gates
from stdpnet.conversion.simulators.torch_linear import build, channels_last
from stdpnet.conversion.spiking.currents import constant_currents, constant_nodes
from stdpnet.conversion.spiking.encoding import PoissonInput, generator
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.lif import AlphaSynapse
from stdpnet.conversion.spiking.network import SpikingNetwork, negative_spikes
from stdpnet.conversion.spiking.neurons import Neurons

#: Values of the largest layer in one block of time steps: 8 MB in single precision, about what a cache holds.
BLOCK = 2_000_000
#: Potentials of a batch of images: 128 MB in single precision.
STATE = 2**25


class TorchNetwork:
    """Computes a network for blocks of time steps, layer by layer.

    Parameters
    ----------
    network : SpikingNetwork
    dtype : torch.dtype
        Of weights and potentials.
    """

    def __init__(self, network: SpikingNetwork, dtype: torch.dtype):
        self.network, self.dtype = network, dtype
        graph = network.graph
        self.encoding: Any = graph.nodes[network.source].layer
        constant = constant_nodes(graph)
        self.layers = {
            name: build(node.layer, graph.shapes[node.inputs[0]], dtype)
            for name, node in graph.nodes.items()
            if node.inputs and name not in constant
        }
        self.stateful: list[Any] = [
            self.layers[name] for name in graph.names(Neurons, AlphaSynapse, MaxGate) if name in self.layers
        ]
        self.neurons = graph.names(Neurons)
        self.spiking = network.spiking_layers
        self.signed = negative_spikes(graph)
        self.last_use = {source: name for name, node in graph.nodes.items() for source in node.inputs}

    def begin(self, images: np.ndarray, numbers: np.ndarray) -> None:
        """Start the presentation of images, ndarray of float64, with their numbers in the data set."""
        self.constant, self.generators, self.images = {}, [], images
        if isinstance(self.encoding, PoissonInput):
            self.generators = [generator(self.encoding.seed, "input", number) for number in numbers]
        for name, values in constant_currents(self.network.graph, images).items():
            self.constant[name] = self._tensor(values)
        for layer in self.stateful:
            layer.begin(len(images))

    def keep(self, chosen: np.ndarray) -> None:
        """Go on with some of the images only, given by their places."""
        self.images = self.images[chosen]
        self.generators = [self.generators[place] for place in chosen] if self.generators else []
        self.constant = {name: values[chosen] for name, values in self.constant.items()}
        for layer in self.stateful:
            layer.keep(chosen)

    def advance(
        self, steps: int, before: Callable[[str, Any, torch.Tensor], None] | None = None
    ) -> tuple[np.ndarray, dict[str, torch.Tensor]]:
        """Simulate some steps.

        Parameters
        ----------
        steps : int
        before : callable, optional
            Called before each layer of neurons, with its name, what simulates it, and its currents in these steps.

        Returns
        -------
        currents : ndarray of float64, shape (steps, n_images, n_classes)
            What arrived at the output.
        spikes : dict of str to tensor, shape (steps, n_images, *shape)
            Of the spiking layers.
        """
        graph, spikes = self.network.graph, {}
        values = {name: constant.expand(steps, *constant.shape) for name, constant in self.constant.items()}
        if self.generators:
            pairs = zip(self.images, self.generators, strict=True)
            drawn = np.stack([self.encoding.spikes(image, random, steps) for image, random in pairs], axis=1)
            flat = self._tensor(drawn.reshape(-1, *drawn.shape[2:]))
            values[self.network.source] = flat.unflatten(0, drawn.shape[:2])
        for name, layer in self.layers.items():
            sources = graph.nodes[name].inputs
            if before and name in self.neurons:
                before(name, layer, values[sources[0]])
            values[name] = layer(*(values[source] for source in sources))
            if name in self.spiking:
                spikes[name] = values[name]
            for source in sources:
                if self.last_use[source] == name:
                    values.pop(source, None)
        return values[self.network.output].double().numpy(), spikes

    def _tensor(self, values):
        tensor = torch.from_numpy(values).to(self.dtype)
        return channels_last(tensor) if tensor.ndim == 4 else tensor


def block_of(network: SpikingNetwork, n_images: int) -> int:
    """Return how many time steps of some images to compute at once."""
    return max(1, BLOCK // (n_images * network.graph.largest))


def simulated_at_once(network: SpikingNetwork, most: int, least: int = 1) -> int:
    """Return how many images to simulate together.

    Parameters
    ----------
    network : SpikingNetwork
    most, least : int
        What is wanted, and what is the least that large networks get.
    """
    return max(least, min(most, STATE // max(1, network.n_neurons)))


@torch.no_grad()
def output_currents(network: SpikingNetwork, images: np.ndarray, steps: int, batch: int = 32) -> np.ndarray:
    """Return what arrives at the output in each step, in single precision.

    Parameters
    ----------
    network : SpikingNetwork
    images : ndarray of float64, shape (n_images, *shape of the Input node)
    steps : int
    batch : int
        Images at a time, at most; of large networks fewer.

    Returns
    -------
    ndarray of float64, shape (steps, n_images, n_classes)
    """
    simulator, found = TorchNetwork(network, torch.float32), []
    batch = simulated_at_once(network, batch)
    block = block_of(network, batch)
    for start in range(0, len(images), batch):
        shown = images[start : start + batch]
        simulator.begin(shown, np.arange(start, start + len(shown)))
        parts = [simulator.advance(min(block, steps - step))[0] for step in range(0, steps, block)]
        found.append(np.concatenate(parts))
    return np.concatenate(found, axis=1)
