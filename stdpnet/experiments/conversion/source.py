"""Where the network comes from that is to be converted: a run folder, a graph in a file, a model in a Python file."""

import os
from os import PathLike
from pathlib import Path

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.optional import require_torch
from stdpnet.conversion import storage
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.importers import import_model
from stdpnet.experiments.ann.folder import TrainingFolder
from stdpnet.experiments.conversion import python_file


def load_graph(path: str | PathLike, image_shape: tuple[int, ...] = (), weights: str = "") -> Graph:
    """Return the network in a run folder of ``stdpnet train-cnn``, an ``.npz`` of `storage.save`, or a Python file.

    Parameters
    ----------
    path : path-like
        Of a folder or a file, or ``my_net.py:net``.
    image_shape : tuple of int
        Planes, height and width of the images, which a model in a Python file is to take, or all of their pixels.
    weights : str
        File of a ``state_dict``, for such a model.

    Returns
    -------
    Graph

    Raises
    ------
    ConfigError
        When PyTorch is missing for a run folder.
    ConversionError
        When it is none of these, or damaged.
    RunFolderError
        When it is the run folder of another command, which is named.
    """
    named = python_file.split_name(os.fspath(path))
    if named:
        return _imported(python_file.load_model(*named, weights), image_shape)
    path = Path(path)
    if weights:
        raise ConversionError(
            f"weights are given for {path}, which has its own; expected them for a model in FILE.py:NAME"
        )
    if not os.path.exists(path):
        raise ConversionError(
            f"{path}: no such file or folder; expected a run folder of stdpnet train-cnn, an .npz that "
            "stdpnet.conversion.storage.save wrote, or FILE.py:NAME of a model"
        )
    if not path.is_dir():
        return storage.load(path)
    folder = TrainingFolder(path)
    if folder.config_file.exists():
        folder.plain_config()  # says which command made it, if it is another
    require_torch(f"the model in {path}", "give an .npz of stdpnet.conversion.storage.save")
    from stdpnet.conversion.ann.model_file import load_model

    model = load_model(folder.model_file)
    return import_model(model, model.input_shape)


def _imported(model, shape):
    """Return a model that takes images as planes, or as rows of pixels."""
    try:
        return import_model(model, shape)
    except ConversionError as error:
        try:
            return import_model(model, (int(np.prod(shape)),))
        except ConversionError:
            raise error from None
