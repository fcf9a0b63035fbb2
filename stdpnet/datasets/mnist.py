"""Full MNIST, and any folder with four IDX files."""

import os
from pathlib import Path

import numpy as np
import platformdirs

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx import write_idx
from stdpnet.datasets.idx_folder import FILES, find_file, load_folder

TRAINING_IMAGES = 60_000


def cache_folder() -> Path:
    """Return where a downloaded MNIST is kept."""
    return Path(platformdirs.user_cache_dir("stdpnet")) / "mnist"


def places() -> list[Path]:
    """Return the folders where MNIST is looked for, in this order."""
    data = os.environ.get("STDPNET_DATA")
    return [*([Path(data) / "mnist", Path(data)] if data else []), cache_folder()]


def find_mnist() -> Path | None:
    """Return the first of `places` that holds the four files, or None."""
    complete = (place for place in places() if all(find_file(place, file) for file, _ in FILES.values()))
    return next(complete, None)


def load_mnist() -> Dataset:
    """Return full MNIST from ``$STDPNET_DATA``, else the user's cache folder, else OpenML into that cache.

    Returns
    -------
    Dataset
        60,000 training and 10,000 test images of 28 x 28 (LeCun, Bottou, Bengio & Haffner 1998,
        doi:10.1109/5.726791).

    Raises
    ------
    DataError
        When a file found is damaged, or none is found and the download fails: lists every place tried.
    """
    found = find_mnist()
    if found:
        return load_folder(found, "mnist")
    try:
        download(cache_folder())
    except Exception as error:  # every library below OpenML raises its own kind
        tried = "".join(f"\n  {place}" for place in places())
        raise DataError(
            f"MNIST not found. Tried the folders{tried}\nand sklearn.datasets.fetch_openml('mnist_784'), which failed: "
            f"{error}\nPut the four IDX files (train-images-idx3-ubyte.gz, ...) into one of these folders, or set "
            "STDPNET_DATA to the folder that holds them; or use the embedded set, mnist-5k."
        ) from None
    return load_folder(cache_folder(), "mnist")


def download(folder: Path) -> None:
    """Fetch MNIST from OpenML and keep it in `folder` as IDX files, the labels last."""
    from sklearn.datasets import fetch_openml

    images, labels = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False, parser="liac-arff")
    images, labels = np.asarray(images).reshape(-1, 28, 28).astype(np.uint8), np.asarray(labels).astype(np.uint8)
    parts = {
        "train_images": images[:TRAINING_IMAGES],
        "test_images": images[TRAINING_IMAGES:],
        "train_labels": labels[:TRAINING_IMAGES],
        "test_labels": labels[TRAINING_IMAGES:],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for part, array in parts.items():
        write_idx(folder / f"{FILES[part][0]}.gz", array)
