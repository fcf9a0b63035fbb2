"""What must hold before a run starts: images, a folder to write to, a checkpoint that fits, a rule that compiles."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np

from stdpnet import datasets
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import names_of
from stdpnet.datasets import Dataset
from stdpnet.datasets.idx_folder import write_folder
from stdpnet.experiments.results_folder import difference
from stdpnet.experiments.stdp.checkpoint import matching_checkpoint, training_images
from stdpnet.experiments.stdp.metrics import METRICS
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.input_drive import like_mnist
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator

log = logging.getLogger(__name__)


def presentations(config: Config, dataset: Dataset) -> int:
    """Return the number of presentations of a whole training."""
    return config.epochs * len(training_images(config, dataset)[0])


def choose_dataset(config: Config, dataset: Dataset | None, folder: RunFolder | None) -> tuple[Config, Dataset]:
    """Return the data set of a run, and the configuration that names it.

    A data set of arrays goes into the run's folder, so that the run can be resumed and evaluated from there.

    Parameters
    ----------
    config : Config
    dataset : Dataset or None
        None stands for the one that `config` names.
    folder : RunFolder or None

    Raises
    ------
    ConfigError
        When more images are asked for than there are.
    RunFolderError
        When the folder holds other images.
    """
    if dataset is None:
        return config, datasets.load_dataset(config.dataset)
    check_enough_images(config, dataset)
    if dataset.source:
        return replace(config, dataset=dataset.source), dataset
    if folder is None:
        return replace(config, dataset=dataset.name), dataset
    images = (folder.path / "dataset").absolute()
    parts = dataset.train_images, dataset.train_labels, dataset.test_images, dataset.test_labels
    if images.exists():
        kept = datasets.load_dataset(str(images))
        stored = kept.train_images, kept.train_labels, kept.test_images, kept.test_labels
        if not all(map(np.array_equal, parts, stored)):
            raise RunFolderError(f"{images} holds other images than {dataset.name}: choose another folder")
    else:
        folder.prepare()
        write_folder(images, *parts, dataset.class_names)
    return replace(config, dataset=str(images)), dataset


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


def check_run(config: Config, dataset: Dataset, folder: RunFolder, resume: bool) -> None:
    """Check that a run can start, or go on from its checkpoint, before anything is compiled or written.

    Parameters
    ----------
    config : Config
    dataset : Dataset
    folder : RunFolder
    resume : bool
        Whether it has a checkpoint to go on from.

    Raises
    ------
    ConfigError
        When more images are asked for than there are.
    RunFolderError
        When the checkpoint is further than asked for or does not fit, another file of the run is damaged, or the
        folder cannot be written.
    """
    check_enough_images(config, dataset)
    if resume:
        presented = matching_checkpoint(config, dataset, folder).presented
        total = presentations(config, dataset)
        folder.environment()  # if it is damaged, say so before config.json is written anew
        if tuple(next(iter(folder.metrics()), METRICS)) != METRICS:
            raise RunFolderError(
                f"{folder.metrics_file}: expected the columns {', '.join(METRICS)}; restore it from a copy"
            )
        if presented > total:
            raise RunFolderError(
                f"{folder.path} already holds {presented} presentations, more than the {total} asked for: raise "
                "--epochs, or leave it out"
            )
    folder.check_writable()


def check_free(folder: RunFolder) -> None:
    """Check that a folder holds no run.

    Raises
    ------
    RunFolderError
        When it does.
    """
    if folder.config_file.exists():
        raise RunFolderError(f"{folder.path} already holds a run: add --resume to continue it, or choose another --out")


def check_resumable(folder: RunFolder, config: Config) -> None:
    """Check that a configuration is that of a run, but for how far it goes.

    Raises
    ------
    RunFolderError
        Naming a parameter that differs.
    """
    differs = difference(folder, config, allowed=names_of(Config, "length", "checkpoints"))
    if differs:
        raise RunFolderError(
            f"{folder.path} was trained with {differs}: leave the flag out to resume it, or choose another --out"
        )


def n_inputs(config: Config, dataset: Dataset) -> int:
    """Return the inputs of the network: pixels, or twice as many with contrast."""
    return dataset.n_inputs * (2 if config.drive == "contrast" else 1)


def resolve_drive(config: Config, dataset: Dataset) -> Config:
    """Return the configuration with the drive that ``auto`` stands for, and say which and why."""
    if config.drive != "auto":
        return config
    differs = like_mnist(training_images(config, dataset)[0])
    if differs:
        log.warning("drive = contrast, since %s as in MNIST; --drive grey takes grey levels as they are", differs)
    else:
        log.info("drive = grey: the training images are like MNIST's")
    return replace(config, drive="contrast" if differs else "grey")


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
