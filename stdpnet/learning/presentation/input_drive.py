"""What an image does to its inputs: grey levels as they are, ink on a ground, or contrast about the mean image.

*Grey* is the paper's: one input for each pixel, at a rate in proportion to its grey level. Its constants hold for
images with as much ink as MNIST's, and as many pixels. The other two (`stdpnet.learning.presentation.contrast`) make
other images like these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from stdpnet.learning.presentation.contrast import Contrast, Ink


@dataclass(frozen=True)
class Grey:
    """Grey levels as they are.

    Attributes
    ----------
    n_inputs : int
        Pixels of an image.
    """

    n_inputs: int

    inputs_of_a_pixel: ClassVar[int] = 1
    #: Whether drive and weights have units of their own, so that density and size fit.
    scaled: ClassVar[bool] = False

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Return the drive of each input, shape (n_images, n_inputs)."""
        return images.reshape(len(images), -1)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what a checkpoint keeps: nothing."""
        return {}

    def with_more(self, images: np.ndarray, seen: int) -> Self:
        """Return the drive after more images of a stream: the same."""
        return self

    @classmethod
    def of_images(cls, images: np.ndarray) -> Self:
        """Return the drive of images of this size."""
        return cls(int(np.prod(images.shape[1:])))


#: What drives the inputs, by name.
DRIVES: dict[str, type[Contrast] | type[Grey]] = {"grey": Grey, "ink": Ink, "contrast": Contrast}


def kind_of(name: str) -> type[Contrast] | type[Grey]:
    """Return what a configuration's drive is; "auto", before the training images have decided, is grey."""
    return DRIVES.get(name, Grey)


def drive_for(name: str, images: np.ndarray) -> Grey | Contrast:
    """Return the drive called `name` for training images.

    Parameters
    ----------
    name : {"grey", "ink", "contrast"}
    images : ndarray of uint8, shape (n_images, ...)
        All training images.
    """
    return kind_of(name).of_images(images)


def drive_in(arrays: Mapping[str, np.ndarray]) -> Grey | Contrast:
    """Return the drive that a checkpoint keeps."""
    for kind in (Contrast, Ink):
        if kind.kept_as in arrays:
            drive = kind(arrays[kind.kept_as], float(arrays["drive.typical"]), float(arrays["drive.factor"]))
            spread = float(arrays.get(Ink.spread_kept_as, 0))
            return replace(drive, spread=spread) if isinstance(drive, Ink) else drive
    return Grey(len(arrays["input_synapses.w"]))
