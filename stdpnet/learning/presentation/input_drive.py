r"""What an image does to its inputs: grey levels as they are, or the contrast about the mean of the training images.

*Grey* is the paper's: one input for each pixel, at a rate in proportion to its grey level. Its constants hold for
images with as much ink as MNIST's, and as many pixels.

*Contrast* makes other images like these. With the mean :math:`m` of each of :math:`n` pixels over the training images,

.. math::

    d = x - m, \qquad a = [\max(d, 0), \max(-d, 0)], \qquad
    a \leftarrow k \, a \, \sqrt{A / \textstyle\sum a},

an image :math:`x` of any scale drives :math:`2 n` inputs, ON and OFF. :math:`A` is the mean of :math:`\sum a` over the
training images; the root takes half of what images differ in contrast. :math:`k` brings the mean over inputs and
images to the mean grey level of MNIST, and a spike adds 784 / (2 n) times the weight to the conductance, so that
neurons get as much as from an image of 784 pixels: density is in the rates, size in the unit of the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stdpnet.network.inputs import CONTRAST_RESOLUTION

#: Mean grey level, share of black pixels and number of pixels of MNIST's training images.
MNIST_GREY, MNIST_BLACK, MNIST_PIXELS = 33.3, 0.81, 784

#: How much images may differ from these and still be driven by their grey levels.
LIKE_MNIST = {"grey": (28.0, 40.0), "black": (0.7, 0.9), "pixels": (600, 1000)}

#: Images whose contrast is computed at a time.
CHUNK = 2000


@dataclass(frozen=True)
class Grey:
    """Grey levels as they are.

    Attributes
    ----------
    n_inputs : int
        Pixels of an image.
    """

    n_inputs: int

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Return the drive of each input, shape (n_images, n_inputs)."""
        return images.reshape(len(images), -1)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what a checkpoint keeps: nothing."""
        return {}


@dataclass(frozen=True, eq=False)
class Contrast:
    """ON and OFF about the mean of the training images.

    Attributes
    ----------
    mean : ndarray, shape (n_pixels,)
        Of each pixel over the training images.
    typical : float
        Mean over the training images of the sum of their contrasts, :math:`A`.
    factor : float
        Of the whole data set, :math:`k`.
    """

    mean: np.ndarray
    typical: float
    factor: float

    @property
    def n_inputs(self) -> int:
        """Twice the pixels of an image."""
        return 2 * len(self.mean)

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Return the drive of each input in units of 1 / 16 grey level, shape (n_images, n_inputs).

        An image of one grey level has no contrast, and no drive.
        """
        images = images.reshape(len(images), -1)
        contrast, sums = _contrast(images, self.mean)
        gain = self.factor * np.sqrt(self.typical / np.where(sums > 0, sums, 1))
        on_off = np.concatenate([np.maximum(contrast, 0), np.maximum(-contrast, 0)], axis=1)
        return np.rint(CONTRAST_RESOLUTION * gain[:, None] * on_off).astype(np.int32)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what a checkpoint keeps."""
        return {"drive.mean": self.mean, "drive.typical": np.array(self.typical), "drive.factor": np.array(self.factor)}

    @classmethod
    def of_images(cls, images: np.ndarray) -> "Contrast":
        """Return the drive that training images ask for.

        Parameters
        ----------
        images : ndarray of uint8, shape (n_images, ...)
        """
        images = images.reshape(len(images), -1)
        mean = images.mean(axis=0)
        starts = range(0, len(images), CHUNK)
        sums = np.concatenate([_contrast(images[start : start + CHUNK], mean)[1] for start in starts])
        typical = float(sums.mean()) or 1.0
        # an image's sum after the gain, without the factor, is sqrt(typical * sum)
        total = float(np.sqrt(typical * sums).mean()) or 1.0
        return cls(mean, typical, MNIST_GREY * 2 * images.shape[1] / total)


def _contrast(images: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the contrast of each image, 0 throughout for one of a single grey level, and the sum of its sizes."""
    constant = images.min(axis=1) == images.max(axis=1)
    contrast = np.where(constant[:, None], 0, images - mean)
    return contrast, np.abs(contrast).sum(axis=1)


def like_mnist(images: np.ndarray) -> str:
    """Say how training images differ from MNIST's so much that grey levels do not fit; empty if they do not.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, ...)

    Returns
    -------
    str
        Such as ``"mean grey level 72.9, not 28 to 40"``.

    Examples
    --------
    >>> like_mnist(np.full((10, 28, 28), 200, np.uint8))
    'mean grey level 200, not 28 to 40'
    """
    images = images.reshape(len(images), -1)
    measured = {
        "pixels": ("number of pixels", images.shape[1]),
        "grey": ("mean grey level", round(float(images.mean()), 1)),
        "black": ("share of black pixels", round(float(np.mean(images == 0)), 2)),
    }
    for name, (about, value) in measured.items():
        low, high = LIKE_MNIST[name]
        if not low <= value <= high:
            return f"{about} {value:g}, not {low:g} to {high:g}"
    return ""


def drive_for(name: str, images: np.ndarray) -> Grey | Contrast:
    """Return the drive called `name` for training images.

    Parameters
    ----------
    name : {"grey", "contrast"}
    images : ndarray of uint8, shape (n_images, ...)
        All training images.
    """
    return Contrast.of_images(images) if name == "contrast" else Grey(int(np.prod(images.shape[1:])))


def drive_in(arrays: Mapping[str, np.ndarray]) -> Grey | Contrast:
    """Return the drive that a checkpoint keeps."""
    if "drive.mean" in arrays:
        return Contrast(arrays["drive.mean"], float(arrays["drive.typical"]), float(arrays["drive.factor"]))
    return Grey(len(arrays["input_synapses.w"]))
