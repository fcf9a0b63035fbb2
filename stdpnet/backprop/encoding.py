"""Images as events: each pixel is a Poisson process whose rate is its brightness, unless there are events already."""

import numpy as np

from stdpnet.backprop.constants import DT, Presentation
from stdpnet.backprop.events import Events, Stored

WHITE = 255


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


def encode(shown: np.ndarray | Stored, presentation: Presentation, random: np.random.Generator) -> Events:
    """Return the events of a batch: random ones of images, those that are there of recordings.

    Parameters
    ----------
    shown : ndarray of uint8, shape (n_images, ...), or Stored
    presentation : Presentation
    random : numpy.random.Generator

    Returns
    -------
    Events
    """
    return shown.events() if isinstance(shown, Stored) else poisson(shown, presentation, random)
