"""What must hold before a run starts: images, a folder to write to, a checkpoint that fits, a rule that compiles."""

import logging
from pathlib import Path

from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import names_of
from stdpnet.datasets import Dataset
from stdpnet.experiments.results_folder import ResultsFolder, difference
from stdpnet.experiments.stdp.checkpoint import matching_checkpoint, training_images
from stdpnet.experiments.stdp.data_of_run import check_data, same_place
from stdpnet.experiments.stdp.metrics import METRICS
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.input_drive import kind_of
from stdpnet.learning.state import State
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator

log = logging.getLogger(__name__)


def presentations(config: Config, dataset: Dataset) -> int:
    """Return the number of presentations of a whole training."""
    return config.epochs * len(training_images(config, dataset)[0])


def check_enough_images(config: Config, dataset: Dataset) -> None:
    """Check that there are as many training images as asked for.

    Raises
    ------
    ConfigError
        When there are not.
    """
    if config.images > len(dataset.train_images):
        raise ConfigError(
            f"images is {config.images}; expected at most {len(dataset.train_images)}, the training images of "
            f"{dataset.name}"
        )


def check_start(config: Config, dataset: Dataset, folder: RunFolder | None, resume: bool) -> State | None:
    """Check all that must hold before a training starts or goes on; for the errors see the other checks here.

    Parameters
    ----------
    config : Config
    dataset : Dataset
    folder : RunFolder or None
        None for a training in memory.
    resume : bool
        Whether a run in the folder is to go on.

    Returns
    -------
    State or None
        The checkpoint to go on from, if there is one.
    """
    if folder is None:
        check_enough_images(config, dataset)
        return None
    if not resume:
        check_free(folder)
    elif folder.config_file.exists():
        check_resumable(folder, config)
    return check_run(config, dataset, folder, resume and folder.checkpoint_file.exists())


def check_run(config: Config, dataset: Dataset, folder: RunFolder, resume: bool) -> State | None:
    """Check that a run can start, or go on from its checkpoint, before anything is compiled or written.

    Parameters
    ----------
    config : Config
    dataset : Dataset
    folder : RunFolder
    resume : bool
        Whether it has a checkpoint to go on from.

    Returns
    -------
    State or None
        That checkpoint.

    Raises
    ------
    ConfigError
        When more images are asked for than there are.
    RunFolderError
        When the checkpoint is further than asked for or does not fit, the images are not those of the run, another
        file of the run is damaged, or the folder cannot be written.
    """
    check_enough_images(config, dataset)
    state = None
    if folder.config_file.exists() and not resume:  # it stopped before the first checkpoint, or is finished
        check_data(folder, dataset)
    if resume:
        state = matching_checkpoint(config, dataset, folder)
        total = presentations(config, dataset)
        folder.environment()  # if it is damaged, say so before config.json is written anew
        if tuple(next(iter(folder.metrics()), METRICS)) != METRICS:
            raise RunFolderError(
                f"{folder.metrics_file}: expected the columns {', '.join(METRICS)}; restore it from a copy"
            )
        if state.presented > total:
            raise RunFolderError(
                f"{folder.path} already holds {state.presented} presentations, more than the {total} asked for: raise "
                "--epochs, or leave it out"
            )
    folder.check_writable()
    return state


def check_free(folder: ResultsFolder) -> None:
    """Check that a folder holds no run.

    Raises
    ------
    RunFolderError
        When it does.
    """
    if folder.config_file.exists():
        raise RunFolderError(f"{folder.path} already holds a run: add --resume to continue it, or choose another --out")


def check_resumable(folder: RunFolder, config: Config) -> None:
    """Check that a configuration is that of a run, but for how far it goes and how its data set is called.

    Raises
    ------
    RunFolderError
        Naming a parameter that differs.
    """
    renamed = {"dataset"} if folder.data_fingerprint() or same_place(folder, config.dataset) else set()
    differs = difference(folder, config, allowed=names_of(Config, "length", "checkpoints", "cores") | renamed)
    if differs:
        raise RunFolderError(
            f"{folder.path} was trained with {differs}: leave the flag out to resume it, or choose another --out"
        )


def n_inputs(config: Config, dataset: Dataset) -> int:
    """Return the inputs of the network: one or two for each pixel."""
    return dataset.n_inputs * kind_of(config.drive).inputs_of_a_pixel


def compile_training(config: Config, dataset: Dataset, backend: str) -> None:
    """Compile the network of a training, where it is C++: a rule that does not compile is found before it starts.

    Parameters
    ----------
    config : Config
    dataset : Dataset
    backend : {"cpp", "cython", "numpy"}
    """
    if backend == "cpp":
        open_simulator(network_spec(config, n_inputs(config, dataset), plastic=True), backend, log.info)


def as_folder(folder: RunFolder | str | Path | None) -> RunFolder | None:
    """Return a folder by its path."""
    return folder if folder is None or isinstance(folder, RunFolder) else RunFolder(folder)
