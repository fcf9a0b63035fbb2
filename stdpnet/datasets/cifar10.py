"""CIFAR-10: 32 x 32 pixels in colour, ten classes."""

import os
from dataclasses import replace
from pathlib import Path

import platformdirs

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.readers import cifar_files, npz
from stdpnet.datasets.readers.options import Options


def places() -> list[Path]:
    """Return the folders where CIFAR-10 is looked for, in this order."""
    data = os.environ.get("STDPNET_DATA")
    return [
        *([Path(data) / "cifar10", Path(data)] if data else []),
        Path(platformdirs.user_cache_dir("stdpnet")) / "cifar10",
    ]


def load_cifar10(colour: str = "planes") -> Dataset:
    """Return CIFAR-10 from ``$STDPNET_DATA``, else from the user's cache folder.

    Parameters
    ----------
    colour : {"planes", "grey", "channels"}
        See `Dataset`.

    Returns
    -------
    Dataset
        50,000 training and 10,000 test images (Krizhevsky 2009, Learning multiple layers of features from tiny images).

    Raises
    ------
    DataError
        When files found are damaged, or none are found: lists every place tried.
    """
    options = Options(colour=colour)
    for place in places():
        if cifar_files.find(place):
            return cifar_files.read(place, options)
        if npz.is_pair(place):
            return _checked(npz.read_pair(place, options), place)
    for place in places():
        if cifar_files.find_pickled(place):
            return cifar_files.read(place, options)  # says what to take instead
    tried = "".join(f"\n  {place}" for place in places())
    raise DataError(
        f"CIFAR-10 not found. Tried the folders{tried}\nPut {cifar_files.ARCHIVE} (of "
        "https://www.cs.toronto.edu/~kriz/cifar.html), what it unpacks to, or train.npz and test.npz with images and "
        "labels into one of these folders, or set STDPNET_DATA to the folder that holds them."
    )


def _checked(dataset: Dataset, place: Path) -> Dataset:
    """Return a data set of archives under CIFAR-10's names, if it may be that."""
    classes, side = cifar_files.CLASSES, cifar_files.SIDE
    sides = dataset.image_shape[-2:]
    if sides not in ((side, side), (side, 3 * side)) or dataset.n_classes != len(classes):
        raise DataError(
            f"{place}: train.npz and test.npz hold {dataset!r}, expected CIFAR-10's {side} x {side} in colour"
        )
    named = dataset.class_names if set(dataset.class_names) == set(classes) else classes
    return replace(dataset, name="cifar10", class_names=named)
