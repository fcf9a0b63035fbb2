"""What a data set is, and the checks that every source passes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets.fingerprint import fingerprint


@dataclass(frozen=True, repr=False, eq=False)
class Dataset:
    """Grey-level images with labels, split into a training and a test part.

    Parameters
    ----------
    name : str
    train_images : ndarray of uint8, shape (n_train, height, width)
        Grey levels, 0 for no input.
    train_labels : ndarray of uint8, shape (n_train,)
        Classes; no rule of plasticity sees them.
    test_images : ndarray of uint8, shape (n_test, height, width)
    test_labels : ndarray of uint8, shape (n_test,)
    source : str
        What `stdpnet.load_dataset` takes to find it again; empty for arrays of one's own.

    Raises
    ------
    DataError
        When images are not of this shape and type, or there are not as many labels.

    Examples
    --------
    >>> images, labels = np.zeros((20, 8, 8), np.uint8), np.arange(20, dtype=np.uint8) % 2
    >>> dataset = Dataset("mine", images[:15], labels[:15], images[15:], labels[15:])
    >>> dataset
    Dataset 'mine': 15 training and 5 test images of 8 x 8, 2 classes
    >>> dataset.n_inputs
    64
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    source: str = ""

    def __post_init__(self) -> None:
        for part in ("train", "test"):
            images, labels = getattr(self, f"{part}_images"), getattr(self, f"{part}_labels")
            where = f"{self.name}, {part} set"
            if images.ndim != 3 or 0 in images.shape:
                raise DataError(f"{where}: found images of shape {images.shape}, expected (n, height, width), none 0")
            if images.dtype != np.uint8:
                raise DataError(f"{where}: found grey levels of type {images.dtype}, expected uint8, 0 to 255")
            if len(images) != len(labels):
                raise DataError(
                    f"{where}: found {len(images)} images but {len(labels)} labels, expected as many of each"
                )
        if self.train_images.shape[1:] != self.test_images.shape[1:]:
            raise DataError(
                f"{self.name}: found training images of shape {self.train_images.shape[1:]} and test images of shape "
                f"{self.test_images.shape[1:]}, expected the same"
            )

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of an image, in pixels."""
        height, width = self.train_images.shape[1:]
        return height, width

    @property
    def n_inputs(self) -> int:
        """Number of pixels of an image."""
        return int(np.prod(self.image_shape))

    @cached_property
    def fingerprint(self) -> str:
        """The images and labels of both parts, by `stdpnet.datasets.fingerprint.fingerprint`; names do not count."""
        return fingerprint((self.train_images, self.train_labels, self.test_images, self.test_labels))

    def __repr__(self) -> str:
        height, width = self.image_shape
        classes = len(np.unique(self.train_labels))
        return (
            f"Dataset {self.name!r}: {len(self.train_images):,} training and {len(self.test_images):,} test images of "
            f"{height} x {width}, {classes} classes"
        )
