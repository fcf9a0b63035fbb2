"""IDX files under other names and in other places: EMNIST's, torchvision's, a single file."""

import re
from pathlib import Path

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx import TYPES, read_bytes, read_idx
from stdpnet.datasets.idx_folder import load_folder, make, read_parts
from stdpnet.datasets.labels import read_names
from stdpnet.datasets.notices import say
from stdpnet.datasets.readers.options import Options
from stdpnet.datasets.split import with_test_set

TRAIN_IMAGES = re.compile(r"(?P<prefix>.*)train-images[-.]idx3-ubyte(\.gz)?", re.IGNORECASE)

DIGITS, CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Classes of EMNIST's sets by the word in their names (Cohen et al. 2017, doi:10.1109/IJCNN.2017.7966217).
EMNIST = {
    "letters": CAPITALS,
    "byclass": DIGITS + CAPITALS + CAPITALS.lower(),
    "bymerge": DIGITS + CAPITALS + "abdefghnqrt",
    "balanced": DIGITS + CAPITALS + "abdefghnqrt",
}


def is_idx(path: Path) -> bool:
    """Tell whether a file is an IDX file, by its name or its first bytes."""
    if re.search(r"idx[1-4]", path.name, re.IGNORECASE):
        return True
    try:
        start = read_bytes(path, 4)
    except DataError:
        return False
    return len(start) == 4 and start[:2] == b"\0\0" and start[2] in TYPES


def has_idx(folder: Path) -> bool:
    """Tell whether there are IDX files of MNIST's form in a folder, or below it where torchvision has them."""
    form = re.compile(r".*(train|t10k|test)-(images|labels)[-.]idx\d-ubyte(\.gz)?", re.IGNORECASE)
    return any(form.fullmatch(path.name) for place in _places(folder) for path in place.iterdir())


def _places(folder: Path) -> list[Path]:
    below = sorted(path for path in folder.iterdir() if path.is_dir())
    return [folder, *below, *(path / "raw" for path in below if (path / "raw").is_dir())]


def read_place(folder: Path, options: Options) -> Dataset:
    """Return the one data set of IDX files in a folder or below; parameters and errors are those of `read_file`."""
    matches = (
        (place, TRAIN_IMAGES.fullmatch(path.name)) for place in _places(folder) for path in sorted(place.iterdir())
    )
    found = sorted({(place, match["prefix"]) for place, match in matches if match})
    if len(found) > 1:
        listed = ", ".join(str(place / f"{prefix}train-images-idx3-ubyte") for place, prefix in found)
        raise DataError(f"{folder}: found {len(found)} data sets, expected one: give one of the paths {listed}")
    return _read_named(*(found[0] if found else (folder, "")), options)


def read_file(path: Path, options: Options) -> Dataset:
    """Read the data set to which a file of training images belongs, or a single file with its labels beside it.

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
        When a file is missing or damaged, or there are several data sets.
    """
    if match := TRAIN_IMAGES.fullmatch(path.name):
        return _read_named(path.parent, match["prefix"], options)
    images, name = read_idx(path, 3), path.name.split(".")[0]
    if emnist := "emnist" in path.name.lower():
        images = _upright(images, name, options)
    beside = re.sub("idx3", "idx1", re.sub("images|imgs", "labels", path.name, flags=re.I), flags=re.I)
    names = _emnist_names(path.name) if emnist else read_names(path.parent)
    spellings = {beside.removesuffix(".gz"), beside.removesuffix(".gz") + ".gz", beside} - {path.name}
    labels = next((path.with_name(other) for other in sorted(spellings) if path.with_name(other).is_file()), None)
    if labels is None:
        return Dataset(name, images, colour=options.colour)
    return with_test_set(name, images, _from_zero(read_idx(labels, 1), path.name), names, options.colour)


def _read_named(folder: Path, prefix: str, options: Options) -> Dataset:
    name = prefix.rstrip("-_.") or (folder.parent.name if folder.name.lower() == "raw" else folder.name)
    if "emnist" not in prefix.lower():
        return load_folder(folder, name, prefix)
    parts = read_parts(folder, prefix)
    for part in ("train_images", "test_images"):
        if part in parts:
            parts[part] = _upright(parts[part], name, options)
    for part in ("train_labels", "test_labels"):
        if part in parts:
            parts[part] = _from_zero(parts[part], prefix)
    return make(name, parts, _emnist_names(prefix), options.colour)


def _upright(images: np.ndarray, name: str, options: Options) -> np.ndarray:
    if options.turn == "no":
        return images
    say(name, "EMNIST's images lie on their side, and are turned upright (,turn=no after the path leaves them)")
    return np.ascontiguousarray(images.swapaxes(-1, -2))


def _emnist_names(text: str) -> str:
    return next((names for word, names in EMNIST.items() if word in text.lower()), "")


def _from_zero(labels: np.ndarray, text: str) -> np.ndarray:
    """Return labels that begin with 0: those of EMNIST's letters begin with 1."""
    letters = "emnist" in text.lower() and "letters" in text.lower()
    return labels - 1 if letters and labels.size and labels.min() > 0 else labels
