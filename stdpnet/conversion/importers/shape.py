"""The shape of an image, as given by a user."""

from typing import Any

from stdpnet.base.errors import ConversionError


def checked_shape(input_shape: Any) -> tuple[int, ...]:
    """Return the shape of an image as a tuple of int.

    Raises
    ------
    ConversionError
        When it is not a tuple of positive integers.
    """
    try:
        shape = tuple(int(size) for size in input_shape)
        valid = shape == tuple(input_shape) and len(shape) > 0 and min(shape) > 0
    except (TypeError, ValueError):
        valid = False
    if not valid:
        raise ConversionError(
            f"input_shape is {input_shape!r}; expected the shape of one image without the batch, such as (3, 32, 32)"
        )
    return shape
