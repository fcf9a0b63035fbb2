"""Files of PyTorch that hold tensors and plain data only; no pickled object is ever loaded."""

import io
import zipfile
from os import PathLike
from typing import Any

import torch

from stdpnet.base.errors import StdpnetError
from stdpnet.base.files import write_atomically


def write_tensors(path: str | PathLike, data: dict) -> None:
    """Write nested dicts of tensors and plain data, atomically."""
    content = io.BytesIO()  # on a full disk PyTorch's own writer speaks of positions
    torch.save(data, content)
    write_atomically(path, lambda file: file.write(content.getbuffer()))


def read_tensors(path: str | PathLike, made_by: str, error: type[StdpnetError]) -> Any:
    """Return what `write_tensors` wrote.

    Parameters
    ----------
    path : path-like
    made_by : str
        The command that writes such files, for errors.
    error : type of StdpnetError
        What to raise when the file is missing, damaged, or holds other objects.

    Returns
    -------
    object
        Tensors on the CPU.

    Raises
    ------
    StdpnetError
        Of the kind given.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if wrong := archive.testzip():  # PyTorch checks no checksum: another weight would be read without a word
                raise zipfile.BadZipFile(f"wrong checksum of {wrong}")
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise error(f"{path}: no such file; expected one that {made_by} wrote") from None
    except Exception as cause:  # zip, pickle and PyTorch each raise their own kinds on damage
        raise error(
            f"{path}: damaged, or not written by {made_by} ({type(cause).__name__}); restore it from a copy or train "
            "anew in another folder"
        ) from None
