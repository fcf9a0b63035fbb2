"""Files that are whole or not there: written under a temporary name, then renamed."""

import json
import os
import zipfile
from pathlib import Path

import numpy as np

from stdpnet.base.errors import RunFolderError


def write_atomically(path, write):
    """Call ``write(file)`` with a temporary binary file, then give it its name."""
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(unfinished, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_text(path, text):
    """Write a text file atomically."""
    write_atomically(path, lambda file: file.write(text.encode()))


def write_json(path, data):
    """Write a JSON file atomically."""
    write_text(path, json.dumps(data, indent=2) + "\n")


def write_arrays(path, arrays):
    """Write named arrays as an npz file, atomically. Unlike in `numpy.savez` any name will do, even ``file``."""

    def write(file):
        with zipfile.ZipFile(file, "w") as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                    np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=False)

    write_atomically(path, write)


def read_json(path):
    """Read a JSON file.

    Raises
    ------
    RunFolderError
        When it is missing or damaged.
    """
    try:
        return json.loads(Path(path).read_text())
    except FileNotFoundError:
        raise RunFolderError(f"{path}: no such file; expected a run folder made by runs/train.py") from None
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{path}: cannot be read as JSON ({error})") from None


def read_arrays(path):
    """Read all arrays of an npz file; no pickle is ever loaded.

    Raises
    ------
    RunFolderError
        When the file is missing, cut short or damaged.
    """
    try:
        return npz_arrays(path)
    except FileNotFoundError:
        raise RunFolderError(f"{path}: no such file; expected a run folder made by runs/train.py") from None
    except ValueError as error:
        raise RunFolderError(
            f"{path}: damaged or cut short ({error}); restore it from a copy or train anew in another folder"
        ) from None


def npz_arrays(path):
    """Read all arrays of an npz file; no pickle is ever loaded.

    Raises
    ------
    FileNotFoundError
    ValueError
        When the file is cut short, damaged, or another kind of file.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise
    except Exception as error:  # zipfile, zlib and numpy each raise their own kinds on damage
        raise ValueError(str(error)) from None


def checked(data, expected, path):
    """Return plain data from a JSON file.

    Parameters
    ----------
    data : object
    expected : dict of str to type or tuple of type
    path : path-like
        For the error.

    Raises
    ------
    RunFolderError
        When it is no table, or one of the values is not there or of another type.
    """
    if not isinstance(data, dict):
        raise RunFolderError(f"{path}: holds a {type(data).__name__}, expected a table; restore it from a copy")
    for name, kind in expected.items():
        if not isinstance(data.get(name), kind):
            raise RunFolderError(
                f"{path}: {name} is {data.get(name)!r}; restore it from a copy, or make it anew with runs/evaluate.py"
            )
    return data
