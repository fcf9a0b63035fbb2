"""Constant currents that make the rates of neurons right in the mean over some steps."""

from dataclasses import replace

import numpy as np
import torch

from stdpnet.conversion.graph.forward import outputs
from stdpnet.conversion.simulators.torch_network import TorchNetwork
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire

#: How often what is still missing is added: what a current brings depends on the others of its steps.
ROUNDS = 3
#: Corrections are multiples of this, so that they do not depend on the order of sums.
UNIT = 2.0**-12


def corrected(network: SpikingNetwork, images: np.ndarray, steps: int, lowest: float | None = None) -> SpikingNetwork:
    r"""Return a network whose every channel has, in the mean over images, places and steps, the rate that it should.

    In few steps rates are too low or too high for whole channels, since spikes come late and unevenly. Layer after
    layer, on what the corrected layers before it send,

    .. math:: c_i \leftarrow c_i + \overline{\min(a_i, 1)} - \overline{s_i}

    with the activations :math:`a` in units of the threshold, the spikes :math:`s`, and the correction :math:`c` of
    channel :math:`i`. Li et al. 2021, arXiv:2106.06984, sec. 4 (light pipeline, bias calibration).

    Parameters
    ----------
    network : SpikingNetwork
    images : ndarray of float64, shape (n_images, *shape of the Input node)
        Training images. The spikes of a layer are held for all images and steps at once.
    steps : int
    lowest : float, optional
        A potential below which neurons do not fall, for which the corrections make up.

    Returns
    -------
    SpikingNetwork
    """
    graph = network.graph
    held = {name: replace(graph.layer(name, IntegrateAndFire), lowest=lowest) for name in graph.names(IntegrateAndFire)}
    graph = graph.with_layers(held)
    targets = {
        name: np.minimum(values, 1)
        for name, values in outputs(graph, network.graph_input(images).astype(np.float32))
        if isinstance(graph.nodes[name].layer, IntegrateAndFire)
    }
    found = {}

    def correct(name, neurons, currents):
        axes = (0, *range(2, targets[name].ndim))
        target, correction = targets.pop(name).mean(axis=axes, dtype=float), 0.0
        for _ in range(ROUNDS):
            neurons.begin(len(images))
            rates = neurons(currents).sum(dim=(0, *(axis + 1 for axis in axes)), dtype=torch.float64).numpy()
            missing = target - rates / (currents[:, :, 0].numel())
            correction = np.round((correction + missing) / UNIT) * UNIT
            neurons.correct(correction)
        neurons.begin(len(images))
        found[name] = correction

    simulator = TorchNetwork(replace(network, graph=graph), torch.float32)
    simulator.begin(images, np.arange(len(images)))
    simulator.advance(steps, correct)
    layers = {name: replace(graph.layer(name, IntegrateAndFire), correction=value) for name, value in found.items()}
    return replace(network, graph=graph.with_layers(layers))
