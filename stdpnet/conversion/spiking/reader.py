"""Apply a readout to the currents of a batch of images, block by block of time steps."""

from collections.abc import Iterable

import numpy as np

from stdpnet.conversion.spiking.encoding import generator
from stdpnet.conversion.spiking.readout import Readout


class Reader:
    """What a readout has gathered so far.

    Parameters
    ----------
    layer : Readout
    images : iterable of int
        Numbers of the images in the data set.
    n_classes : int
    """

    def __init__(self, layer: Readout, images: Iterable[int], n_classes: int):
        self.layer = layer
        self.generators = [generator(getattr(layer, "seed", 0), "readout", image) for image in images]
        self.sums = np.zeros(
            (1, len(self.generators), n_classes)
        )  # of all currents, before the first step and after each
        self.scores = self.sums[0]

    def read(self, currents: np.ndarray) -> np.ndarray:
        """Return the scores after each of the next steps.

        Parameters
        ----------
        currents : ndarray, shape (steps, n_images, n_classes)

        Returns
        -------
        ndarray of float64, shape (steps, n_images, n_classes)
            0 before the readout starts.
        """
        added = np.concatenate([self.sums[-1:], currents.astype(float)]).cumsum(axis=0)[1:]
        steps = np.arange(len(self.sums), len(self.sums) + len(currents))
        self.sums = np.concatenate([self.sums, added])
        window, result = self.layer.window(steps), np.zeros(currents.shape)
        heard = window > 0
        if heard.any():
            last, count = steps[heard], window[heard]
            times = ((last - self.layer.start) / count)[:, None, None]
            potential = (self.sums[last] - self.sums[last - count]) * times
            result[heard] = self.layer.scores(potential, self.generators, self.scores)
            self.scores = result[-1]
        return result

    def keep(self, chosen: np.ndarray) -> None:
        """Go on with some of the images only, given by their places."""
        self.sums, self.scores = self.sums[:, chosen], self.scores[chosen]
        self.generators = [self.generators[place] for place in chosen]
