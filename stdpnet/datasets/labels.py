"""Labels of any kind as codes of classes, 0 to k - 1, and the names of the classes."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stdpnet.base.errors import DataError

#: In a folder of data: the names of the classes 0, 1, ..., one a line.
NAMES_FILE = "classes.txt"


def encode(
    labels: Sequence[ArrayLike | None], names: Sequence[str] = (), where: str = "labels"
) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """Return labels as codes of classes, and the names of the classes.

    Labels that are 0 to k - 1 stay as they are. Others are numbered in ascending order, and their text is the name.

    Parameters
    ----------
    labels : sequence of array_like or None
        Those of each part of a data set. Numbers, texts or one-hot rows; None where there are none.
    names : sequence of str
        Of the classes, where they are known: a number is a place in them, a text is one of them.
    where : str
        For errors.

    Returns
    -------
    codes : list of ndarray of int
        Each of shape (n,); empty where there are no labels.
    names : tuple of str
        As many as there are classes.

    Raises
    ------
    DataError
        When one is missing, or is none of the names.

    Examples
    --------
    >>> encode([["shoe", "coat", "shoe"], None])
    ([array([1, 0, 1], dtype=uint8), array([], dtype=uint8)], ('coat', 'shoe'))
    >>> encode([[10, -1]])
    ([array([1, 0], dtype=uint8)], ('-1', '10'))
    """
    parts = [_flat(part, where) for part in labels]
    names = _checked_names(names, where)
    if any(part.dtype.kind == "U" for part in parts if len(part)):
        parts = [part.astype(str) for part in parts]
        values: list[Any] = list(names) or sorted({str(text) for part in parts for text in part}, key=natural)
        place = {text: code for code, text in enumerate(values)}
        if unknown := sorted({str(text) for part in parts for text in part} - place.keys()):
            raise DataError(f"{where}: found the label {unknown[0]!r}, expected one of {_some(values)}")
        return [np.array([place[text] for text in part], _dtype(len(values))) for part in parts], tuple(values)
    values = sorted({int(value) for part in parts for value in np.unique(part)})
    if names:
        if values and not 0 <= values[0] <= values[-1] < len(names):
            raise DataError(
                f"{where}: found labels from {values[0]} to {values[-1]}, expected 0 to {len(names) - 1} for the "
                f"{len(names)} class names {_some(names)}: give places in the names as labels, or the names"
            )
        return parts, names
    texts = tuple(str(value) for value in values)
    if values == list(range(len(values))):
        return parts, texts
    return [np.searchsorted(values, part).astype(_dtype(len(values))) for part in parts], texts


def as_values(labels: Sequence[ArrayLike | None], where: str = "labels") -> list[np.ndarray]:
    """Return labels that are values, for networks that are to say these.

    Parameters
    ----------
    labels : sequence of array_like or None
        Those of each part of a data set, of shape (n,) or (n, n_values).
    where : str
        For errors.

    Returns
    -------
    list of ndarray of float32

    Raises
    ------
    DataError
        When they are not finite numbers.

    Examples
    --------
    >>> as_values([[0.5, 2], None])
    [array([0.5, 2. ], dtype=float32), array([], dtype=float32)]
    """
    found = [np.empty(0, np.float32) if part is None else np.asarray(part) for part in labels]
    for part in found:
        if part.dtype.kind not in "biuf" or part.ndim not in (1, 2) or not np.isfinite(part).all():
            raise DataError(
                f"{where}: found labels of type {part.dtype} and shape {part.shape}, expected values: finite numbers, "
                "one or a row for each image"
            )
    return [part.astype(np.float32) for part in found]


def natural(text: str) -> tuple[Any, ...]:
    """Return what sorts texts as people do: ``2`` comes before ``10``.

    Examples
    --------
    >>> sorted(["class10", "class2", "apple"], key=natural)
    ['apple', 'class2', 'class10']
    """
    pieces = re.split(r"(\d+)", text)
    return tuple((int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces), text


def read_names(folder: str | Path) -> tuple[str, ...]:
    """Return the names in a folder's ``classes.txt``, or none if it has no such file.

    Raises
    ------
    DataError
        When it cannot be read as text.
    """
    path = Path(folder) / NAMES_FILE
    if not path.is_file():
        return ()
    try:
        return tuple(line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path}: cannot be read ({error}); expected a text file with the name of a class a line"
        ) from None


def _flat(labels: ArrayLike | None, where: str) -> np.ndarray:
    array = np.empty(0, np.uint8) if labels is None else np.asarray(labels)
    if array.size == 0:
        return np.empty(0, np.uint8)
    if array.ndim == 2 and array.shape[1] > 1 and array.dtype.kind in "biuf":
        if not (((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all()):
            raise DataError(
                f"{where}: found labels of shape {array.shape}, expected (n,), or one-hot rows of one 1 each"
            )
        return array.argmax(axis=1)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise DataError(f"{where}: found labels of shape {array.shape}, expected (n,), a label for each image")
    if array.dtype.kind in "iu":
        return array if array.dtype != np.uint64 else array.astype(np.int64 if array.max() < 2**63 else str)
    if array.dtype.kind == "f":
        if not np.array_equal(array, np.rint(array)):  # not a number as well
            wrong = np.flatnonzero(array != np.rint(array))
            raise DataError(
                f"{where}: found the label {array[wrong[0]]} of image {wrong[0]}, expected a class: "
                "a whole number or a text"
            )
        return array.astype(np.int64) if np.abs(array).max() < 2**63 else array.astype(str)
    return np.array([_text(label, number, where) for number, label in enumerate(array.tolist())], dtype=str)


def _text(label: Any, number: int, where: str) -> str:
    text = label.decode(errors="replace") if isinstance(label, bytes) else str(label)
    if label is None or label != label or not text.strip():
        raise DataError(f"{where}: found no label for image {number} ({label!r}), expected a whole number or a text")
    return text


def _checked_names(names: Sequence[str], where: str) -> tuple[str, ...]:
    texts = tuple(str(name) for name in names)
    if twice := sorted({name for name in texts if texts.count(name) > 1}):
        raise DataError(f"{where}: found the class name {twice[0]!r} more than once, expected a name for each class")
    return texts


def _some(names: Sequence[str], most: int = 12) -> str:
    return ", ".join(map(str, names[:most])) + (f" and {len(names) - most} more" if len(names) > most else "")


def _dtype(n_classes: int) -> type:
    return np.uint8 if n_classes <= 256 else np.int32
