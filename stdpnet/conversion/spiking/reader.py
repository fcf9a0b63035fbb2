"""Apply a readout to the currents of a batch of images, block by block of time steps."""

import numpy as np

from stdpnet.conversion.spiking.encoding import generator


class Reader:
    """What a readout has gathered so far.

    Parameters
    ----------
    layer : Readout
    images : sequence of int
        Numbers of the images in the data set.
    """

    def __init__(self, layer, images):
        self.layer, self.step = layer, 0
        self.potential = self.scores = None
        self.generators = [generator(getattr(layer, "seed", 0), "readout", image) for image in images]

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
        if self.potential is None:
            self.potential = self.scores = np.zeros(currents.shape[1:])
        silent = min(max(self.layer.start - self.step, 0), len(currents))
        self.step += len(currents)
        result = np.zeros(currents.shape)
        if silent < len(currents):
            heard = np.concatenate([self.potential[None], currents[silent:].astype(float)]).cumsum(axis=0)[1:]
            result[silent:] = self.layer.scores(heard, self.generators, self.scores)
            self.potential, self.scores = heard[-1], result[-1]
        return result

    def keep(self, chosen: np.ndarray) -> None:
        """Go on with some of the images only, given by their places."""
        self.potential, self.scores = self.potential[chosen], self.scores[chosen]
        self.generators = [self.generators[place] for place in chosen]
