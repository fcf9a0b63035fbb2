"""Files that are whole or not there: written under a temporary name, then renamed."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import IO, Any

import numpy as np

from stdpnet.base.errors import RunFolderError


def write_atomically(path: str | PathLike[str], write: Callable[[IO[bytes]], object]) -> None:
    """Call ``write(file)`` with a temporary binary file, then give it its name.

    An error on the way leaves the old file as it was, and no temporary one.

    Parameters
    ----------
    path : path-like
    write : callable
        Takes the open file.

    Raises
    ------
    RunFolderError
        When it cannot be written, as on a full disk.
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    file = open(unfinished, "wb")  # noqa: SIM115
    try:
        try:
            with file:  # what is left in its buffer may fail to be written when it is closed
                write(file)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:  # numpy's says how much of an array was written, and not to which file
            raise RunFolderError(
                f"{path}: could not be written ({error.strerror or error}): is the disk full?"
            ) from None
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_text(path: str | PathLike[str], text: str) -> None:
    """Write a text file atomically."""
    write_atomically(path, lambda file: file.write(text.encode()))


def write_json(path: str | PathLike[str], data: Any) -> None:
    """Write a JSON file atomically."""
    write_text(path, json.dumps(data, indent=2) + "\n")


def write_arrays(path: str | PathLike[str], arrays: Mapping[str, Any]) -> None:
    """Write named arrays as an npz file, atomically. Unlike in `numpy.savez` any name will do, even ``file``.

    Parameters
    ----------
    path : path-like
    arrays : dict of str to array_like
        Of any shape, and of any type but objects.

    Raises
    ------
    ValueError
        For an array of objects: it would need a pickle.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_arrays(f"{folder}/state.npz", {"theta": np.zeros(400)})
    ...     read_arrays(f"{folder}/state.npz")["theta"].shape
    (400,)
    """

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                    np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=False)

    write_atomically(path, write)


def read_json(path: str | PathLike[str]) -> Any:
    """Read a JSON file of a run folder.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    dict, list, str, float, int, bool or None

    Raises
    ------
    RunFolderError
        When it is missing or damaged.
    """
    try:
        return json.loads(Path(path).read_text())
    except FileNotFoundError:
        raise RunFolderError(f"{path}: no such file; expected a run folder made by stdpnet train") from None
    except (OSError, RecursionError, ValueError) as error:
        raise RunFolderError(f"{path}: cannot be read as JSON ({error})") from None


def read_arrays(path: str | PathLike[str]) -> dict[str, np.ndarray]:
    """Read all arrays of an npz file of a run folder, as `npz_arrays` does.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    RunFolderError
        When the file is missing, cut short or damaged, or holds a pickle.
    """
    try:
        return npz_arrays(path)
    except FileNotFoundError:
        raise RunFolderError(f"{path}: no such file; expected a run folder made by stdpnet train") from None
    except ValueError as error:
        raise RunFolderError(
            f"{path}: damaged or cut short ({error}); restore it from a copy or train anew in another folder"
        ) from None


def npz_arrays(path: str | PathLike[str]) -> dict[str, np.ndarray]:
    """Read all arrays of an npz file; no pickle is ever loaded.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    FileNotFoundError
    ValueError
        When the file is cut short, damaged, or another kind of file, or holds a pickle.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            # of a large array numpy checks no checksum where the header declares fewer values or another byte order
            if wrong := archive.zip.testzip():
                raise ValueError(f"wrong checksum of {wrong}")
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise
    except Exception as error:  # zipfile, zlib and numpy each raise their own kinds on damage
        raise ValueError(" ".join(str(error).split())) from None  # a damaged name may hold the end of a line


def are_numbers(values: Any, how_many: int | None = None) -> bool:
    """Tell whether plain data is a list of numbers, and of so many of them.

    Examples
    --------
    >>> are_numbers([0.25, 1], 2), are_numbers([0.25, None]), are_numbers("12", 2)
    (True, False, False)
    """
    numbers = isinstance(values, list) and all(isinstance(value, (int, float)) for value in values)
    return numbers and how_many in (None, len(values))


def array_digest(arrays: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 over names, types, shapes and bytes of arrays, as 64 hex digits.

    Examples
    --------
    >>> one, other = {"theta": np.zeros(4)}, {"theta": np.array([0, 0, 0, 1e-9])}
    >>> array_digest(one) == array_digest(dict(one)), array_digest(one) == array_digest(other)
    (True, False)
    """
    digest = hashlib.sha256()
    for name, array in sorted((name, np.asarray(array)) for name, array in arrays.items()):
        digest.update(f"{name} {array.dtype.newbyteorder('<').str} {array.shape}\n".encode())
        digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()


def checked(data: Any, expected: Mapping[str, type | tuple[type, ...]], path: str | PathLike[str]) -> dict[str, Any]:
    """Return plain data from a JSON file, if it is what was expected.

    Parameters
    ----------
    data : object
    expected : dict of str to type or tuple of type
    path : path-like
        For the error.

    Returns
    -------
    dict
        The data, unchanged.

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
                f"{path}: {name} is {data.get(name)!r}; restore it from a copy, or make it anew with stdpnet evaluate"
            )
    return data
