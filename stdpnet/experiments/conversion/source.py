"""Where the network comes from that is to be converted: a run folder, or a graph in a file."""

import importlib.util
from pathlib import Path

from stdpnet.base.errors import ConversionError
from stdpnet.conversion import storage


def load_graph(path):
    """Return the network in a run folder of ``runs/train_cnn.py`` or in an ``.npz`` file of `storage.save`.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        When it is neither, or damaged, or PyTorch is missing for a run folder.
    """
    path = Path(path)
    if not path.exists():
        raise ConversionError(
            f"{path}: no such file or folder; expected a run folder of runs/train_cnn.py, or an .npz that "
            "stdpnet.conversion.storage.save wrote"
        )
    if not path.is_dir():
        return storage.load(path)
    if importlib.util.find_spec("torch") is None:
        raise ConversionError(
            f'{path}: PyTorch is not installed, and a run folder\'s model needs it: pip install "stdpnet[torch]", or '
            "give an .npz of stdpnet.conversion.storage.save"
        )
    from stdpnet.conversion.ann.model_file import load_model
    from stdpnet.conversion.importers import import_model
    from stdpnet.experiments.ann.folder import TrainingFolder

    model = load_model(TrainingFolder(path).model_file)
    return import_model(model, model.input_shape)


def as_input(images, shape):
    """Return grey levels as input of a network, in [0, 1], the range of `ann.images.as_input`.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, height, width)
    shape : tuple of int
        That of the network's input: ``(1, height, width)``, or ``(height * width,)``.

    Returns
    -------
    ndarray of float32, shape (n_images, *shape)

    Raises
    ------
    ConversionError
        When the images do not fit.
    """
    height, width = images.shape[1:]
    if shape not in ((1, height, width), (height * width,)):
        raise ConversionError(
            f"the network takes images of shape {shape}; those of the data set are {(1, height, width)}: choose the "
            "data set that it was trained on with --dataset"
        )
    return (images.astype("float32") / 255).reshape(-1, *shape)
