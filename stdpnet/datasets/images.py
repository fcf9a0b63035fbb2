"""Images of any type as grey levels of uint8, by one rule that is said."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets.axes import as_images
from stdpnet.datasets.notices import say

#: Where grey levels commonly end: shares, scikit-learn's digits, 8, 12 and 16 bits.
FULL_SCALES = (1, 16, 255, 4095, 65535)

#: How far above its end a scale may be overshot, by resizing for example.
OVERSHOOT = 1.01


def grey_levels(train: Any, test: Any, colour: str, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return training and test images as uint8, of shape (n, height, width) or with planes; what was done is said.

    Images of uint8 stay as they are. Others are scaled from 0 to the full scale of the training images: the smallest of
    `FULL_SCALES` that holds their greatest value, if that reaches half of it, else the greatest value itself. Where
    there are negative values, the scale begins at the least. Test images are scaled alike and cut off at its ends.

    Parameters
    ----------
    train, test : array_like or None
        None for `test` where there are none.
    colour : {"grey", "channels", "planes"}
        See `stdpnet.datasets.axes.as_images`.
    where : str
        Name of the data set.

    Returns
    -------
    tuple of ndarray of uint8
        Training and test images, the same arrays where nothing was to be done.

    Raises
    ------
    DataError
        When they are no images, hold values that are not finite, or differ in size or scale.

    Examples
    --------
    >>> train, test = grey_levels(np.array([[[0, 0.5, 1]]]), np.array([[[2, 0, 0.25]]]), "grey", "halves")
    >>> train.tolist(), test.tolist()
    ([[[0, 128, 255]]], [[[255, 0, 64]]])
    """
    images, done = as_images(train, colour, f"{where}, training images")
    given = np.empty((0, *images.shape[1:]), np.uint8) if test is None or np.size(test) == 0 else test
    tests = given if len(given) == 0 else as_images(given, colour, f"{where}, test images")[0]
    if images.shape[1:] != tests.shape[1:]:
        raise DataError(
            f"{where}: found training images of shape {images.shape[1:]} and test images of shape {tests.shape[1:]}, "
            "expected the same"
        )
    scale, most = Scale.of(images, f"{where}, training images"), images.max()
    tests = scale.levels(tests, f"{where}, test images")
    if images.dtype == np.uint8 and most <= FULL_SCALES[1] and most:
        say(
            where,
            f"no grey level of 255 is above {most:g}: such images drive few spikes; give them as floats to scale them",
        )
    if scale != Scale():
        done += f"{', ' * bool(done)}values {scale} were scaled to grey levels from 0 to 255"
    if done:
        say(where, done)
    return scale.levels(images, where), tests


@dataclass(frozen=True)
class Scale:
    """What becomes of values: grey levels from 0, for `low`, to 255, for `high`.

    Attributes
    ----------
    low, high : float

    Examples
    --------
    >>> Scale.of(np.array([[0.0, 0.9]]))
    Scale(low=0.0, high=1.0)
    >>> Scale(0, 1).levels(np.array([[0, 0.5, 2]]))
    array([[  0, 128, 255]], dtype=uint8)
    """

    low: float = 0.0
    high: float = 255.0

    @classmethod
    def of(cls, images: np.ndarray, where: str = "images") -> "Scale":
        """Return the scale of training images, by the rule of `grey_levels`; `where` names them in an error."""
        least, most = _range(images, where)
        return cls() if images.dtype == np.uint8 else cls(min(least, 0.0), full_scale(least, most))

    def levels(self, images: np.ndarray, where: str = "images") -> np.ndarray:
        """Return images as grey levels of uint8, cut off at the ends of the scale.

        Parameters
        ----------
        images : ndarray, of any shape
        where : str
            Names them in an error.

        Raises
        ------
        DataError
            When a value is not finite, or they are on another scale than training images: brighter than 255, or no
            brighter than 1 where those go to 16 or more.
        """
        if not len(images) or (images.dtype == np.uint8 and self == Scale()):
            return images
        _, most = _range(images, where)
        if most > 2 * self.high + 2 or 0 < most <= 1 < FULL_SCALES[1] <= self.high:
            raise DataError(
                f"{where}: found values up to {most:g}, and training images on a scale up to {self.high:g}, expected "
                "one scale: scale both in the same way first"
            )
        span, levels = self.high - self.low or 1.0, np.empty(images.shape, np.uint8)
        for start in range(0, len(images), 1000):  # little memory
            part = images[start : start + 1000].astype(float)
            levels[start : start + 1000] = np.rint(((part - self.low) / span).clip(0, 1) * 255)
        return levels

    def __str__(self) -> str:
        return f"from {self.low:.6g} to {self.high:.6g}"


def full_scale(least: float, most: float) -> float:
    """Return the value that becomes 255, by the rule of `grey_levels`.

    Examples
    --------
    >>> full_scale(0, 0.99), full_scale(0, 1.004), full_scale(0, 254), full_scale(0, 30_000), full_scale(-1, 0.9)
    (1.0, 1.0, 255.0, 30000.0, 0.9)
    """
    if least < 0:
        return float(most)
    return float(next((top for top in FULL_SCALES if top / 2 <= most <= OVERSHOOT * top), most))


def _range(images: np.ndarray, where: str) -> tuple[float, float]:
    least, most = float(images.min()), float(images.max())
    if not np.isfinite([least, most]).all():
        wrong = sum(int(np.sum(~np.isfinite(image))) for image in images)
        raise DataError(f"{where}: found {wrong} values that are not finite, expected grey levels: replace them first")
    return least, most
