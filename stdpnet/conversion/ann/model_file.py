"""A trained network as a file: weights, architecture and shape of an image."""

from os import PathLike

import torch

from stdpnet.base.errors import ConversionError, StdpnetError
from stdpnet.base.labelled.tensors import read_tensors, write_tensors
from stdpnet.conversion.ann.activations import with_activation
from stdpnet.conversion.ann.architectures import Network, build

FORMAT = "stdpnet model"
VERSION = 1


def save_model(path: str | PathLike, model: Network, architecture: str, activation: str = "relu") -> None:
    """Write a network, atomically: weights, architecture, activation and shape of an image.

    Parameters
    ----------
    path : path-like
    model : Network
        From `build`.
    architecture, activation : str
        Their names.
    """
    write_tensors(
        path,
        {
            "format": FORMAT,
            "version": VERSION,
            "architecture": architecture,
            "activation": activation,
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
    data = read_tensors(path, "stdpnet train-cnn", ConversionError)
    found = (data.get("format"), data.get("version")) if isinstance(data, dict) else None
    if found != (FORMAT, VERSION):
        raise ConversionError(
            f"{path}: holds no {FORMAT!r} version {VERSION}; expected model.pt of stdpnet train-cnn. A module of your "
            "own goes to import_model without a file"
        )
    try:
        with torch.random.fork_rng(devices=[]):
            model = build(data["architecture"], data["input_shape"], data["n_classes"])
            with_activation(model, data.get("activation", "relu"))  # files of earlier versions leave it unsaid
        model.load_state_dict(data["state"])
    except (AttributeError, KeyError, RuntimeError, TypeError, StdpnetError) as cause:
        what = f"{type(cause).__name__}: {cause}".splitlines()[0]
        raise ConversionError(f"{path}: damaged model ({what}); train it anew") from None
    return model.eval()
