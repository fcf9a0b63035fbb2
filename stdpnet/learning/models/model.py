"""A trained network with names for its neurons, by itself: it classifies images, and needs no data set."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.datasets.images import Scale
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.responses import FrozenNetwork, spike_counts
from stdpnet.learning.state import State, frozen_state
from stdpnet.readouts.mean_response import class_votes
from stdpnet.readouts.vote import elect
from stdpnet.simulation import resolve_backend


@dataclass(frozen=True, repr=False, eq=False)
class Model:
    """A network that has learned and does not learn any more, as `stdpnet.load_model` returns it.

    It answers like the `stdpnet.STDPClassifier` that it was made from, and loads no scikit-learn.

    Attributes
    ----------
    config : Config
    state : State
        Weights, thresholds, delays and the drive.
    image_shape : tuple of int
        Height and width of an image.
    scale : Scale
        Which values become grey levels 0 and 255.
    background : float
        Mean grey level of the training images at their edge.
    classes : ndarray, shape (n_classes,)
        Numbers or texts.
    assignments : ndarray of int, shape (n_neurons,)
        The class after which each neuron is named, as a place in `classes`; -1 for none.
    most_frequent : int
        Place of the class that an image gets to which no named neuron responds.
    """

    config: Config
    state: State
    image_shape: tuple[int, int]
    scale: Scale
    background: float
    classes: np.ndarray
    assignments: np.ndarray
    most_frequent: int

    def counts(self, images: Any, workers: int | None = 1, show_progress: bool = False) -> np.ndarray:
        """Return the spikes of each neuron during each image, which follow from seed and image alone.

        Parameters
        ----------
        images : array_like, shape (height, width), (n_images, height, width) or (n_images, n_pixels)
        workers : int or None
            Processes; -1 means one for each core.
        show_progress : bool

        Returns
        -------
        ndarray of int32, shape (n_images, n_neurons)

        Raises
        ------
        DataError
            When the images have another size or scale than those of the training.
        """
        frozen = frozen_state(self.config, self.state)
        network = FrozenNetwork(self.config, frozen, resolve_backend(self.config.backend))
        return spike_counts(network, self.scale.levels(self._stack(images)), workers, show_progress)

    def votes(self, counts: np.ndarray) -> np.ndarray:
        """Return the mean spikes of each class's neurons, shape (n_images, n_classes), from `counts`."""
        return class_votes(counts, self.assignments, np.arange(len(self.classes)))

    def predict(self, images: Any, workers: int | None = 1, show_progress: bool = False) -> np.ndarray:
        """Return the class of each image.

        Parameters
        ----------
        images : array_like
        workers : int or None
        show_progress : bool
            As in `counts`, and so are the errors.

        Returns
        -------
        ndarray, shape (n_images,)
        """
        return self.answers(self.votes(self.counts(images, workers, show_progress)))

    def answers(self, votes: np.ndarray) -> np.ndarray:
        """Return the class of each image, shape (n_images,), from `votes`."""
        places = elect(np.arange(len(self.classes)), votes)
        return self.classes[np.where(places == NO_ANSWER, self.most_frequent, places)]

    def _stack(self, images: Any) -> np.ndarray:
        array = np.asarray(images)
        height, width = self.image_shape
        shapes = {(height, width), (len(array) if array.ndim else 0, height * width)}
        if array.dtype.kind not in "biuf" or (array.shape not in shapes and array.shape[1:] != (height, width)):
            raise DataError(
                f"found images of shape {array.shape} and type {array.dtype}, expected numbers of shape "
                f"({height}, {width}), (n, {height}, {width}) or (n, {height * width}), as in the training"
            )
        return array.reshape(-1, height, width)

    def __repr__(self) -> str:
        height, width = self.image_shape
        return (
            f"Model: {self.config.neurons:,} neurons, rule {self.config.plasticity.name}, {self.state.presented:,} "
            f"presentations of images of {height} x {width}, {len(self.classes)} classes"
        )


def edge_level(images: np.ndarray) -> float:
    """Return the mean grey level at the edge of images.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, height, width)

    Examples
    --------
    >>> image = np.full((1, 3, 3), 200)
    >>> image[0, 1, 1] = 0
    >>> edge_level(image)
    200.0
    """
    mean = images.mean(axis=0)
    inner = np.zeros(mean.shape, bool)
    inner[1:-1, 1:-1] = True
    return float(mean[~inner].mean())
