"""How the rates of spiking neurons compare with the activations that they stand for."""

import numpy as np

#: Bins from 0 to 1 for rates, and from 0 to `HIGHEST` for activations, which a rate cannot follow above 1.
BINS, HIGHEST = 50, 1.5


class Rates:
    """Gathers rates and activations of one layer over batches of images, each neuron and image a pair.

    Attributes
    ----------
    histogram : ndarray of int, shape (BINS, BINS)
        Pairs by activation and by rate; what is larger is in the last bin. Pairs of zeros are left out.
    """

    def __init__(self):
        self.n = self.saturated = self.silent = 0
        self.sums, self.products = np.zeros(2), np.zeros((2, 2))
        self.excess = 0
        self.histogram = np.zeros((BINS, BINS), np.int64)

    def add(self, counts: np.ndarray, steps: np.ndarray, activations: np.ndarray) -> None:
        """Add a batch.

        Parameters
        ----------
        counts : ndarray of int, shape (n_images, ...)
            Spikes of each neuron.
        steps : ndarray of int, shape (n_images,)
        activations : ndarray, shape (n_images, ...)
            Of the normalised analogue network.
        """
        rates = (counts / steps.reshape(-1, *(1,) * (counts.ndim - 1))).ravel()
        activations = activations.ravel().astype(float)
        pairs = np.stack([activations, rates])
        self.n += rates.size
        self.saturated += int((rates == 1).sum())
        self.silent += int((rates == 0).sum())
        self.excess += int((activations > 1).sum())
        self.sums += pairs.sum(axis=1)
        self.products += pairs @ pairs.T
        shown = pairs[:, pairs.any(axis=0)] / [[HIGHEST], [1]]
        places = np.minimum((shown * BINS).astype(int), BINS - 1)
        np.add.at(self.histogram, tuple(places), 1)

    def summary(self) -> dict[str, float | None]:
        """Return the layer's numbers.

        Returns
        -------
        dict
            ``mean_rate`` and ``mean_activation``, in spikes per step; the shares of neurons that spiked in every step
            (``saturated``), never (``silent``), or whose activation is above 1; Pearson's ``correlation`` of rate and
            activation, None where one of them does not vary.
        """
        mean = self.sums / self.n
        covariance = self.products / self.n - np.outer(mean, mean)
        variances = covariance.diagonal()
        varies = (variances > 1e-12 * self.products.diagonal() / self.n).all()
        correlation = float(covariance[0, 1] / np.sqrt(variances.prod())) if varies else None
        return {
            "mean_rate": float(mean[1]),
            "mean_activation": float(mean[0]),
            "saturated": self.saturated / self.n,
            "silent": self.silent / self.n,
            "activation_above_1": self.excess / self.n,
            "correlation": correlation,
        }
