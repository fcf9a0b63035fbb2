"""Archives of NumPy arrays (``.npz``), under the names that Keras, MedMNIST and others give them."""

from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.base.files import npz_arrays
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx_folder import make
from stdpnet.datasets.readers import jpegs
from stdpnet.datasets.readers.options import Options
from stdpnet.datasets.split import with_test_set

#: Names of each array, in small letters.
NAMES = {
    "train_images": ("x_train", "train_images", "train_x", "images_train"),
    "train_labels": ("y_train", "train_labels", "train_y", "labels_train"),
    "test_images": ("x_test", "test_images", "test_x", "images_test"),
    "test_labels": ("y_test", "test_labels", "test_y", "labels_test"),
    "images": ("images", "x", "data", "arr_0"),
    "labels": ("labels", "y", "target", "targets", "arr_1"),
    "class_names": ("class_names", "classes", "target_names", "label_names"),
}
#: Archives of both parts, side by side in a folder.
PARTS = {"train": "train.npz", "test": "test.npz"}


def read(path: Path, options: Options) -> Dataset:
    """Read an archive.

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
        When it is damaged, or has no array of a known name.
    """
    parts, others = _arrays(path)
    class_names = tuple(map(str, parts.pop("class_names", ())))
    if "train_images" in parts:
        return make(path.stem, parts, class_names, options.colour, options.targets)
    if "images" not in parts:
        raise DataError(
            f"{path}: found the arrays {others}, expected x_train, y_train, x_test and y_test, or "
            "train_images, train_labels, ..., or images and labels: rename them"
        )
    if options.targets == "values":
        raise DataError(
            f"{path}: found values for labels and no test images, expected x_test and y_test beside x_train"
        )
    if "labels" in parts:
        return with_test_set(path.stem, parts["images"], parts["labels"], class_names, options.colour)
    return Dataset(path.stem, parts["images"], colour=options.colour)


def is_pair(folder: Path) -> bool:
    """Tell whether a folder has an archive of training and one of test images."""
    return all((folder / name).is_file() for name in PARTS.values())


def read_pair(folder: Path, options: Options) -> Dataset:
    """Read ``train.npz`` and ``test.npz`` of a folder, each with images and labels; for errors see `read`.

    Parameters
    ----------
    folder : Path
    options : Options

    Returns
    -------
    Dataset
    """
    found: dict[str, Any] = {}
    class_names: tuple[str, ...] = ()
    for part, file in PARTS.items():
        arrays, others = _arrays(folder / file)
        class_names = class_names or tuple(map(str, arrays.get("class_names", ())))
        for what in ("images", "labels"):
            held = arrays.get(what, arrays.get(f"{part}_{what}"))
            if held is not None:
                found[f"{part}_{what}"] = held
        if f"{part}_images" not in found:
            raise DataError(f"{folder / file}: found the arrays {others}, expected images and labels: rename them")
    return make(folder.name, found, class_names, options.colour, options.targets)


def _arrays(path: Path) -> tuple[dict[str, np.ndarray], str]:
    """Return the arrays of an archive by the keys of `NAMES`, and the names of all in words."""
    try:
        arrays = npz_arrays(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({error}); expected a whole .npz file of arrays of numbers") from None
    small = {name.lower(): array for name, array in arrays.items()}
    if "jpeg" in small and "offsets" in small:
        small["images"] = jpegs.decode(small["jpeg"], small["offsets"], str(path))
    found = {part: next((small[name] for name in names if name in small), None) for part, names in NAMES.items()}
    listed = " ".join(", ".join(arrays).split()) or "none"
    return {part: array for part, array in found.items() if array is not None}, listed
