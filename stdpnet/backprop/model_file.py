"""A trained spiking network as a file: its description and its parameters."""

from dataclasses import asdict
from os import PathLike

from stdpnet.backprop.constants import Neuron
from stdpnet.backprop.network import Description, Network
from stdpnet.base.errors import ModelFileError, StdpnetError
from stdpnet.base.labelled.tensors import read_tensors, write_tensors

FORMAT = "stdpnet spiking network"
VERSION = 1
MADE_BY = "stdpnet train-spiking"


def save_network(path: str | PathLike, network: Network) -> None:
    """Write a network, atomically."""
    description = asdict(network.description)
    write_tensors(
        path,
        {
            "format": FORMAT,
            "version": VERSION,
            "description": description | {"layers": list(description["layers"])},
            "state": network.state_dict(),
        },
    )


def load_network(path: str | PathLike) -> Network:
    """Return a trained network.

    Parameters
    ----------
    path : path-like
        ``model.pt`` of a run folder.

    Returns
    -------
    Network

    Raises
    ------
    ModelFileError
        When the file is missing, damaged, not written by `save_network`, or of another version of the format.
    """
    data = read_tensors(path, MADE_BY, ModelFileError)
    found = (data.get("format"), data.get("version")) if isinstance(data, dict) else None
    if found != (FORMAT, VERSION):
        raise ModelFileError(f"{path}: holds no {FORMAT!r} version {VERSION}; expected model.pt of {MADE_BY}")
    try:
        description = dict(data["description"])
        neuron = Neuron(**description.pop("neuron"))
        network = Network(Description(tuple(description.pop("layers")), neuron=neuron, **description))
        network.load_state_dict(data["state"])
    except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError, StdpnetError) as cause:
        what = f"{type(cause).__name__}: {cause}".splitlines()[0]
        raise ModelFileError(f"{path}: damaged network ({what}); train it anew") from None
    return network
