r"""Drives that make other images like MNIST's: ink on a ground, or contrast about the mean image.

*Ink* is how far each pixel is from the ground, the commonest grey level of all :math:`n` pixels of the training images.
*Contrast* is how much brighter (ON) or darker (OFF) each pixel is than in their mean, :math:`2 n` inputs. With
:math:`m` the ground or the mean of each pixel, an image :math:`x` of any scale drives its inputs with

.. math::

    a = G_\sigma |x - m| \quad \text{or} \quad a = [\max(x - m, 0), \max(m - x, 0)], \qquad
    a \leftarrow k \, a \, \sqrt{A / \textstyle\sum a}.

:math:`G_\sigma` spreads the ink of thin strokes (`stdpnet.learning.presentation.spread`).
:math:`A` is the mean of :math:`\sum a` over the training images; the root takes half of what images differ in contrast.
:math:`k` brings the mean over inputs and images to the mean grey level of MNIST, and a spike adds 784 / N times the
weight to the conductance, with N inputs, so that neurons get as much as from an image of 784 pixels: density is in the
rates, size in the unit of the weights.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from scipy.ndimage import gaussian_filter

from stdpnet.learning.presentation.ground import CHUNK, ground_of
from stdpnet.learning.presentation.spread import spread_of
from stdpnet.network.inputs import CONTRAST_RESOLUTION

#: Mean grey level of MNIST's training images.
MNIST_GREY = 33.3


@dataclass(frozen=True, eq=False)
class Contrast:
    """ON and OFF about the mean of the training images.

    Attributes
    ----------
    mean : ndarray, shape (n_pixels,)
        What pixels are compared with: their mean over the training images.
    typical : float
        Mean over the training images of the sum of their contrasts, :math:`A`.
    factor : float
        Of the whole data set, :math:`k`.
    """

    mean: np.ndarray
    typical: float
    factor: float

    inputs_of_a_pixel: ClassVar[int] = 2
    scaled: ClassVar[bool] = True
    #: The name of `mean` in a checkpoint.
    kept_as: ClassVar[str] = "drive.mean"

    @property
    def n_inputs(self) -> int:
        """Inputs of the network."""
        return self.inputs_of_a_pixel * len(self.mean)

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Return the drive of each input in units of 1 / 16 grey level, shape (n_images, n_inputs).

        An image of one grey level has no contrast, and no drive.
        """
        contrast, sums = _contrast(images.reshape(len(images), -1), self.mean)
        gain = self.factor * np.sqrt(self.typical / np.where(sums > 0, sums, 1))
        drive = self._sides(contrast, images.shape)
        return np.rint(CONTRAST_RESOLUTION * gain[:, None] * drive).astype(np.int32)

    def _sides(self, contrast: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        return np.concatenate([np.maximum(contrast, 0), np.maximum(-contrast, 0)], axis=1)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what a checkpoint keeps."""
        return {self.kept_as: self.mean, "drive.typical": np.array(self.typical), "drive.factor": np.array(self.factor)}

    @classmethod
    def of_images(cls, images: np.ndarray) -> Self:
        """Return the drive that training images ask for.

        Parameters
        ----------
        images : ndarray of uint8, shape (n_images, ...)
        """
        images = images.reshape(len(images), -1)
        mean = cls._compared_with(images)
        sums = _sums(images, mean)
        typical = float(sums.mean()) or 1.0
        return cls(mean, typical, cls._wanted(mean) / (_total(sums, typical) or 1.0))

    def with_more(self, images: np.ndarray, seen: int) -> Self:
        """Return the drive after more images of a stream, over which no pass can be made: running means.

        Parameters
        ----------
        images : ndarray of uint8, shape (n_images, ...)
        seen : int
            How many came before them.

        Examples
        --------
        >>> images = np.random.default_rng(0).integers(0, 256, (30, 64), np.uint8)
        >>> drive = Contrast.of_images(images[:10]).with_more(images[10:], seen=10)
        >>> bool(np.allclose(drive.mean, images.mean(axis=0)))
        True
        """
        images, share = images.reshape(len(images), -1), len(images) / (seen + len(images))
        mean = self._moved(images, share)
        sums = _sums(images, mean)
        typical = (1 - share) * self.typical + share * float(sums.mean())
        wanted = self._wanted(mean)
        return type(self)(mean, typical, wanted / ((1 - share) * wanted / self.factor + share * _total(sums, typical)))

    def _moved(self, images: np.ndarray, share: float) -> np.ndarray:
        return (1 - share) * self.mean + share * images.mean(axis=0)

    @classmethod
    def _wanted(cls, mean: np.ndarray) -> float:
        return MNIST_GREY * cls.inputs_of_a_pixel * len(mean)

    @staticmethod
    def _compared_with(images: np.ndarray) -> np.ndarray:
        return images.mean(axis=0)


@dataclass(frozen=True, eq=False)
class Ink(Contrast):
    """Distance from the ground, whether darker or brighter: what there is where all ink is on one side of it.

    Attributes
    ----------
    mean, typical, factor
        As of `Contrast`; the mean is the ground, the same for every pixel.
    spread : float
        Standard deviation of the Gaussian that spreads thin strokes, in pixels; of images of shape (n, height, width).
    """

    spread: float = 0.0

    inputs_of_a_pixel = 1
    kept_as = "drive.ground"
    #: The name of `spread` in a checkpoint; those from before there was one have none.
    spread_kept_as: ClassVar[str] = "drive.spread"

    def _sides(self, contrast: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        ink = np.abs(contrast)
        return gaussian_filter(ink.reshape(shape), self.spread, axes=(1, 2)).reshape(ink.shape) if self.spread else ink

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what a checkpoint keeps."""
        return super().arrays() | {self.spread_kept_as: np.array(self.spread)}

    @classmethod
    def of_images(cls, images: np.ndarray) -> Self:
        """Return the drive that training images ask for: of shape (n_images, height, width), else nothing is spread."""
        drive = super().of_images(images)
        return replace(drive, spread=spread_of(images, drive.mean[0])) if images.ndim == 3 else drive

    def with_more(self, images: np.ndarray, seen: int) -> Self:
        """Return the drive after more images of a stream; ground and spread stay."""
        return replace(super().with_more(images, seen), spread=self.spread)

    def _moved(self, images: np.ndarray, share: float) -> np.ndarray:
        return self.mean

    @staticmethod
    def _compared_with(images: np.ndarray) -> np.ndarray:
        return np.full(images.shape[1], float(ground_of(images)))


def _contrast(images: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the contrast of each image, 0 throughout for one of a single grey level, and the sum of its sizes."""
    constant = images.min(axis=1) == images.max(axis=1)
    contrast = np.where(constant[:, None], 0, images - mean)
    return contrast, np.abs(contrast).sum(axis=1)


def _sums(images: np.ndarray, mean: np.ndarray) -> np.ndarray:
    starts = range(0, len(images), CHUNK)
    return np.concatenate([_contrast(images[start : start + CHUNK], mean)[1] for start in starts])


def _total(sums: np.ndarray, typical: float) -> float:
    """Return the mean over images of the sum over inputs after the gain, without the factor."""
    return float(np.sqrt(typical * sums).mean())
