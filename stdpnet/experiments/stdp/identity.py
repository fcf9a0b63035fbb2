"""Digests of arrays and configurations: what an evaluation and a checkpoint belong to."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from stdpnet.base.files import array_digest
from stdpnet.base.parameters import flat, names_of
from stdpnet.learning.config import Config


def settings(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what decides a run's numbers in plain data such as `Config.to_dict`, by ``group.name``.

    That is all but how far it is trained, in which batches, on which backend, and where the images lie.

    Examples
    --------
    >>> settings({"dataset": "mnist", "epochs": 3, "neurons": 400, "excitatory": {"tau_m": 100.0}})
    {'neurons': 400, 'excitatory.tau_m': 100.0}
    """
    incidental = {"dataset"} | names_of(Config, "length", "checkpoints", "computing", "cores")
    return flat({name: value for name, value in data.items() if name not in incidental})


def evaluation_digest(data: Mapping[str, Any], state: Mapping[str, np.ndarray]) -> str:
    """Return the digest of a state and of the configuration that it is evaluated with.

    Parameters
    ----------
    data : dict
        The configuration as plain data, as it stands in ``config.json``.
    state : State
    """
    text = json.dumps([settings(data), array_digest(state)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
