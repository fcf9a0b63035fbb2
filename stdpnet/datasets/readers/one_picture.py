"""One ordinary picture as an image like those of a training: grey, of its size, light or dark where those are."""

from pathlib import Path

import numpy as np

from stdpnet.datasets.axes import as_images
from stdpnet.datasets.images import Scale
from stdpnet.datasets.readers.pictures import read_picture


def prepared(path: Path, shape: tuple[int, int], background: float) -> tuple[np.ndarray, str]:
    """Read a picture and make it like the images of a training.

    Parameters
    ----------
    path : Path
    shape : tuple of int
        Height and width of those images.
    background : float
        Their grey level at the edge.

    Returns
    -------
    image : ndarray of uint8, shape `shape`
        Inverted where this brings its edge nearer to theirs. It keeps its proportions: what is missing at its sides is
        of the grey level of its edge.
    done : str
        What was done to it, in words; empty where it was like them already.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    images, done = as_images(read_picture(path)[None], "grey", str(path))
    image = Scale.of(images).levels(images)[0]
    steps = [done] if done else []
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    if abs(edge.mean() - background) > abs(255 - edge.mean() - background):
        image, edge = 255 - image, 255 - edge
        steps.append(f"inverted, since the training images are {'dark' if background < 128 else 'light'} at their edge")
    if image.shape != shape:
        steps.append(f"resized from {image.shape[0]} x {image.shape[1]} to {shape[0]} x {shape[1]}")
        image = resized(image, shape, int(np.median(edge)))
    return image, ", ".join(steps)


def resized(image: np.ndarray, shape: tuple[int, int], level: int) -> np.ndarray:
    """Return an image in another size, with its proportions kept.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width)
    shape : tuple of int
        Height and width that it gets.
    level : int
        Grey level of what is missing at its sides.

    Examples
    --------
    >>> resized(np.full((4, 8), 200, np.uint8), (4, 4), 0).tolist()
    [[0, 0, 0, 0], [200, 200, 200, 200], [200, 200, 200, 200], [0, 0, 0, 0]]
    """
    from PIL import Image  # here, since most commands read no picture

    height, width = image.shape
    share = max(height / shape[0], width / shape[1])
    room = max(height, round(share * shape[0])), max(width, round(share * shape[1]))
    whole = np.full(room, level, np.uint8)
    top, left = (room[0] - height) // 2, (room[1] - width) // 2
    whole[top : top + height, left : left + width] = image
    way = Image.Resampling.BOX if share >= 1 else Image.Resampling.BILINEAR  # the mean of an area, where one shrinks
    return np.asarray(Image.fromarray(whole).resize((shape[1], shape[0]), way))
