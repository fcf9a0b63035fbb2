"""The data set of a run: found again wherever it lies, and known by its fingerprint."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from stdpnet import datasets
from stdpnet.base.errors import DataError, RunFolderError
from stdpnet.datasets import Dataset
from stdpnet.datasets.idx_folder import write_folder
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config


def own_data(folder: RunFolder) -> Path:
    """Return where a run keeps a data set that was given as arrays."""
    return folder.path.absolute() / "dataset"


def choose_dataset(config: Config, dataset: Dataset | None, folder: RunFolder | None) -> tuple[Config, Dataset]:
    """Return the data set of a run, and the configuration that names it.

    A data set of arrays is to go into the run's folder, see `keep_dataset`.

    Parameters
    ----------
    config : Config
    dataset : Dataset or None
        None stands for the one that `config` names.
    folder : RunFolder or None

    Raises
    ------
    DataError
        When it cannot be found or read.
    RunFolderError
        When the folder holds other images.
    """
    if dataset is None:
        begun = folder is not None and folder.config_file.exists()
        dataset = dataset_of(folder, config.dataset) if folder and begun else datasets.load_dataset(config.dataset)
    if dataset.source:
        return replace(config, dataset=dataset.source), dataset
    if folder is None:
        return replace(config, dataset=dataset.name), dataset
    images = own_data(folder)
    if images.exists() and datasets.load_dataset(str(images)).fingerprint != dataset.fingerprint:
        raise RunFolderError(f"{images} holds other images than {dataset.name}: choose another folder")
    return replace(config, dataset=str(images)), dataset


def keep_dataset(dataset: Dataset, folder: RunFolder) -> None:
    """Write a data set of arrays into the run's folder, so that the run can be resumed and evaluated from there.

    Parameters
    ----------
    dataset : Dataset
    folder : RunFolder
        Claimed.

    Raises
    ------
    DataError
        When IDX files cannot hold it.
    """
    images = own_data(folder)
    if dataset.source or images.exists():
        return
    unfinished = images.with_name(f".{images.name}.{os.getpid()}")
    try:
        parts = dataset.train_images, dataset.train_labels, dataset.test_images, dataset.test_labels
        write_folder(unfinished, *parts, dataset.class_names)
        if datasets.load_dataset(str(unfinished)).fingerprint != dataset.fingerprint:
            raise DataError(f"{dataset.name}: does not fit into IDX files and a list of class names, a line each")
        unfinished.rename(images)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def dataset_of(folder: RunFolder, asked: str = "") -> Dataset:
    """Return the data set that a run was trained on. `check_data` tells whether it is still the same.

    Parameters
    ----------
    folder : RunFolder
        With a configuration. What it keeps itself is found wherever the folder was moved to.
    asked : str
        Name or path, where another one than the run names is asked for.

    Raises
    ------
    DataError
        When it cannot be found or read.
    """
    named, own = folder.config().dataset, own_data(folder)
    if asked and asked != named:
        return datasets.load_dataset(asked)
    if Path(named).name == own.name and own.is_dir():
        return datasets.load_dataset(str(own))
    try:
        return datasets.load_dataset(named)
    except DataError as error:
        if os.path.exists(named) or named in datasets.NAMED:
            raise
        raise DataError(
            f"{error}; if the data of {folder.path} lie elsewhere now, tell it with stdpnet train --resume --out "
            f"{folder.path} --dataset PATH"
        ) from None


def check_data(folder: RunFolder, dataset: Dataset) -> None:
    """Check that a data set is that of a run, by its fingerprint if the run knows it (those of version 0.1 do not).

    Raises
    ------
    RunFolderError
        When it is another one.
    """
    known = folder.data_fingerprint()
    if known and not dataset.known_as(known):
        raise RunFolderError(
            f"{folder.path} was trained on other images or labels than {dataset.source or dataset.name} holds "
            f"(fingerprint {known[:12]}, not {dataset.fingerprint[:12]}): give the data set of the run with --dataset, "
            "or train anew in another folder"
        )


def same_place(folder: RunFolder, asked: str) -> bool:
    """Tell whether a name or path stands for the data set that a run names, if need be as another spelling of it."""
    named, own = folder.config().dataset, own_data(folder)
    moved = asked == str(own) and Path(named).name == own.name
    return asked == named or moved or (os.path.exists(asked) and Path(asked).resolve() == Path(named).resolve())
