"""Images as events: each pixel is a Poisson process whose rate is its brightness."""

from dataclasses import dataclass

import numpy as np

from stdpnet.backprop.events import Events
from stdpnet.backprop.neuron import DT
from stdpnet.base.parameters import parameter, validate

WHITE = 255


@dataclass(frozen=True)
class Presentation:
    """How an image is shown."""

    time: int = parameter(30, "time for which an image is shown", "ms", "chosen here on held-out images", low=1)
    rate: float = parameter(600.0, "rate of a white pixel", "Hz", "chosen here on held-out images", low=1)

    def __post_init__(self):
        validate(self)

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return round(self.time / DT)


def poisson(images: np.ndarray, presentation: Presentation, random: np.random.Generator) -> Events:
    """Return random events of a batch of images.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, ...)
        Grey levels; each image's pixels in one row are its addresses.
    presentation : Presentation
    random : numpy.random.Generator

    Returns
    -------
    Events

    Examples
    --------
    >>> white = np.full((1, 28, 28), 255, np.uint8)
    >>> events = poisson(white, Presentation(time=50, rate=400.0), np.random.default_rng(0))
    >>> events.shape, round(len(events.step) / 784)
    ((50, 1, 784), 20)
    """
    rows = images.reshape(len(images), -1)
    image, address = np.nonzero(rows)
    mean = rows[image, address] * (presentation.rate * presentation.steps * DT * 1e-3 / WHITE)
    number = random.poisson(mean)
    step = random.integers(0, presentation.steps, number.sum(), dtype=np.int32)
    return Events(step, np.repeat(image, number), np.repeat(address, number), (presentation.steps, *rows.shape))
