"""Data sets: ``mnist-5k`` comes with the package, others are looked for by name, or read from a path."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stdpnet.base.errors import DataError, did_you_mean
from stdpnet.datasets.cifar10 import load_cifar10
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.embedded import load_embedded
from stdpnet.datasets.mnist import load_mnist
from stdpnet.datasets.readers import table
from stdpnet.datasets.readers.options import Options, parse

__all__ = ["Dataset", "load_dataset"]

#: What `load_dataset` takes, for the help of every command.
TAKES = (
    "mnist-5k (comes with the package), mnist, cifar10, or the path of images: a folder of pictures in folders of "
    "classes, .npz, .csv, IDX files; of colour after it: cifar10,colour=grey, photos,colour=channels or ...=planes"
)

NAMED: dict[str, Callable[..., Dataset]] = {"mnist-5k": load_embedded, "mnist": load_mnist, "cifar10": load_cifar10}
#: Those that can be had in other forms of colour.
COLOURED = ("cifar10",)


def load_dataset(name: str | Path, **options: str) -> Dataset:
    """Return a data set by name, or from a path: IDX files, pictures, ``.npz``, ``.csv``.

    Parameters
    ----------
    name : str or Path
        ``mnist-5k``, ``mnist``, ``cifar10``, or a path. Options may follow it, as in ``photos,colour=channels``.
    **options : str
        ``colour="channels"`` puts the channels of colour images side by side, ``colour="planes"`` behind each other,
        as convolutional networks take them, where otherwise they become grey; ``cifar10`` has planes if nothing is
        said. ``turn="no"`` leaves EMNIST's letters on their side.

    Returns
    -------
    Dataset
        With the name or path as its ``source``.

    Raises
    ------
    DataError
        Naming the file, what was found and what was expected.

    Examples
    --------
    >>> load_dataset("mnist-5k")
    Dataset 'mnist-5k': 4,000 training and 1,000 test images of 28 x 28, 10 classes
    """
    text = str(name)
    path, given = parse(text)
    if str(path) in NAMED:
        return _named(str(path), given | options)
    asked = Options(**(given | options))
    if not os.path.exists(path):  # False for what can be no path as well
        raise DataError(
            f"no data set {text!r}{did_you_mean(text, NAMED)}: expected {', '.join(NAMED)}, or the path of images"
        )
    try:
        return replace(table.read(path, asked), source=f"{path}{asked}" if given or options else text)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None


def _named(name: str, asked: dict[str, str]) -> Dataset:
    """Return a data set that has a name."""
    if asked and (name not in COLOURED or asked.keys() != {"colour"}):
        known = "colour" if name in COLOURED else "none"
        raise DataError(f"{name}: found the options {', '.join(asked)}, expected {known}")
    return replace(NAMED[name](**asked), source=name + "".join(f",{key}={value}" for key, value in asked.items()))
