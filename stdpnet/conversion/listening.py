"""By how much of the last steps a readout should go, estimated from the network."""

import logging
from dataclasses import replace

import numpy as np

from stdpnet.conversion.simulators.torch_network import output_currents, simulated_at_once
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.reader import Reader
from stdpnet.conversion.spiking.readout import MembranePotential

log = logging.getLogger(__name__)

#: Images on which the share of the steps is measured: least, of the largest networks, and most.
LISTENED = 4, 16
#: Shares of the steps that are tried.
SHARES = (1.0, 0.75, 0.5, 0.25)
#: After which steps the answers are looked at.
STEPS = (4, 8, 16)


def likeness(scores: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return how alike two answers are, the correlation over the classes of each image; 0 where one is all equal.

    Parameters
    ----------
    scores, wanted : ndarray, shape (..., n_images, n_classes)

    Returns
    -------
    ndarray, shape (..., n_images)
    """
    one, other = (values - values.mean(axis=-1, keepdims=True) for values in (scores, wanted))
    size = np.sqrt((one**2).sum(axis=-1) * (other**2).sum(axis=-1))
    return (one * other).sum(axis=-1) / np.where(size > 0, size, 1)


def listened(network: SpikingNetwork) -> int:
    """Return on how many images the share of the steps is measured: fewer where one takes long."""
    least, most = LISTENED
    return simulated_at_once(network, most, least)


def with_best_share(network: SpikingNetwork, images: np.ndarray, wanted: np.ndarray) -> SpikingNetwork:
    """Return a network whose readout goes by the share of the last steps that gives the analogue network's scores best.

    The first spikes of a deep network say little: they come before the layers above have got what they wait for. Of a
    shallow one every step is worth something. So the share is measured: after 4, 8 and 16 steps, in the mean.

    Parameters
    ----------
    network : SpikingNetwork
    images : ndarray of float64, shape (n_images, *shape of the Input node)
        Some training images.
    wanted : ndarray, shape (n_images, n_classes)
        The analogue network's scores.

    Returns
    -------
    SpikingNetwork
    """
    start = network.readout.start
    currents, found = output_currents(network, images, start + max(STEPS)), {}
    for share in SHARES:
        reader = Reader(MembranePotential(start, share), range(len(images)), currents.shape[2])
        scores = reader.read(currents)[start + np.array(STEPS) - 1]
        found[share] = float(likeness(scores, wanted).mean())
    best = max(found, key=found.__getitem__)
    log.info(
        "the readout goes by the last %.0f %% of the steps: after %s steps its scores correlate with the analogue "
        "network's by %.2f, of all steps by %.2f (%d images)",
        *(100 * best, ", ".join(map(str, STEPS)), found[best], found[1.0], len(images)),
    )
    chosen = {
        "recent": best,
        "likeness_by_share": {str(share): value for share, value in found.items()},
        "after_steps": list(STEPS),
        "images": len(images),
    }
    return replace(with_share(network, best), chosen=network.chosen | chosen)


def with_share(network: SpikingNetwork, share: float) -> SpikingNetwork:
    """Return a network whose readout goes by a share of the last steps."""
    readout = {network.output: replace(network.readout, recent=share)}
    return replace(network, graph=network.graph.with_layers(readout))
