"""From what was drawn on the page to an image like those of the training."""

import numpy as np

from stdpnet.datasets.readers.one_picture import resized

#: MNIST's digits were fitted into a square of BOX, and lie with their centre of mass on pixel CENTRE of SHAPE
#: (http://yann.lecun.com/exdb/mnist; the embedded digits are so to half a pixel).
SHAPE, BOX, CENTRE = (28, 28), 20, 14

#: The longer side of the page's canvas, about, and the most of its pixels that a pixel of the image takes.
CANVAS, LARGEST_CELL = 280, 40

#: From here on a pixel of the canvas is ink, and no rim of a stroke.
INK = 32


def cell_of(shape: tuple[int, int]) -> int:
    """Return how many pixels of the canvas are one of an image, in each direction.

    Examples
    --------
    >>> cell_of((28, 28)), cell_of((8, 8)), cell_of((1, 500))
    (10, 35, 2)
    """
    return max(2, min(LARGEST_CELL, CANVAS // max(shape)))


def image_of(ink: np.ndarray, shape: tuple[int, int], background: float, centred: bool) -> tuple[np.ndarray, str]:
    """Return a drawing as an image of a training.

    Parameters
    ----------
    ink : ndarray of uint8, shape (cell * height, cell * width)
        0 for paper, 255 for ink.
    shape : tuple of int
        Height and width of the images.
    background : float
        Their grey level at the edge: ink is light where it is dark, and dark where it is light.
    centred : bool
        Whether it is fitted and centred like a digit of MNIST, which is for images of 28 x 28.

    Returns
    -------
    image : ndarray of uint8, shape `shape`
    done : str
        What was done to it, in words.

    Examples
    --------
    >>> ink = np.zeros((280, 280), np.uint8)
    >>> ink[10:110, 30:80] = 255
    >>> image, done = image_of(ink, (28, 28), 0.0, centred=True)
    >>> np.flatnonzero(image.any(axis=1))[[0, -1]].tolist(), np.flatnonzero(image.any(axis=0))[[0, -1]].tolist()
    ([4, 23], [9, 18])
    """
    height, width = shape
    if not ink.any():
        image, done = np.zeros(shape, np.uint8), "nothing is drawn"
    elif centred:
        image = _like_mnist(ink)
        done = f"fitted into {BOX} × {BOX} and centred by its mass in 28 × 28, as MNIST's digits are"
    else:
        image, done = resized(ink, shape, 0), f"taken as it is drawn, at {height} × {width}"
    if background < 128:
        return image, done
    return 255 - image, f"{done}, dark on light like the training images"


def _like_mnist(ink: np.ndarray) -> np.ndarray:
    drawn = ink >= INK if (ink >= INK).any() else ink > 0
    rows, columns = (np.flatnonzero(drawn.any(axis=axis)) for axis in (1, 0))
    digit = resized(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], (BOX, BOX), 0)
    image, places = np.zeros(SHAPE, np.uint8), np.arange(BOX)
    mass = max(int(digit.sum()), 1)
    top, left = (
        int(np.clip(round(CENTRE - digit.sum(axis=axis) @ places / mass), 0, SHAPE[0] - BOX)) for axis in (1, 0)
    )
    image[top : top + BOX, left : left + BOX] = digit
    return image
