"""Folders of IDX files as MNIST and its relatives have them, under every name in circulation; write such a folder."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx import read_idx, write_idx
from stdpnet.datasets.labels import NAMES_FILE, read_names

#: Part of a data set: name of its file, number of dimensions.
FILES = {
    "train_images": ("train-images-idx3-ubyte", 3),
    "train_labels": ("train-labels-idx1-ubyte", 1),
    "test_images": ("t10k-images-idx3-ubyte", 3),
    "test_labels": ("t10k-labels-idx1-ubyte", 1),
}

#: Other names of the test part.
TEST = ("t10k", "test")


def find_file(folder: str | Path, name: str, prefix: str = "") -> Path | None:
    """Return the path of an IDX file in a folder, plain or with ``.gz``, or None.

    Every spelling in circulation is found: ``train-images-idx3-ubyte``, ``train-images.idx3-ubyte``, in upper case, and
    ``test`` for ``t10k``.

    Parameters
    ----------
    folder : str or Path
    name : str
        One of `FILES`.
    prefix : str
        What stands before it, such as ``emnist-letters-``.

    Returns
    -------
    Path or None
    """
    folder = Path(folder)
    for part in TEST if name.startswith("t10k") else ("train",):
        wanted = prefix + re.sub("^(t10k|train)", part, name)
        for spelling in (wanted, wanted.replace("-idx", ".idx")):
            for ending in ("", ".gz"):
                path = folder / (spelling + ending)
                if path.is_file():
                    return path
    if not folder.is_dir():
        return None
    pattern = re.escape(prefix) + re.sub("^t10k", "(t10k|test)", name).replace("-idx", "[-.]idx") + r"(\.gz)?"
    found = (path for path in sorted(folder.iterdir()) if re.fullmatch(pattern, path.name, re.IGNORECASE))
    return next((path for path in found if path.is_file()), None)


def load_folder(folder: str | Path, name: str | None = None, prefix: str = "") -> Dataset:
    """Read a folder with IDX files, of any image size. Labels and test images may be missing.

    Parameters
    ----------
    folder : str or Path
    name : str, optional
        Of the data set; default: that of the folder.
    prefix : str
        Of the file names.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        When training images are missing, or labels are there without their images, a file is damaged, or the files do
        not belong together.
    """
    folder = Path(folder)
    return make(name or folder.name, read_parts(folder, prefix), read_names(folder))


def read_parts(folder: Path, prefix: str = "") -> dict[str, np.ndarray]:
    """Return the arrays in a folder of IDX files, by their names in `Dataset`; errors are those of `load_folder`."""
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; expected one with {', '.join(n for n, _ in FILES.values())} (.gz)")
    found = {part: find_file(folder, file, prefix) for part, (file, _) in FILES.items()}
    for part, (file, _) in FILES.items():
        needed = part == "train_images" or (part == "test_images" and found["test_labels"])
        if needed and found[part] is None:
            raise DataError(
                f"{folder}: found no {prefix}{file} and no {prefix}{file}.gz, expected the four IDX files of MNIST's "
                "form"
            )
    return {part: read_idx(path, FILES[part][1]) for part, path in found.items() if path}


def make(
    name: str,
    parts: dict[str, np.ndarray],
    class_names: Sequence[str] = (),
    colour: str = "grey",
    targets: str = "classes",
) -> Dataset:
    """Return a data set of the parts that there are.

    Parameters
    ----------
    name : str
    parts : dict of str to ndarray
        By their names in `Dataset`.
    class_names : sequence of str
    colour : {"grey", "channels", "planes"}
    targets : {"classes", "values"}
    """
    missing = np.empty(0, np.uint8)
    train = parts["train_images"], parts.get("train_labels", missing)
    test = parts.get("test_images", missing), parts.get("test_labels", missing)
    return Dataset(name, *train, *test, class_names=tuple(class_names), colour=colour, targets=targets)


def write_folder(
    folder: str | Path,
    train_images: np.ndarray,
    train_labels: np.ndarray,
    test_images: np.ndarray,
    test_labels: np.ndarray,
    class_names: Sequence[str] = (),
) -> None:
    """Write a data set as the four files of MNIST, those that are not empty; the folder is made if there is none.

    Parameters
    ----------
    folder : str or Path
    train_images : ndarray of uint8, shape (n_train, height, width)
    train_labels : ndarray of uint8, shape (n_train,)
    test_images : ndarray of uint8, shape (n_test, height, width)
    test_labels : ndarray of uint8, shape (n_test,)
    class_names : sequence of str
        Go into ``classes.txt`` where they say more than the labels.

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
    for part, array in zip(FILES, (train_images, train_labels, test_images, test_labels), strict=True):
        if len(array):
            write_idx(folder / FILES[part][0], array)
    if list(class_names) != [str(code) for code in range(len(class_names))]:
        files.write_text(folder / NAMES_FILE, "".join(f"{name}\n" for name in class_names))
