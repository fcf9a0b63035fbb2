"""A converted network as one npz file: its graph as `storage` writes it, scales, rates, what was chosen, a checksum."""

import json
from os import PathLike

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.files import array_digest, write_arrays
from stdpnet.conversion import storage
from stdpnet.conversion.converted import ConvertedNetwork
from stdpnet.conversion.spiking.network import SpikingNetwork

FORMAT, VERSION = "stdpnet converted network", 1
#: Entries beside those of the graph, and what stands before the name of a node with its scales.
ABOUT, CHECKSUM, SCALES = "about", "checksum", "scales:"


def save(network: SpikingNetwork, path: str | PathLike) -> None:
    """Write a network into one npz file, whole or not at all.

    Parameters
    ----------
    network : SpikingNetwork
    path : path-like
        By custom ends in ``.npz``.

    Raises
    ------
    ConversionError
        When the file cannot be written.
    """
    about = {"format": FORMAT, "version": VERSION, "rates": network.rates, "chosen": network.chosen}
    about["ending"] = type(network.ending).__name__ if network.ending else None
    arrays = storage.to_arrays(network.graph) | {f"{SCALES}{name}": scale for name, scale in network.scales.items()}
    arrays[ABOUT] = np.array(json.dumps(about))
    with storage.being_written(path):
        write_arrays(path, arrays | {CHECKSUM: np.array(array_digest(arrays))})


def load_spiking(path: str | PathLike) -> ConvertedNetwork:
    """Read a network that `save` of a `ConvertedNetwork`, or ``stdpnet convert``, wrote; no pickle is ever loaded.

    Parameters
    ----------
    path : path-like
        Such as ``network.npz`` of a folder of ``stdpnet convert``.

    Returns
    -------
    ConvertedNetwork

    Raises
    ------
    ConversionError
        When the file is missing, damaged, or of another kind or version.

    Examples
    --------
    >>> load_spiking("nowhere.npz")
    Traceback (most recent call last):
    stdpnet.base.errors.ConversionError: nowhere.npz: no such file; expected a graph that `save` wrote
    """
    arrays = storage.read(path)
    try:
        about = json.loads(str(arrays[ABOUT]))
        found = about["format"], about["version"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ConversionError(
            f"{path}: holds no converted network; expected a file that spiking.save(path) or stdpnet convert wrote (a "
            "graph alone: stdpnet.conversion.storage.load)"
        ) from None
    if found != (FORMAT, VERSION):
        raise ConversionError(
            f"{path}: is {found[0]!r} version {found[1]}; expected {FORMAT!r} version {VERSION}: convert the model anew"
        )
    if str(arrays.pop(CHECKSUM, "")) != array_digest(arrays):
        raise ConversionError(f"{path}: its checksum does not fit what it holds; convert the model anew")
    graph = storage.from_arrays(arrays, path)
    scales = {name.removeprefix(SCALES): array for name, array in arrays.items() if name.startswith(SCALES)}
    try:
        ending = storage.KINDS[about["ending"]]() if about["ending"] else None
        return ConvertedNetwork(graph, scales, dict(about["rates"]), dict(about["chosen"]), ending)
    except (KeyError, TypeError, ValueError) as error:  # also a ConversionError
        raise ConversionError(f"{path}: damaged ({error}); convert the model anew") from None
