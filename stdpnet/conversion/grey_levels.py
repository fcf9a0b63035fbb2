"""From grey levels, 0 to 255, to what networks take: numbers from 0 to 1."""

from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError

WHITE = 255


def brightness(levels: Any) -> Any:
    """Return grey levels, an array or a tensor of floating-point numbers, as parts of white.

    No mean is subtracted, so that an image may become spikes.

    Examples
    --------
    >>> brightness(np.array([0.0, 51.0, 255.0]))
    array([0. , 0.2, 1. ])
    """
    return levels / WHITE


def as_input(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return images as a network takes them.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, height, width) or (n_images, planes, height, width)
    shape : tuple of int
        That of the network's input: ``(planes, height, width)``, one plane if there are none, or the number of pixels.

    Returns
    -------
    ndarray of float32, shape (n_images, *shape)
        In [0, 1].

    Raises
    ------
    ConversionError
        When the images do not fit.

    Examples
    --------
    >>> as_input(np.full((2, 8, 8), 51, np.uint8), (64,)).shape
    (2, 64)
    """
    found = (1, *images.shape[1:])[-3:]
    if shape not in (found, (int(np.prod(found)),)):
        same = len(shape) == 3 and shape[1:] == found[1:]
        form = ", or the same in another form, such as cifar10,colour=grey or photos,colour=planes" if same else ""
        raise ConversionError(
            f"the network takes images of shape {shape}; those of the data set are {found}: choose the data set that "
            f"it was trained on with --dataset{form}"
        )
    return brightness(images.astype(np.float32)).reshape(-1, *shape)
