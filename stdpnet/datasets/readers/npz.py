"""Archives of NumPy arrays (``.npz``), under the names that Keras, MedMNIST and others give them."""

from pathlib import Path

from stdpnet.base.errors import DataError
from stdpnet.base.files import npz_arrays
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx_folder import make
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
    try:
        arrays = npz_arrays(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({error}); expected a whole .npz file of arrays of numbers") from None
    small = {name.lower(): array for name, array in arrays.items()}
    found = {part: next((small[name] for name in names if name in small), None) for part, names in NAMES.items()}
    parts = {part: array for part, array in found.items() if array is not None}
    class_names = tuple(map(str, parts.pop("class_names", ())))
    if "train_images" in parts:
        return make(path.stem, parts, class_names, options.colour)
    if "images" not in parts:
        listed = " ".join(", ".join(arrays).split()) or "none"
        raise DataError(
            f"{path}: found the arrays {listed}, expected x_train, y_train, x_test and y_test, or "
            "train_images, train_labels, ..., or images and labels: rename them"
        )
    if "labels" in parts:
        return with_test_set(path.stem, parts["images"], parts["labels"], class_names, options.colour)
    return Dataset(path.stem, parts["images"], colour=options.colour)
