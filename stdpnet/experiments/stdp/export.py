"""From a run folder to a model that needs neither the folder nor the data."""

from pathlib import Path

import numpy as np

from stdpnet.datasets.images import Scale
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.learning.model import Model, edge_level


def model_of(run: str | Path | RunFolder) -> Model:
    """Return the network of a run with the names that its last evaluation gave to the neurons.

    Its images are grey levels from 0 to 255, as the run has them.

    Parameters
    ----------
    run : path-like or RunFolder
        Trained and evaluated.

    Raises
    ------
    RunFolderError
        When it is no run folder, is damaged, or has not been evaluated in the state in which it is now.
    DataError
        When the data set cannot be found or read.
    """
    trained = read_run(run)
    folder = trained.folder or RunFolder(str(run))
    named, report, dataset = folder.predictions(), folder.evaluation(), trained.dataset
    counts = np.bincount(dataset.train_labels[: report["n_label_images"]], minlength=dataset.n_classes)
    return Model(
        *(trained.config, trained.state, dataset.image_shape, Scale(), edge_level(dataset.train_images)),
        *(_classes(dataset.class_names), named["assignments"], int(counts.argmax())),
    )


def _classes(names: tuple[str, ...]) -> np.ndarray:
    """Return names as numbers, where all of them are."""
    numbers = all(name.removeprefix("-").isdecimal() and str(int(name)) == name for name in names)
    return np.array([int(name) for name in names]) if numbers else np.array(names)
