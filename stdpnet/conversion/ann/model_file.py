"""Files of PyTorch that hold tensors and plain data only; no pickled object is ever loaded."""

import io
import zipfile
from os import PathLike
from typing import Any

import torch

from stdpnet.base.errors import ConversionError, StdpnetError
from stdpnet.base.files import write_atomically
from stdpnet.conversion.ann.architectures import Network, build

FORMAT = "stdpnet model"
VERSION = 1


def write_tensors(path: str | PathLike, data: dict) -> None:
    """Write nested dicts of tensors and plain data, atomically."""
    content = io.BytesIO()  # on a full disk PyTorch's own writer speaks of positions
    torch.save(data, content)
    write_atomically(path, lambda file: file.write(content.getbuffer()))


def read_tensors(path: str | PathLike, error: type[StdpnetError] = ConversionError) -> Any:
    """Return what `write_tensors` wrote.

    Parameters
    ----------
    path : path-like
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
        raise error(f"{path}: no such file; expected one that stdpnet train-cnn wrote") from None
    except Exception as cause:  # zip, pickle and PyTorch each raise their own kinds on damage
        raise error(
            f"{path}: damaged, or not written by stdpnet train-cnn ({type(cause).__name__}); restore it from a copy or "
            "train anew in another folder"
        ) from None


def save_model(path: str | PathLike, model: Network, architecture: str) -> None:
    """Write a network, atomically: weights, architecture and shape of an image.

    Parameters
    ----------
    path : path-like
    model : Network
        From `build`.
    architecture : str
        Its name.
    """
    write_tensors(
        path,
        {
            "format": FORMAT,
            "version": VERSION,
            "architecture": architecture,
            "input_shape": list(model.input_shape),
            "n_classes": model.n_classes,
            "state": model.state_dict(),
        },
    )


def load_model(path: str | PathLike) -> Network:
    """Return a trained network in evaluation mode.

    Parameters
    ----------
    path : path-like
        ``model.pt`` of a run folder.

    Returns
    -------
    Network
        For ``import_model(model, model.input_shape)``; images are pixels / 255.

    Raises
    ------
    ConversionError
        When the file is missing, damaged, not a model of `save_model`, or of another version of the format.
    """
    data = read_tensors(path)
    found = (data.get("format"), data.get("version")) if isinstance(data, dict) else None
    if found != (FORMAT, VERSION):
        raise ConversionError(
            f"{path}: holds no {FORMAT!r} version {VERSION}; expected model.pt of stdpnet train-cnn. A module of your "
            "own goes to import_model without a file"
        )
    try:
        with torch.random.fork_rng(devices=[]):
            model = build(data["architecture"], data["input_shape"], data["n_classes"])
        model.load_state_dict(data["state"])
    except (AttributeError, KeyError, RuntimeError, TypeError, StdpnetError) as cause:
        what = f"{type(cause).__name__}: {cause}".splitlines()[0]
        raise ConversionError(f"{path}: damaged model ({what}); train it anew") from None
    return model.eval()
