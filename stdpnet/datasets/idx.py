"""Read the IDX files of MNIST and its relatives, plain or gzipped, with every check; write such files."""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset

UNSIGNED_BYTE = 0x08

#: Part of a data set: name of its file, number of dimensions.
FILES = {
    "train_images": ("train-images-idx3-ubyte", 3),
    "train_labels": ("train-labels-idx1-ubyte", 1),
    "test_images": ("t10k-images-idx3-ubyte", 3),
    "test_labels": ("t10k-labels-idx1-ubyte", 1),
}


def find_file(folder: str | Path, name: str) -> Path | None:
    """Return the path of an IDX file in a folder, plain or with ``.gz``, or None.

    Both spellings in circulation are found: ``train-images-idx3-ubyte`` and ``train-images.idx3-ubyte``.
    """
    for spelling in (name, name.replace("-idx", ".idx")):
        for ending in ("", ".gz"):
            path = Path(folder) / (spelling + ending)
            if path.is_file():
                return path
    return None


def read_idx(path: str | Path, dimensions: int) -> np.ndarray:
    """Read one IDX file of unsigned bytes.

    Parameters
    ----------
    path : str or Path
        Plain or gzipped; told apart by content, not by name.
    dimensions : int
        3 for images, 1 for labels.

    Returns
    -------
    ndarray of uint8
        With as many axes as `dimensions`.

    Raises
    ------
    DataError
        When the file cannot be read, is not IDX, holds another number of dimensions or
        another type, or its length is not the declared one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_idx(f"{folder}/labels.gz", np.arange(5, dtype=np.uint8))
    ...     read_idx(f"{folder}/labels.gz", dimensions=1)
    array([0, 1, 2, 3, 4], dtype=uint8)
    """
    content = _read(path)
    expected = f"IDX magic {UNSIGNED_BYTE:#06x}{dimensions:02x} (unsigned bytes, {dimensions} dimensions)"
    if len(content) < 4:
        raise DataError(f"{path}: found {len(content)} bytes, expected a file that starts with {expected}")
    zero, kind, found_dimensions = struct.unpack(">HBB", content[:4])
    if zero or kind != UNSIGNED_BYTE or found_dimensions != dimensions:
        hint = ""
        if content.lstrip()[:1] == b"<":
            hint = "; it looks like an HTML page: download it again"
        elif not zero and kind == UNSIGNED_BYTE and found_dimensions in (1, 3):
            hint = "; images and labels seem to be swapped"
        raise DataError(f"{path}: found first bytes {content[:4].hex()}, expected {expected}{hint}")
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise DataError(f"{path}: found {len(content)} bytes, expected a header of {header}: the file is cut short")
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    length = header + math.prod(shape)
    if len(content) != length:
        raise DataError(f"{path}: found {len(content)} bytes, expected {length} for the declared shape {shape}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _read(path: str | Path) -> bytes:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    if content[:2] != b"\x1f\x8b":
        if Path(path).suffix == ".gz" and content:
            what = "an HTML page" if content.lstrip()[:1] == b"<" else f"first bytes {content[:4].hex()}"
            raise DataError(f"{path}: found {what}, expected a gzip file: download it again")
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: found a damaged gzip file ({error}), expected a whole one: get it again") from None


def load_folder(folder: str | Path, name: str | None = None) -> Dataset:
    """Read a folder with the four IDX files, of any image size.

    Parameters
    ----------
    folder : str or Path
    name : str, optional
        Of the data set; default: that of the folder.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        When a file is missing or damaged, or the files do not belong together.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; expected one with {', '.join(n for n, _ in FILES.values())} (.gz)")
    parts: dict[str, np.ndarray] = {}
    for part, (file, dimensions) in FILES.items():
        path = find_file(folder, file)
        if path is None:
            raise DataError(f"{folder}: found no {file} and no {file}.gz, expected the four IDX files of MNIST's form")
        parts[part] = read_idx(path, dimensions)
    return Dataset(
        name or folder.name, parts["train_images"], parts["train_labels"], parts["test_images"], parts["test_labels"]
    )


def write_idx(path: str | Path, array: np.ndarray) -> None:
    """Write an array of unsigned bytes as an IDX file, atomically; gzipped if the name ends in ``.gz``."""
    header = struct.pack(f">HBB{array.ndim}I", 0, UNSIGNED_BYTE, array.ndim, *array.shape)
    content = header + np.ascontiguousarray(array, np.uint8).tobytes()
    if Path(path).suffix == ".gz":
        content = gzip.compress(content, mtime=0)
    files.write_atomically(path, lambda file: file.write(content))


def write_folder(
    folder: str | Path,
    train_images: np.ndarray,
    train_labels: np.ndarray,
    test_images: np.ndarray,
    test_labels: np.ndarray,
) -> None:
    """Write a data set as the four files of MNIST; the folder is made if it does not exist.

    Parameters
    ----------
    folder : str or Path
    train_images : ndarray of uint8, shape (n_train, height, width)
    train_labels : ndarray of uint8, shape (n_train,)
    test_images : ndarray of uint8, shape (n_test, height, width)
    test_labels : ndarray of uint8, shape (n_test,)

    Examples
    --------
    >>> import tempfile
    >>> images, labels = np.zeros((20, 8, 8), np.uint8), np.arange(20, dtype=np.uint8) % 2
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_folder(f"{folder}/mine", images[:15], labels[:15], images[15:], labels[15:])
    ...     load_folder(f"{folder}/mine")
    Dataset 'mine': 15 training and 5 test images of 8 x 8, 2 classes
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for part, images, labels in (("train", train_images, train_labels), ("t10k", test_images, test_labels)):
        write_idx(folder / f"{part}-images-idx3-ubyte", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte", labels)
