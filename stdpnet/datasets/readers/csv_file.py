"""Tables (``.csv``): a line for each image, its label first, then its pixels, as Kaggle has MNIST."""

import re
from pathlib import Path

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx import read_bytes
from stdpnet.datasets.idx_folder import make
from stdpnet.datasets.labels import read_names
from stdpnet.datasets.notices import say
from stdpnet.datasets.readers.options import Options
from stdpnet.datasets.split import with_test_set

#: What the column of labels is called, in small letters.
LABEL = ("label", "labels", "class", "target", "y", "digit", "letter", "category")

#: What columns of pixels are called: pixel0, 1x1, p_3, 17.
PIXEL = re.compile(r"(pixel|px|p|x)?[ _]?\d+([x_]\d+)?", re.IGNORECASE)


def read(path: Path, options: Options) -> Dataset:
    """Read a table; where ``train`` in its name becomes ``test`` there may be another one, of test images.

    Parameters
    ----------
    path : Path
    options : Options

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        When it is no table of numbers.
    """
    images, labels = _table(path)
    name, class_names = path.name.split(".")[0], read_names(path.parent)
    beside = path.with_name(re.sub("train", "test", path.name, flags=re.IGNORECASE))
    tests = _table(beside) if beside != path and beside.is_file() else (images[:0], None)
    if labels is None:
        return Dataset(name, _squared(images, name), colour=options.colour)
    if tests[1] is None:
        if len(tests[0]):
            say(name, f"{beside.name} has no labels and is not used")
        return with_test_set(name, _squared(images, name), labels, class_names, options.colour)
    parts = {"train_images": _squared(images, name), "train_labels": labels}
    parts |= {"test_images": _squared(tests[0], name), "test_labels": tests[1]}
    return make(name, parts, class_names, options.colour)


def _table(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """Return rows of pixels, and the labels or None."""
    try:
        lines = [line for line in read_bytes(path).decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise DataError(
            f"{path}: found bytes that are no text, expected a table with the label first, then pixels"
        ) from None
    if not lines:
        raise DataError(
            f"{path}: found an empty file, expected a line for each image, its label first, then its pixels"
        )
    delimiter = max(",;\t", key=lines[0].count)
    first = [field.strip().strip('"') for field in lines[0].split(delimiter)]
    header = not all(map(_is_number, first[1:]))
    names = [name.lower() for name in first]
    column = next((names.index(name) for name in LABEL if header and name in names), 0)
    labelled = not (header and PIXEL.fullmatch(first[0]) and column == 0)
    rows = lines[header:]
    if not rows:
        raise DataError(f"{path}: found a line of names and no other, expected a line for each image below it")
    pixels = [place for place in range(len(first)) if not (labelled and place == column)]
    if not pixels:
        raise DataError(f"{path}: found a single column, expected a label and then pixels in each line")
    try:
        values = np.loadtxt(rows, np.float32, delimiter=delimiter, usecols=pixels, ndmin=2, comments=None)
    except ValueError as error:
        raise DataError(f"{path}: {error}; expected a line for each image, its label first, then its pixels") from None
    if wrong := next((n for n, row in enumerate(rows, 1 + header) if row.count(delimiter) != len(first) - 1), 0):
        raise DataError(f"{path}: found another number of columns in line {wrong}, expected {len(first)}")
    whole = values.min() >= 0 and 16 < values.max() <= 255 and np.array_equal(values, np.rint(values))
    images = values.astype(np.uint8) if whole else values
    if not labelled:
        return images, None
    texts = [row.split(delimiter)[column].strip().strip('"') for row in rows]
    return images, np.array([float(text) for text in texts]) if all(map(_is_number, texts)) else np.array(texts)


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _squared(rows: np.ndarray, name: str) -> np.ndarray:
    side = round(rows.shape[1] ** 0.5)
    if side**2 != rows.shape[1] or side < 3 or len(rows) == 0:
        return rows
    say(name, f"lines of {side**2} pixels are taken as images of {side} x {side}")
    return rows.reshape(-1, side, side)
