"""Read one IDX file of any type, plain or gzipped, with every check; write one."""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import DataError

UNSIGNED_BYTE = 0x08

#: Types of values by their byte in the header.
TYPES: dict[int, tuple[str, Any]] = {
    UNSIGNED_BYTE: ("unsigned bytes", np.dtype(">u1")),
    0x09: ("signed bytes", np.dtype(">i1")),
    0x0B: ("integers of 16 bits", np.dtype(">i2")),
    0x0C: ("integers of 32 bits", np.dtype(">i4")),
    0x0D: ("floats of 32 bits", np.dtype(">f4")),
    0x0E: ("floats of 64 bits", np.dtype(">f8")),
}

#: A gzip file is unpacked to so many bytes, or to so many times its size where that is more.
UNPACKED, UNPACKED_RATIO = 256 * 2**20, 100


def read_idx(path: str | Path, dimensions: int) -> np.ndarray:
    """Read one IDX file.

    Parameters
    ----------
    path : str or Path
        Plain or gzipped; told apart by content, not by name.
    dimensions : int
        1 for labels, else for images: 3, and 2 or 4 are read as well.

    Returns
    -------
    ndarray
        Of the type in the file, uint8 for most; with as many axes.

    Raises
    ------
    DataError
        When the file cannot be read, is not IDX, holds another number of dimensions, or its length is not the declared
        one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_idx(f"{folder}/labels.gz", np.arange(5, dtype=np.uint8))
    ...     read_idx(f"{folder}/labels.gz", dimensions=1)
    array([0, 1, 2, 3, 4], dtype=uint8)
    """
    content = read_bytes(path, 16)
    expected = f"IDX magic {UNSIGNED_BYTE:#06x}{dimensions:02x} (unsigned bytes, {dimensions} dimensions)"
    if len(content) < 4:
        raise DataError(f"{path}: found {len(content)} bytes, expected a file that starts with {expected}")
    zero, kind, found = struct.unpack(">HBB", content[:4])
    fits = found == 1 if dimensions == 1 else 2 <= found <= 4
    if zero or kind not in TYPES or not fits:
        raise DataError(f"{path}: found first bytes {content[:4].hex()}{_in_words(content)}, expected {expected}")
    header = 4 + 4 * found
    if len(content) < min(16, header) or len(content := read_bytes(path, header)) < header:
        raise DataError(f"{path}: found {len(content)} bytes, expected a header of {header}: the file is cut short")
    shape = struct.unpack(f">{found}I", content[4:header])
    values = TYPES[kind][1]
    length = header + math.prod(shape) * values.itemsize
    content = read_bytes(path, length + 1)
    if len(content) != length:
        more = "more" if len(content) > length else str(len(content))
        raise DataError(f"{path}: found {more} bytes, expected {length} for the declared shape {shape}")
    return np.frombuffer(content, values, offset=header).reshape(shape).astype(values.newbyteorder("="), copy=False)


def _in_words(content: bytes) -> str:
    """Return what the first bytes of a wrong file look like."""
    zero, kind, found = struct.unpack(">HBB", content[:4])
    if content.lstrip()[:1] == b"<":
        return " (it looks like an HTML page: download it again)"
    if zero or kind not in TYPES:
        return ""
    swapped = "; images and labels seem to be swapped" if 1 <= found <= 4 else ""
    return f" ({TYPES[kind][0]}, {found} dimensions{swapped})"


def read_bytes(path: str | Path, most: int | None = None) -> bytes:
    """Return the content of a file, unpacked where it is a gzip file by its content.

    Parameters
    ----------
    path : str or Path
    most : int, optional
        Read no more bytes than this.

    Returns
    -------
    bytes

    Raises
    ------
    DataError
        When it cannot be read, or the gzip file is damaged.
    """
    try:
        with open(path, "rb") as file:
            start = file.read(2)
            if start == b"\x1f\x8b":
                limit = max(UNPACKED, UNPACKED_RATIO * Path(path).stat().st_size)
                file.seek(0)
                content = gzip.GzipFile(fileobj=file).read(limit + 1 if most is None else min(most, limit + 1))
                if len(content) > limit:
                    raise DataError(
                        f"{path}: unpacks to more than {limit:,} bytes, expected no more of a file of its size; if it "
                        "is meant so, unpack it first with gunzip"
                    )
                return content
            content = start + file.read(-1 if most is None else max(0, min(most, Path(path).stat().st_size) - 2))
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise _damaged(path, error) from None
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    except (EOFError, zlib.error) as error:
        raise _damaged(path, error) from None
    if Path(path).suffix.lower() == ".gz" and content:
        what = "an HTML page" if content.lstrip()[:1] == b"<" else f"first bytes {content[:4].hex()}"
        raise DataError(f"{path}: found {what}, expected a gzip file: download it again")
    return content


def _damaged(path: str | Path, error: Exception) -> DataError:
    return DataError(f"{path}: found a damaged gzip file ({error}), expected a whole one: get it again")


def write_idx(path: str | Path, array: np.ndarray) -> None:
    """Write an array of bytes, or of integers of 32 bits, as an IDX file, atomically; gzipped if it ends in ``.gz``."""
    kind = UNSIGNED_BYTE if array.size == 0 or 0 <= array.min() <= array.max() <= 255 else 0x0C
    header = struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim, *array.shape)
    content = header + np.ascontiguousarray(array, TYPES[kind][1]).tobytes()
    if Path(path).suffix == ".gz":
        content = gzip.compress(content, mtime=0)
    files.write_atomically(path, lambda file: file.write(content))
