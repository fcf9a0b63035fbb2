"""Data sets: ``mnist-5k`` comes with the package, ``mnist`` is looked for, a folder is read as IDX files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.embedded import load_embedded
from stdpnet.datasets.idx import load_folder
from stdpnet.datasets.mnist import load_mnist

__all__ = ["Dataset", "load_dataset"]

NAMED: dict[str, Callable[[], Dataset]] = {"mnist-5k": load_embedded, "mnist": load_mnist}


def load_dataset(name: str | Path) -> Dataset:
    """Return a data set by name, or from the path of a folder with four IDX files.

    Parameters
    ----------
    name : str or Path
        ``mnist-5k``, ``mnist``, or the path of a folder such as `stdpnet.datasets.idx.write_folder` writes.

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
    if name in NAMED:
        return replace(NAMED[str(name)](), source=str(name))
    if not Path(name).exists():
        raise DataError(
            f"no data set {str(name)!r}: expected {', '.join(NAMED)}, or the path of a folder with IDX files"
        )
    return replace(load_folder(name), source=str(name))
