"""The ground of images: the commonest of their grey levels."""

import numpy as np

#: Images that are looked at in one piece.
CHUNK = 2000


def ground_of(images: np.ndarray) -> int:
    """Return the commonest grey level.

    Parameters
    ----------
    images : ndarray of uint8

    Examples
    --------
    >>> ground_of(np.array([[255, 255, 3], [255, 0, 254]], np.uint8))
    255
    """
    return int(grey_level_counts(images).argmax())


def grey_level_counts(images: np.ndarray) -> np.ndarray:
    """Return how many pixels have each grey level, shape (256,).

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, ...)
    """
    parts = (images[start : start + CHUNK] for start in range(0, len(images), CHUNK))  # NumPy counts in 8 bytes a pixel
    return sum((np.bincount(part.ravel(), minlength=256) for part in parts), np.zeros(256, int))
