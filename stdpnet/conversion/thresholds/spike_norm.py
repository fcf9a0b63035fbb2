"""Scales from the running spiking network: the largest current that reaches a layer in any one step."""

import logging

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.optional import require_torch
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.thresholds.data_based import at_most_the_bound

log = logging.getLogger(__name__)

#: Values of the largest layer in all steps of all images that are held at once: 1 GB.
HELD = 2**28


def spike_steps(normalisation: str) -> int:
    """Return the steps of a normalisation such as ``spikes:256``, 0 of any other.

    Raises
    ------
    ConversionError
        When it is no whole number of at least 1.
    """
    kind, _, steps = str(normalisation).partition(":")
    if kind != "spikes":
        return 0
    if not (steps.isdecimal() and int(steps)):
        raise ConversionError(f"normalisation is {normalisation!r}; expected spikes:STEPS with at least 1 step")
    return int(steps)


def spike_norm(network: SpikingNetwork, images: np.ndarray, steps: int, per_channel: bool) -> dict[str, np.ndarray]:
    r"""Return the scale of each layer of neurons by Spike-Norm.

    Layer after layer, on the spikes that the layers before it send with the thresholds they have got,

    .. math:: \vartheta^l = \max_{\text{images},\, t,\, i} \sum_j w^l_{ij} s^{l-1}_j(t)

    with the spikes :math:`s` in units of what they stand for. It is more than the largest activation: two inputs of 0.5
    and 1 bring an activation of 1.5, and a current of 2 in the steps in which both spike. Sengupta et al. 2019,
    doi:10.3389/fnins.2019.00095, algorithm 1. There spikes are 1 whatever the thresholds before, so that a threshold
    here is theirs times those of all layers before it; hence also that ways which meet in a junction need no equal
    thresholds, as they do there: the shortcut carries the quotient of the scales as its weight.

    Parameters
    ----------
    network : SpikingNetwork
        Of scale 1 everywhere but at the input.
    images : ndarray of float64, shape (n_images, *shape of the Input node)
        The first ones are taken, as many as memory allows for.
    steps : int
    per_channel : bool
        A scale for each channel; else one for each layer, as in the paper.

    Returns
    -------
    dict of str to ndarray, shape (channels,)

    Raises
    ------
    ConfigError
        When PyTorch is not installed.
    """
    require_torch("a normalisation by spikes", "choose another, such as percentile:99.9")
    import torch

    from stdpnet.conversion.simulators.torch_network import TorchNetwork

    shown = images[: max(1, HELD // (steps * network.graph.largest))].astype(float)
    log.info("thresholds from the spikes of %d images in %d steps", len(shown), steps)
    simulator, found = TorchNetwork(network, torch.float32), {}

    def balanced(name, neurons):
        layer = network.graph.layer(name, IntegrateAndFire)

        def spikes(currents):
            channels = currents.movedim(2, -1).reshape(-1, currents.shape[2]).amax(dim=0).clamp(min=0).double().numpy()
            top = channels.max() or 1.0
            if not channels.any():
                log.warning("%s: no spikes reach it in %d steps; take more steps for the thresholds", name, steps)
            scale = np.where(channels > 0, channels, top) if per_channel else np.full_like(channels, top)
            found[name] = at_most_the_bound(layer, scale)
            each = torch.as_tensor(found[name], dtype=currents.dtype).reshape(-1, *(1,) * (currents.ndim - 3))
            return neurons(currents / each) * each

        return spikes

    for name in network.graph.names(IntegrateAndFire):
        simulator.layers[name] = balanced(name, simulator.layers[name])
    with torch.no_grad():
        simulator.begin(shown, np.arange(len(shown)))
        simulator.advance(steps)
    return found
