r"""Events from still images, by the three saccades with which N-MNIST was recorded.

There, a camera moved along the three sides of an isosceles triangle while it looked at an image, 100 ms for each
(Orchard et al. 2015, doi:10.3389/fnins.2015.00437). Here the image moves over the sensor instead. A pixel sends an
event each time that its logarithmic brightness has gone by :math:`\theta` from where it was at its last one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.base.parameters import parameter, validate
from stdpnet.datasets.events.aer import SENSOR
from stdpnet.datasets.events.recording import Recording

WHITE = 255

#: Steps in which the image moves, in us.
STEP = 1000


@dataclass(frozen=True)
class Saccades:
    """How an image moves, and how a pixel responds."""

    time: int = parameter(100, "time of a saccade", "ms", "Orchard 2015", low=1)
    reach: float = parameter(3.0, "length of the triangle's base, and its height, in pixels", "", "chosen here", low=0)
    threshold: float = parameter(0.25, "change of logarithmic brightness that is an event", "", "chosen here", low=0.01)
    dark: float = parameter(0.1, "brightness of black, as a part of that of white", "", "chosen here", low=1e-3)
    noise: float = parameter(0.1, "rate of events of a pixel without a cause", "Hz", "chosen here", low=0)
    spread: float = parameter(0.03, "standard deviation of thresholds among pixels", "", "chosen here", low=0)

    def __post_init__(self):
        validate(self)

    def path(self) -> np.ndarray:
        """Return by how much the image is moved down and right after each step, shape (n_steps + 1, 2), in pixels."""
        corners = self.reach * np.array([[0, -0.5], [1, 0], [0, 0.5], [0, -0.5]])
        sides = [np.linspace(a, b, self.time + 1)[1:] for a, b in pairwise(corners)]
        return np.concatenate([corners[:1], *sides])


def recordings(
    images: np.ndarray,
    saccades: Saccades | None = None,
    seed: int = 0,
    first: int = 0,
    shape: tuple[int, int] = SENSOR,
) -> Iterator[Recording]:
    """Yield the events of images, one after the other.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, height, width)
    saccades : Saccades, optional
    seed : int
        With the number of an image it decides on its noise, whatever other images there are. The pixels' thresholds
        follow from the seed alone.
    first : int
        Number of the first image in its data set.
    shape : tuple of int
        Rows and columns of the sensor; images lie in its middle.

    Yields
    ------
    Recording

    Raises
    ------
    DataError
        When the images are larger than the sensor.

    Examples
    --------
    >>> image = np.zeros((1, 28, 28), np.uint8)
    >>> image[0, 10:20, 10:20] = 255
    >>> (recording,) = recordings(image, Saccades(noise=0.0))
    >>> recording.shape, bool(len(recording) > 100)
    ((34, 34), True)
    """
    saccades = saccades or Saccades()
    height, width = images.shape[1:]
    if height > shape[0] or width > shape[1]:
        raise DataError(f"images of {height} x {width} are larger than the sensor, {shape[0]} x {shape[1]}")
    top, left = (shape[0] - height) // 2, (shape[1] - width) // 2
    theta = saccades.threshold + saccades.spread * np.random.default_rng((seed, 0)).standard_normal(shape)
    theta = np.maximum(theta, saccades.threshold / 10)
    for number, image in enumerate(images, start=first):
        sensor = np.zeros(shape)
        sensor[top : top + height, left : left + width] = image / WHITE
        yield _record(sensor, saccades, theta, np.random.default_rng((seed, 1, number)))


def _record(sensor, saccades, theta, random):
    path = saccades.path()
    seen = np.log(saccades.dark + (1 - saccades.dark) * _moved(sensor, path))
    level, events = seen[0].copy(), np.empty((len(path) - 1, *sensor.shape), int)
    for now, sent in zip(seen[1:], events, strict=True):
        np.trunc((now - level) / theta, out=sent, casting="unsafe")
        level += sent * theta
    where = np.nonzero(events)
    step, row, column, sign = (np.repeat(one, np.abs(events[where])) for one in (*where, events[where]))
    n = random.poisson(saccades.noise * sensor.size * (len(path) - 1) * STEP * 1e-6)
    step = np.concatenate([step, random.integers(0, len(path) - 1, n)])
    row = np.concatenate([row, random.integers(0, sensor.shape[0], n)])
    column = np.concatenate([column, random.integers(0, sensor.shape[1], n)])
    sign = np.concatenate([sign, random.choice([-1, 1], n)])
    time = step * STEP + random.integers(0, STEP, len(step))
    order = np.argsort(time, kind="stable")
    return Recording(column[order], row[order], (sign[order] > 0).astype(int), time[order], sensor.shape, "saccades")


def _moved(sensor, path):
    """Return the image at each place of the path, between pixels by linear interpolation, 0 outside."""
    down, right = (_interpolation(places, size) for places, size in zip(path.T, sensor.shape, strict=True))
    return down @ sensor @ right.swapaxes(1, 2)


def _interpolation(places, size):
    """Return the matrices that move a line of pixels, shape (n_places, size, size)."""
    from_where = np.arange(size) - places[:, None]
    weights = np.maximum(0, 1 - np.abs(from_where[:, :, None] - np.arange(size)))
    return weights * ((from_where >= 0) & (from_where <= size - 1))[:, :, None]
