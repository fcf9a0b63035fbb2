"""Checkpoints that say what they belong to, with a checksum; a damaged or foreign one is named where it is read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base.errors import RunFolderError
from stdpnet.base.files import array_digest
from stdpnet.experiments.stdp.identity import settings
from stdpnet.learning.config import Config
from stdpnet.learning.state_checks import fault

#: What stands in ``checkpoint.npz`` beside the state; neither did in version 0.1.
IDENTITY, CHECKSUM = "identity", "checksum"


def sealed(state: Mapping[str, np.ndarray], config: Config, data: str) -> dict[str, np.ndarray]:
    """Return the arrays of a checkpoint file.

    Parameters
    ----------
    state : State
    config : Config
    data : str
        Fingerprint of the data set.

    Returns
    -------
    dict of str to ndarray
        The state, ``identity`` (settings and data of the run, as JSON) and ``checksum`` over all of it.
    """
    identity = json.dumps({"data": data, "settings": settings(config.to_dict())})
    arrays = {**state, IDENTITY: np.array(identity)}
    return arrays | {CHECKSUM: np.array(array_digest(arrays))}


def unsealed(arrays: Mapping[str, np.ndarray], path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the state in the arrays of a checkpoint file, and its identity: empty in one of version 0.1.

    Parameters
    ----------
    arrays : dict of str to ndarray
    path : Path
        For errors.

    Raises
    ------
    RunFolderError
        When the checksum is not that of the arrays.
    """
    state = {name: array for name, array in arrays.items() if name not in (IDENTITY, CHECKSUM)}
    if len(state) == len(arrays):
        return state, {}
    found = array_digest({name: array for name, array in arrays.items() if name != CHECKSUM})
    expected = str(arrays.get(CHECKSUM, "none"))
    if found != expected or IDENTITY not in arrays:
        raise RunFolderError(
            f"{path}: the checksum of its arrays is {found[:12]}, expected {expected[:12]}: it was changed or damaged; "
            "restore it from a copy or train anew in another folder"
        )
    return state, json.loads(str(arrays[IDENTITY]))


def check_identity(identity: Mapping[str, Any], config: Config, data: str, path: Path) -> None:
    """Check that a checkpoint was made with the configuration and the data set of which the files beside it tell.

    Parameters
    ----------
    identity : dict
        From `unsealed`.
    config : Config
    data : str
        Fingerprint of the data set.
    path : Path
        Of the checkpoint, for errors.

    Raises
    ------
    RunFolderError
        Naming a parameter that differs.
    """
    now = settings(json.loads(config.to_json()))
    for name, value in identity.get("settings", {}).items():
        if now.get(name) != value:
            raise RunFolderError(
                f"{path}: trained with {name} {value!r}, but config.json beside it says {now.get(name)!r}: restore "
                "both from one copy"
            )
    trained_on = identity.get("data", data)
    if trained_on != data:
        raise RunFolderError(
            f"{path}: trained on data of fingerprint {trained_on[:12]}, but environment.json beside it says "
            f"{data[:12]}: restore both from one copy"
        )


def check_values(state: Mapping[str, np.ndarray], config: Config, path: Path) -> None:
    """Check what can be told of the values of a state, whatever made it.

    Parameters
    ----------
    state : State
        Of any shapes.
    config : Config
    path : Path
        Of the checkpoint, for errors.

    Raises
    ------
    RunFolderError
        Naming an array with a value that training cannot bring about.
    """
    if wrong := fault(state, config):
        raise RunFolderError(f"{path}: {wrong}; restore it from a copy or train anew in another folder")
