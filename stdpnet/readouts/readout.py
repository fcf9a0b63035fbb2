"""What a readout is, and what it is made from and asked about."""

from typing import Any, Protocol

import numpy as np

#: Image, time step and neuron of each spike, three arrays of int of shape (n_spikes,), ascending in this order.
Spikes = tuple[np.ndarray, np.ndarray, np.ndarray]


class Responses(Protocol):
    """The spikes of a frozen network in response to images: all of them, or a part.

    Attributes
    ----------
    counts : ndarray of int, shape (n_images, n_neurons)
        Spikes of each neuron while an image is shown.
    spikes : Spikes
        The same spikes, one by one; only readouts that look at their order need them.
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
    reads_order : bool
        Whether it looks at single spikes. Such a readout is an `OrderReadout`: it is made from parts of the responses
        and asked about parts, since there may be any number of spikes.
    """

    name: str
    supervised: bool
    reads_order: bool

    def __init__(self, training: TrainingResponses) -> None: ...

    def predict(self, responses: Responses) -> np.ndarray:
        """Return the class of each image, an ndarray of int of shape (n_images,), `NO_ANSWER` where there is none."""


class OrderReadout(Readout, Protocol):
    """A `Readout` that looks at single spikes."""

    def merged(self, other: Any) -> Any:
        """Return the readout of the training images of both."""
