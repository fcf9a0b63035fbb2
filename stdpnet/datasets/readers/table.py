"""The table of sources: what is found at a path, and what reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.readers import cifar_files, csv_file, idx_names, npz, pictures
from stdpnet.datasets.readers.options import Options


@dataclass(frozen=True)
class Source:
    """A kind of source.

    Attributes
    ----------
    looks : str
        What it looks like, in a list of what was looked for.
    found : callable
        Whether a path is one.
    read : callable
        Makes a `Dataset` of the path and `Options`.
    """

    looks: str
    found: Callable[[Path], bool]
    read: Callable[[Path, Options], Dataset]


def _named(path: Path, suffix: str) -> bool:
    return path.is_file() and path.name.lower().removesuffix(".gz").endswith(suffix)


def _only(suffix: str) -> Callable[[Path], bool]:
    return lambda path: path.is_dir() and _one(path, suffix) is not None


def _one(folder: Path, suffix: str) -> Path | None:
    """Return the one file of a kind in a folder, or that for training."""
    found = [path for path in sorted(folder.iterdir()) if _named(path, suffix)]
    train = [path for path in found if "train" in path.name.lower()]
    return found[0] if len(found) == 1 else train[0] if len(train) == 1 else None


def _inside(suffix: str, read: Callable[[Path, Options], Dataset]) -> Callable[[Path, Options], Dataset]:
    return lambda folder, options: read(_one(folder, suffix) or folder, options)


#: The first that is found is read.
SOURCES = (
    Source("an archive of arrays (.npz: x_train, y_train, x_test, y_test)", lambda p: _named(p, ".npz"), npz.read),
    Source("a table (.csv: the label first, then the pixels)", lambda path: _named(path, ".csv"), csv_file.read),
    Source("an IDX file of images", lambda path: path.is_file() and idx_names.is_idx(path), idx_names.read_file),
    Source("a folder with IDX files", lambda path: path.is_dir() and idx_names.has_idx(path), idx_names.read_place),
    Source("a folder with train.npz and test.npz", npz.is_pair, npz.read_pair),
    Source(
        f"CIFAR-10 ({cifar_files.ARCHIVE}, or what it unpacks to)",
        lambda path: bool(cifar_files.find(path) or cifar_files.find_pickled(path)),
        cifar_files.read,
    ),
    Source("a folder with one .npz file", _only(".npz"), _inside(".npz", npz.read)),
    Source("a folder with one .csv file, or one for training", _only(".csv"), _inside(".csv", csv_file.read)),
    Source(
        "a folder of pictures (train/CLASS/name.png, test/CLASS/name.png, or CLASS/name.png)",
        lambda path: path.is_dir() and bool(pictures.pictures(path)),
        pictures.read,
    ),
)

#: What may have values for labels.
VALUED = (npz.read, npz.read_pair)


def read(path: Path, options: Options) -> Dataset:
    """Return the data set at a path.

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
        When it is nothing that can be read: lists what was looked for.
    """
    for source in SOURCES:
        if source.found(path):
            if options.targets == "values" and source.read not in VALUED:
                raise DataError(
                    f"{path}: is read as {source.looks}, whose labels are classes; targets=values is for .npz"
                )
            return source.read(path, options)
    looked = "; ".join(source.looks for source in SOURCES)
    raise DataError(f"{path}: found {_in_words(path)}, expected one of: {looked}")


def _in_words(path: Path) -> str:
    if path.is_dir():
        inside = sorted(item.name + "/" * item.is_dir() for item in path.iterdir())
        more = f", ... ({len(inside)} in all)" if len(inside) > 5 else ""
        return f"a folder with {', '.join(inside[:5])}{more}" if inside else "an empty folder"
    with open(path, "rb") as file:
        start = file.read(8)
    return f"a file that starts with the bytes {start.hex(' ')}" if start else "an empty file"
