"""What a checkpoint holds: the state, the shape of the images, and what the running accuracy remembers."""

import numpy as np

from stdpnet.base.errors import RunFolderError
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.data_of_run import check_data
from stdpnet.experiments.stdp.metrics import RunningAccuracy
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.learning.state import State, initial_state


def before_training(config: Config, dataset: Dataset) -> State:
    """Return what there is before the first presentation."""
    running = RunningAccuracy.before_training(int(dataset.train_labels.max()) + 1, config.neurons)
    state = initial_state(config, dataset.n_inputs)
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
    checkpoint, expected = folder.checkpoint(), before_training(config, dataset)
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
