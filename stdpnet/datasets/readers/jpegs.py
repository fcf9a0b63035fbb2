"""Pictures of one size in one array: JPEG files end to end, and where each begins."""

import io
from itertools import pairwise
from typing import Any

import numpy as np

from stdpnet.base.errors import DataError


def decode(content: Any, offsets: Any, where: str) -> np.ndarray:
    """Return pictures as red, green and blue.

    Parameters
    ----------
    content : array_like of uint8, shape (n_bytes,)
    offsets : array_like of int, shape (n_images + 1,)
        Where each file begins, and where the last one ends.
    where : str
        For errors.

    Returns
    -------
    ndarray of uint8, shape (n_images, height, width, 3)

    Raises
    ------
    DataError
        When offsets do not fit, a file is damaged, or the pictures differ in size.

    Examples
    --------
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("RGB", (4, 2), "red").save(file, "jpeg")
    >>> decode(np.frombuffer(file.getvalue(), np.uint8), [0, len(file.getvalue())], "one")[0, 0, 0].tolist()
    [254, 0, 0]
    """
    from PIL import Image

    content, offsets = np.asarray(content, np.uint8), np.asarray(offsets)
    whole = offsets.ndim == 1 and offsets.dtype.kind in "iu" and len(offsets) > 1 and content.ndim == 1
    if (
        not whole
        or not (np.diff(offsets.astype(np.int64)) > 0).all()
        or not 0 <= offsets[0] < offsets[-1] <= content.size
    ):
        raise DataError(
            f"{where}: found the arrays jpeg, {content.size} bytes, and offsets that do not fit, expected the place "
            "where each file begins, ascending, and the end of the last"
        )
    images: np.ndarray | None = None
    data = memoryview(content.tobytes())
    for number, (begin, end) in enumerate(pairwise(offsets.tolist())):
        try:
            with Image.open(io.BytesIO(data[begin:end]), formats=["JPEG"]) as file:
                picture = np.asarray(file.convert("RGB"))
        except Exception as error:  # Pillow raises many kinds on damage
            raise DataError(f"{where}: picture {number} cannot be read ({error}); get the file again") from None
        if images is None:
            images = np.empty((len(offsets) - 1, *picture.shape), np.uint8)
        if picture.shape != images.shape[1:]:
            raise DataError(
                f"{where}: picture {number} is {picture.shape[0]} x {picture.shape[1]}, expected the size of the "
                f"first, {images.shape[1]} x {images.shape[2]}"
            )
        images[number] = picture
    assert images is not None  # there are two offsets at least
    return images
