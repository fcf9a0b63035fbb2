"""A trained network, in memory or read from its run folder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stdpnet.base.errors import RunFolderError
from stdpnet.datasets import Dataset
from stdpnet.datasets.images import Scale
from stdpnet.experiments.stdp.checkpoint import matching_checkpoint
from stdpnet.experiments.stdp.data_of_run import dataset_of
from stdpnet.experiments.stdp.metrics import METRICS, summary
from stdpnet.experiments.stdp.run import presentations
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.learning.models.model import Model, edge_level
from stdpnet.learning.state import State


@dataclass(frozen=True, repr=False, eq=False)
class TrainedNetwork:
    """What `stdpnet.train` returns.

    Attributes
    ----------
    config : Config
    dataset : Dataset
        What it was trained on.
    state : State
        Every array of the network after its last presentation.
    rows : tuple of dict
        The rows of ``metrics.csv``, one for each batch.
    folder : RunFolder or None
    """

    config: Config
    dataset: Dataset
    state: State
    rows: tuple[dict[str, float], ...] = ()
    folder: RunFolder | None = None

    @property
    def weights(self) -> np.ndarray:
        """Input weights, shape (n_inputs, n_neurons)."""
        return self.state.weights

    @property
    def theta(self) -> np.ndarray:
        """Threshold adaptation in mV, shape (n_neurons,)."""
        return self.state.theta

    @property
    def delays(self) -> np.ndarray | None:
        """Delays of the input synapses in ms, shape (n_inputs, n_neurons), or None without delays."""
        steps = self.state.delay_steps
        return None if steps is None else steps * self.config.presentation.dt

    @property
    def presented(self) -> int:
        """Presentations so far."""
        return self.state.presented

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of an image."""
        height, width = self.dataset.image_shape
        return height, width

    @property
    def metrics(self) -> dict[str, np.ndarray]:
        """The columns of ``metrics.csv`` by name, a value for each batch."""
        return {name: np.array([row[name] for row in self.rows]) for name in METRICS}

    def __repr__(self) -> str:
        last = f"\n  last batch: {summary(self.rows[-1])}" if self.rows else ""
        where = f"\n  in {self.folder.path}" if self.folder else ""
        return (
            f"TrainedNetwork: {self.config.neurons:,} neurons, rule {self.config.plasticity.name}, "
            f"{self.presented:,} presentations of {self.dataset.name}{last}{where}"
        )


def read_run(path: str | Path | RunFolder, dataset: Dataset | None = None) -> TrainedNetwork:
    """Return the network in a run folder.

    Parameters
    ----------
    path : path-like or RunFolder
    dataset : Dataset, optional
        Default: the one that the run names. The same images from elsewhere will do.

    Raises
    ------
    RunFolderError
        When it is no run folder, a file is damaged, or the checkpoint or the images do not fit.
    DataError
        When the data set cannot be found or read.
    """
    folder = path if isinstance(path, RunFolder) else RunFolder(path)
    config = folder.config()
    dataset = dataset or dataset_of(folder)
    state, most = matching_checkpoint(config, dataset, folder), presentations(config, dataset)
    if state.presented > most:
        raise RunFolderError(
            f"{folder.checkpoint_file}: presented is {state.presented}, expected at most {most}, the presentations of "
            "this run; restore it from a copy"
        )
    return TrainedNetwork(config, dataset, state, tuple(folder.metrics()), folder)


def model_of(run: str | Path | RunFolder, dataset: Dataset | None = None) -> Model:
    """Return the network of a run with the names that its last evaluation gave to the neurons.

    Its images are grey levels from 0 to 255, as the run has them.

    Parameters
    ----------
    run : path-like or RunFolder
        Trained and evaluated.
    dataset : Dataset, optional
        As of `read_run`.

    Raises
    ------
    RunFolderError
        When it is no run folder, is damaged, or has not been evaluated in the state in which it is now.
    DataError
        When the data set cannot be found or read.
    """
    folder = run if isinstance(run, RunFolder) else RunFolder(run)
    trained = read_run(folder, dataset)
    named, report, dataset = folder.predictions(), folder.evaluation(), trained.dataset
    counts = np.bincount(dataset.train_labels[: report["n_label_images"]], minlength=dataset.n_classes)
    return Model(
        *(trained.config, trained.state, trained.image_shape, Scale(), edge_level(dataset.train_images)),
        *(_classes(dataset.class_names), named["assignments"], int(counts.argmax())),
    )


def _classes(names: tuple[str, ...]) -> np.ndarray:
    """Return names as numbers, where all of them are."""
    numbers = all(name.removeprefix("-").isdecimal() and str(int(name)) == name for name in names)
    return np.array([int(name) for name in names]) if numbers else np.array(names)
