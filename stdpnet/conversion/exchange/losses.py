"""What a network loses that is written with less than it is, measured."""

from dataclasses import dataclass

import numpy as np

from stdpnet.conversion.simulators import simulate
from stdpnet.conversion.spiking.network import SpikingNetwork


@dataclass(frozen=True)
class Loss:
    """How far what was written is from the network.

    Attributes
    ----------
    reasons : tuple of str
        What could not be said.
    n_images, steps : int
        By which it was measured.
    agreement : float
        Share of the images that both answer the same.
    rates : dict of str to float
        By how many spikes in a step a neuron of each layer differs, in the mean over neurons and images.
    """

    reasons: tuple[str, ...]
    n_images: int
    steps: int
    agreement: float
    rates: dict[str, float]

    def __str__(self):
        """Return it as a sentence."""
        worst = max(self.rates, key=self.rates.__getitem__)
        return (
            f"what was written answers {self.agreement:.1%} of {self.n_images} images as the network does after "
            f"{self.steps} steps, and its rates differ by {self.rates[worst]:.3f} in the mean in {worst}, where they "
            f"differ most: NIR cannot say {'; '.join(self.reasons)}"
        )


def measured_loss(
    network: SpikingNetwork, written: SpikingNetwork, images: np.ndarray, steps: int, reasons: list[str]
) -> Loss:
    """Return how far a network that was written is from what it stands for.

    Parameters
    ----------
    network, written : SpikingNetwork
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
    steps : int
    reasons : list of str

    Returns
    -------
    Loss
    """
    one, other = (simulate(each, images, steps, keep="counts") for each in (network, written))
    rates = {
        name: float(np.abs(counts - other.counts[name]).mean() / steps)
        for name, counts in one.counts.items()
        if name in other.counts
    }
    agreement = float(np.mean(one.predictions[:, -1] == other.predictions[:, -1]))
    return Loss(tuple(reasons), len(images), steps, agreement, rates)
