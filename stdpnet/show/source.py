"""What the page shows: a model from a file or a run, and the test images that are at hand."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets import Dataset, load_dataset
from stdpnet.datasets.images import Scale
from stdpnet.experiments.stdp.data_of_run import dataset_of
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import model_of
from stdpnet.learning.models.model import Model
from stdpnet.learning.models.model_file import load_model


@dataclass(frozen=True)
class Source:
    """A model with its test images.

    Attributes
    ----------
    model : Model
        Its images are grey levels from 0 to 255.
    test_images : ndarray of uint8, shape (n_images, height, width)
        Empty where no data set is at hand.
    test_labels : tuple of str
        What is on them, empty where nobody knows.
    """

    model: Model
    test_images: np.ndarray
    test_labels: tuple[str, ...] = ()


def read_source(path: str | Path, dataset: str = "") -> Source:
    """Return the model in a file or a run folder, with test images.

    Parameters
    ----------
    path : path-like
        File of ``stdpnet export``, or run folder, evaluated.
    dataset : str
        Name or path of the data set with test images; default: that of the run, none for a file.

    Returns
    -------
    Source

    Raises
    ------
    ModelFileError, RunFolderError
        When the file or the folder is not usable.
    DataError
        When the data set cannot be read, or has no test images of the model's size.
    """
    found: Dataset | None = None
    if os.path.isdir(path):
        folder = RunFolder(path)
        found = dataset_of(folder, dataset)
        model = model_of(folder, found)
    else:
        model = load_model(path)
        found = load_dataset(dataset) if dataset else None
    model = replace(model, scale=Scale())
    if found is None or (not dataset and not len(found.test_images)):
        return Source(model, np.empty((0, *model.image_shape), np.uint8))
    return _with_tests(model, found)


def _with_tests(model: Model, dataset: Dataset) -> Source:
    dataset.check_there("test_images", what="the page is to show")
    if dataset.image_shape != model.image_shape:
        found, taken = (" x ".join(map(str, shape)) for shape in (dataset.image_shape, model.image_shape))
        raise DataError(
            f"{dataset.name} has images of {found}, and the model takes {taken}: name the data set that it was trained "
            "on"
        )
    labels = tuple(dataset.class_names[code] for code in dataset.test_labels)
    return Source(model, dataset.test_images, labels)
