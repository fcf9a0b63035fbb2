"""Axes of images: signals, images, colour; what cannot be told apart is refused with what to do."""

import math
from typing import Any

import numpy as np

from stdpnet.base.errors import DataError

#: Weights of red, green and blue in the luminance, by ITU-R Recommendation BT.601.
LUMINANCE = np.array([0.299, 0.587, 0.114])

COLOURS = ("grey", "channels", "planes")

EXPECTED = "expected (n, height, width), (n, length) for signals, or (n, height, width, 3) for colour"


def as_images(array: Any, colour: str, where: str) -> tuple[np.ndarray, str]:
    """Return images of shape (n, height, width), or as planes of colour, and what was done for it.

    Parameters
    ----------
    array : array_like
    colour : {"grey", "channels", "planes"}
        Luminance (ITU-R BT.601); red, green and blue side by side; or images of shape (n, planes, height, width), in
        which form there may be more or fewer than three. What has no colour keeps its shape.
    where : str
        For errors.

    Returns
    -------
    images : ndarray
        Of the type of `array`, or float for luminance.
    done : str
        For a message; empty where nothing was done.

    Raises
    ------
    DataError
        When it is not numbers, or its axes cannot be told apart.

    Examples
    --------
    >>> images, done = as_images(np.full((2, 4, 4, 3), 200, np.uint8), "channels", "mine")
    >>> images.shape, done
    ((2, 4, 12), 'red, green and blue of images of 4 x 4 stand side by side')
    """
    if colour not in COLOURS:
        raise DataError(f"{where}: colour is {colour!r}, expected {' or '.join(COLOURS)}")
    try:
        images = np.asarray(array)
    except ValueError:
        raise DataError(
            f"{where}: found images of different sizes, expected one size: make them the same first"
        ) from None
    if images.dtype.kind not in "biuf":
        kinds = {"O": "of Python objects, perhaps of different sizes", "U": "of texts", "S": "of bytes", "c": "complex"}
        what = kinds.get(images.dtype.kind, f"of type {images.dtype}")
        raise DataError(f"{where}: found images that are {what}, expected numbers from 0 to 255 in one array")
    if 0 in images.shape or not 2 <= images.ndim <= 4:
        hint = "; images and labels seem to be swapped" if images.ndim == 1 and images.size else ""
        raise DataError(f"{where}: found images of shape {images.shape}, {EXPECTED}, none 0{hint}")
    if images.ndim == 2:
        length = images.shape[1]
        side = round(length**0.5)
        square = (
            f" (if they are images, give them as reshape(-1, {side}, {side}))" if side > 2 and side**2 == length else ""
        )
        return images[:, None, :], f"taken as signals of length {length}{square}"
    if images.ndim == 3:
        return images, ""
    return _of_four_axes(images, colour, where)


def as_rows(images: Any) -> tuple[Any, tuple[int, int]]:
    """Return images as rows of pixels, and their height and width; what is neither comes back as it is.

    Parameters
    ----------
    images : array_like, shape (n, height, width) or (n, n_pixels)
        Rows of a square number of pixels are square images, others have one line.

    Returns
    -------
    rows : array_like, shape (n, n_pixels)
        A table stays one.
    shape : tuple of int

    Examples
    --------
    >>> rows, shape = as_rows(np.zeros((5, 4, 3)))
    >>> rows.shape, shape, as_rows(np.zeros((5, 16)))[1], as_rows(np.zeros((5, 7)))[1]
    ((5, 12), (4, 3), (4, 4), (1, 7))
    """
    if not hasattr(images, "shape"):
        images = np.asarray(images)
    if len(images.shape) == 3 and 0 not in images.shape:
        height, width = map(int, images.shape[1:])
        return np.reshape(images, (len(images), -1)), (height, width)
    pixels = int(images.shape[1]) if len(images.shape) == 2 else 0
    side = math.isqrt(pixels)
    return images, (side, side) if side**2 == pixels else (1, pixels)


def _of_four_axes(images: np.ndarray, colour: str, where: str) -> tuple[np.ndarray, str]:
    shape = images.shape
    if shape[3] == 1:
        return images[..., 0], ""
    if shape[1] == 1:
        return images[:, 0], ""
    if shape[3] != 3 and shape[1] == 3:  # PyTorch's order
        images = np.moveaxis(images, 1, 3)
    elif colour == "planes" and shape[3] != 3 and shape[1] <= min(shape[2:]):  # in this order already
        return images, ""
    if images.shape[3] != 3:
        hint = ""
        if shape[2] in (1, 3):
            hint = "; if the last axis counts the images, give np.moveaxis(images, -1, 0)"
        elif 4 in (shape[1], shape[3]):
            hint = "; if the fourth channel is opacity, leave it out: images[..., :3]"
        raise DataError(f"{where}: found images of shape {shape}, {EXPECTED}{hint}")
    n, height, width, _ = images.shape
    if colour == "planes":
        return np.ascontiguousarray(np.moveaxis(images, 3, 1)), ""
    if colour == "channels":
        side_by_side = images.transpose(0, 1, 3, 2).reshape(n, height, 3 * width)
        return side_by_side, f"red, green and blue of images of {height} x {width} stand side by side"
    grey = np.empty((n, height, width), np.float32)
    for start in range(0, n, 1000):  # little memory
        grey[start : start + 1000] = images[start : start + 1000] @ LUMINANCE
    if images.dtype == np.uint8:
        return np.rint(grey).astype(np.uint8), "colour became grey by its luminance (ITU-R BT.601)"
    return grey, "colour became grey by its luminance (ITU-R BT.601)"
