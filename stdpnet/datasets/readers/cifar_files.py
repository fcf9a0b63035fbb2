"""CIFAR-10's own files, binary version: for each image a byte of the label, then its red, green and blue bytes."""

import tarfile
import zlib
from pathlib import Path

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx_folder import make
from stdpnet.datasets.readers.options import Options

SIDE = 32
#: Bytes of an image.
RECORD = 1 + 3 * SIDE**2
#: Images in a file, at most.
RECORDS = 10_000
TRAIN = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
TEST = "test_batch.bin"
#: What is unpacked and what is loaded from https://www.cs.toronto.edu/~kriz/cifar.html.
FOLDER, ARCHIVE = "cifar-10-batches-bin", "cifar-10-binary.tar.gz"
#: What the other version has.
PICKLED = ("cifar-10-batches-py", "cifar-10-python.tar.gz", "data_batch_1")
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def find(place: Path) -> Path | None:
    """Return the folder or the archive with the files, at a place or in it; None where there is neither."""
    for path in (place, place / FOLDER):
        if any((path / name).is_file() for name in (*TRAIN, TEST)):
            return path
    return next((path for path in (place, place / ARCHIVE) if path.name == ARCHIVE and path.is_file()), None)


def find_pickled(place: Path) -> Path | None:
    """Return what there is of the Python version, at a place or in it."""
    paths = (place, *(place / name for name in PICKLED))
    return next((path for path in paths if path.name in PICKLED and path.exists()), None)


def read(place: Path, options: Options) -> Dataset:
    """Read the files in a folder, or in the archive as it is loaded.

    Parameters
    ----------
    place : Path
        Where `find` or `find_pickled` finds something.
    options : Options

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        When files are missing, cut short or damaged, or those of the Python version.
    """
    path = find(place)
    if path is None:
        raise DataError(
            f"{find_pickled(place)}: found the Python version of CIFAR-10, whose pickles are not loaded, since they "
            f"can run any code; expected the binary version, {ARCHIVE}, or what it unpacks to, {FOLDER}"
        )
    contents = _from_archive(path) if path.is_file() else _from_folder(path)
    if missing := [name for name in (*TRAIN, TEST) if name not in contents]:
        raise DataError(f"{path}: found no {', '.join(missing)}, expected the six files of CIFAR-10: get it again")
    parts = {name: _images(contents.pop(name), f"{path}: {name}") for name in (*TRAIN, TEST)}
    train_images, train_labels = (np.concatenate(found) for found in zip(*(parts[name] for name in TRAIN), strict=True))
    test_images, test_labels = parts[TEST]
    arrays = {"train_images": train_images, "train_labels": train_labels}
    arrays |= {"test_images": test_images, "test_labels": test_labels}
    return make("cifar10", arrays, CLASSES, options.colour)


def _from_folder(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (*TRAIN, TEST) if (folder / name).is_file()}


def _from_archive(path: Path) -> dict[str, bytes]:
    found = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for entry in archive:
                name, file = Path(entry.name).name, archive.extractfile(entry) if entry.isreg() else None
                if file and name in (*TRAIN, TEST):
                    found[name] = file.read(RECORDS * RECORD + 1)
    except (EOFError, OSError, tarfile.TarError, zlib.error) as error:
        raise DataError(f"{path}: cut short or damaged ({error}); get it again") from None
    return found


def _images(content: bytes, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return images, shape (n, 3, SIDE, SIDE), and labels."""
    if not content or len(content) % RECORD or len(content) > RECORDS * RECORD:
        raise DataError(
            f"{where}: found {len(content):,} bytes, expected {RECORDS * RECORD:,}, or fewer that are a multiple of "
            f"{RECORD:,}: get it again"
        )
    rows = np.frombuffer(content, np.uint8).reshape(-1, RECORD)
    labels = rows[:, 0]
    if labels.max() >= len(CLASSES):
        raise DataError(f"{where}: found the label {labels.max()}, expected 0 to 9: get it again")
    return rows[:, 1:].reshape(-1, 3, SIDE, SIDE), labels
