"""Images as people have them: an array, a tensor, a loader or a list of batches, with or without labels."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError

log = logging.getLogger(__name__)

#: Images of a loader that set scales, at most, and their values: half a gigabyte in single precision.
IMAGES, VALUES = 5_000, 2**27

Batch = tuple[np.ndarray, np.ndarray | None]


def as_array(values: Any) -> np.ndarray:
    """Return an array or a tensor, wherever it is, as an array."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        values = values.float() if values.is_floating_point() and values.element_size() < 4 else values
        return np.asarray(values.numpy())
    return np.asarray(values)


def batches(images: Any, labels: Any = None, together: int = 256) -> Iterator[Batch]:
    """Yield images, batch by batch, each with its labels, None where there are none.

    Parameters
    ----------
    images : array_like, tensor, or iterable of batches
        A batch is an array or a tensor, or images and labels, as a ``DataLoader`` of PyTorch gives them.
    labels : array_like, optional
        Of all images, where the batches have none.
    together : int
        Images of an array at a time; batches stay as they are.

    Yields
    ------
    tuple of ndarray and ndarray or None

    Raises
    ------
    ConversionError
        When labels are given twice, or there are not as many as images, or there are no images.

    Examples
    --------
    >>> loader = [(np.zeros((2, 4)), [0, 1]), (np.zeros((1, 4)), [2])]
    >>> [(part.shape, answers.tolist()) for part, answers in batches(loader)]
    [((2, 4), [0, 1]), ((1, 4), [2])]
    >>> [part.shape for part, _ in batches(np.zeros((5, 4)), together=3)]
    [(3, 4), (2, 4)]
    """
    every, place = None if labels is None else as_array(labels), 0
    for part, own in _parts(images, together):
        if own is not None and every is not None:
            raise ConversionError("labels are given, and the batches have labels too; expected one of them")
        if every is not None:
            own = every[place : place + len(part)]
        place += len(part)
        if own is not None and len(own) != len(part):
            raise ConversionError(
                f"there are {place} images or more, and {place - len(part) + len(own)} labels; expected as many"
            )
        yield part, own
    if every is not None and len(every) != place:
        raise ConversionError(f"there are {place} images, and {len(every)} labels; expected as many")
    if not place:
        raise ConversionError("there are no images; expected at least 1")


def all_images(images: Any) -> np.ndarray:
    """Return all images as one array; see `batches`."""
    return as_array(images) if _is_array(images) else np.concatenate([part for part, _ in batches(images)])


def some_images(images: Any) -> np.ndarray:
    """Return the images that are to set scales as one array: of a loader or a list of batches the first ones.

    Parameters
    ----------
    images : array_like, tensor, or iterable of batches
        An array is taken whole.
    """
    if _is_array(images):
        return as_array(images)
    found: list[np.ndarray] = []
    n = most = 0
    for part, _ in batches(images):
        most = most or max(1, min(IMAGES, VALUES // max(1, part[0].size)))
        found.append(part[: most - n])
        n += len(found[-1])
        if n == most:
            log.info("the first %d images set the scales", n)
            break
    return np.concatenate(found)


def _is_array(images: Any) -> bool:
    """Tell whether something is one array, not an iterable of batches."""
    if hasattr(images, "shape") or not isinstance(images, Iterable):
        return True
    first = images[0] if isinstance(images, list | tuple) and images else None
    return isinstance(first, list | int | float) and not any(hasattr(part, "shape") for part in _within(first))


def _within(first: Any) -> Iterable[Any]:
    return first if isinstance(first, list) else ()


def _parts(images: Any, together: int) -> Iterator[Batch]:
    if _is_array(images):
        whole = as_array(images)
        for start in range(0, len(whole) if whole.ndim else 0, together):
            yield whole[start : start + together], None
        return
    for batch in images:
        if isinstance(batch, list | tuple) and len(batch) == 2:
            yield as_array(batch[0]), as_array(batch[1])
        elif hasattr(batch, "shape"):
            yield as_array(batch), None
        else:
            raise ConversionError(
                f"a batch is a {type(batch).__name__}; expected an array or a tensor, or images and labels"
            )
