"""Where the network comes from that is to be converted: a run folder, or a graph in a file."""

import os
from os import PathLike
from pathlib import Path

from stdpnet.base.errors import ConversionError
from stdpnet.base.optional import require_torch
from stdpnet.conversion import storage
from stdpnet.conversion.graph.graph import Graph


def load_graph(path: str | PathLike) -> Graph:
    """Return the network in a run folder of ``stdpnet train-cnn`` or in an ``.npz`` file of `storage.save`.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Graph

    Raises
    ------
    ConfigError
        When PyTorch is missing for a run folder.
    ConversionError
        When it is neither, or damaged.
    """
    path = Path(path)
    if not os.path.exists(path):
        raise ConversionError(
            f"{path}: no such file or folder; expected a run folder of stdpnet train-cnn, or an .npz that "
            "stdpnet.conversion.storage.save wrote"
        )
    if not path.is_dir():
        return storage.load(path)
    require_torch(f"the model in {path}", "give an .npz of stdpnet.conversion.storage.save")
    from stdpnet.conversion.ann.model_file import load_model
    from stdpnet.conversion.importers import import_model
    from stdpnet.experiments.ann.folder import TrainingFolder

    model = load_model(TrainingFolder(path).model_file)
    return import_model(model, model.input_shape)
