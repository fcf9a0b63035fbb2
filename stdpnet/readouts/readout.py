"""What a readout is, and what it is made from and asked about."""

from typing import Protocol

import numpy as np

#: Image, time step and neuron of each spike, three arrays of int of shape (n_spikes,), ascending in this order.
Spikes = tuple[np.ndarray, np.ndarray, np.ndarray]


class Responses(Protocol):
    """The spikes of a frozen network in response to images.

    Attributes
    ----------
    counts : ndarray of int, shape (n_images, n_neurons)
        Spikes of each neuron while an image is shown.
    spikes : Spikes
        The same spikes, one by one.
    """

    @property
    def counts(self) -> np.ndarray:
        """Spikes of each neuron, shape (n_images, n_neurons)."""

    @property
    def spikes(self) -> Spikes:
        """Image, time step and neuron of each spike."""


class TrainingResponses(Responses, Protocol):
    """Responses to training images, the only ones that have labels.

    Attributes
    ----------
    labels : ndarray of int, shape (n_images,)
        Classes of the images.
    """

    @property
    def labels(self) -> np.ndarray:
        """Classes of the images, shape (n_images,)."""


class Readout(Protocol):
    """Names a class for each image, from the spikes alone.

    Parameters
    ----------
    training : TrainingResponses
        All that it ever learns from.

    Attributes
    ----------
    name : str
        As in ``evaluation.json``.
    supervised : bool
        Whether it fits weights to the labels, instead of only naming what the network has found.
    """

    name: str
    supervised: bool

    def __init__(self, training: TrainingResponses) -> None: ...

    def predict(self, responses: Responses) -> np.ndarray:
        """Return the class of each image, an ndarray of int of shape (n_images,), `NO_ANSWER` where there is none."""
