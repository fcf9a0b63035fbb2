"""What a checkpoint holds: the state, the shape of the images, and what the running accuracy remembers."""

import numpy as np

from stdpnet.base.errors import RunFolderError
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.data_of_run import check_data
from stdpnet.experiments.stdp.metrics import RunningAccuracy
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.learning.state import State
from stdpnet.learning.training import beginning

#: Variables that checkpoints of stdpnet 0.1 have not: they begin as before training.
ADDED = ("excitatory.weights_changed",)


def training_images(config: Config, dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return the images that a configuration trains on, shape (n, n_pixels), and their labels.

    Raises
    ------
    DataError
        When they have planes of colour, or labels are values.
    """
    dataset.check_for_stdp()
    n = config.images or len(dataset.train_images)
    return dataset.train_images[:n].reshape(-1, dataset.n_inputs), dataset.train_labels[:n]


def before_training(config: Config, dataset: Dataset) -> State:
    """Return what there is before the first presentation."""
    running = RunningAccuracy.before_training(dataset.n_classes, config.neurons)
    state = beginning(config, training_images(config, dataset)[0])
    return State(state | running.arrays() | {"image_shape": np.array(dataset.image_shape)})


def matching_checkpoint(config: Config, dataset: Dataset, folder: RunFolder) -> State:
    """Return a run folder's checkpoint.

    Parameters
    ----------
    config : Config
    dataset : Dataset
        Those of the run.
    folder : RunFolder

    Raises
    ------
    RunFolderError
        When it is missing, damaged, does not fit the configuration and the images, or these are not those of the run.
    """
    expected = before_training(config, dataset)
    added = {name: expected[name] for name in ADDED if name in expected}
    checkpoint = State(added | _by_class(folder.checkpoint(), dataset))
    for name, array in expected.items():
        if name not in checkpoint:
            raise RunFolderError(f"{folder.checkpoint_file}: holds no {name!r}; it was made by another model")
        if checkpoint[name].shape != array.shape:
            raise RunFolderError(
                f"{folder.checkpoint_file}: {name} has shape {checkpoint[name].shape}, expected {array.shape} for this "
                "configuration; resume with the configuration of the run, or choose another --out"
            )
    if tuple(checkpoint["image_shape"]) != dataset.image_shape:
        raise RunFolderError(
            f"{folder.checkpoint_file}: trained on images of {tuple(checkpoint['image_shape'].tolist())}, the data set "
            f"has {dataset.image_shape}"
        )
    check_data(folder, dataset)
    return checkpoint


def _by_class(checkpoint: State, dataset: Dataset) -> State:
    """Return a checkpoint with a row for each class, where it has one for each number up to the largest label."""
    rows = len(checkpoint.get("running_images", ()))
    if rows == dataset.n_classes or not all(name.isdecimal() for name in dataset.class_names):
        return checkpoint
    known = {code: int(name) for code, name in enumerate(dataset.class_names) if int(name) < rows}
    by_class = {}
    for name in ("running_sums", "running_images"):
        by_class[name] = np.zeros((dataset.n_classes, *checkpoint[name].shape[1:]))
        by_class[name][list(known)] = checkpoint[name][list(known.values())]
    return State(checkpoint | by_class)
