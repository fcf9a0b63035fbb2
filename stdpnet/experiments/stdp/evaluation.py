"""Frozen presentations, readouts from training images, accuracy on test images."""

import json
import logging
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.base.logs import logging_into
from stdpnet.base.scoring import NO_ANSWER, score
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.data_of_run import check_data
from stdpnet.experiments.stdp.identity import evaluation_digest, settings
from stdpnet.experiments.stdp.request import Request
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import TrainedNetwork, read_run
from stdpnet.learning.presentation.answers import Shown, answers
from stdpnet.learning.presentation.responses import FrozenNetwork
from stdpnet.learning.state import frozen_state
from stdpnet.readouts import READOUTS, MeanResponse, assign
from stdpnet.readouts.mean_response import class_means
from stdpnet.simulation import resolve_backend

log = logging.getLogger(__name__)


@dataclass(frozen=True, repr=False, eq=False)
class Evaluation:
    """What `stdpnet.evaluate` returns.

    Attributes
    ----------
    report : dict
        As in ``evaluation.json``: ``accuracy`` is that of the mean response, ``readouts`` has all of them; one that
        failed has its error there, under ``failed``.
    arrays : dict of str to ndarray
        As in ``predictions.npz``: ``assignments`` (n_neurons,) and ``predictions`` (n_test_images,) of the mean
        response, ``test_labels`` (n_test_images,), ``classes`` (n_classes,), ``mean_response`` to them
        (n_classes, n_neurons), ``class_names`` (of all codes), ``spikes_per_image`` (n_neurons,) over the test images,
        ``presented``, ``digest``.
    """

    report: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @property
    def accuracy(self) -> float:
        """Share of the test images that are classified correctly, by the mean response of each class."""
        return self.report["accuracy"]

    @property
    def confidence_interval_95(self) -> tuple[float, float]:
        """Wilson's 95 % interval of `accuracy`."""
        low, high = self.report["confidence_interval_95"]
        return low, high

    @property
    def assignments(self) -> np.ndarray:
        """The class after which each neuron is named, shape (n_neurons,); -1 for one that never fired."""
        return self.arrays["assignments"]

    @property
    def class_names(self) -> tuple[str, ...]:
        """The name of each class, by its code."""
        return tuple(self.arrays["class_names"].tolist())

    @property
    def predictions(self) -> np.ndarray:
        """The class of each test image, shape (n_test_images,); -1 where no neuron answered."""
        return self.arrays["predictions"]

    @property
    def test_labels(self) -> np.ndarray:
        """The true classes, shape (n_test_images,)."""
        return self.arrays["test_labels"]

    def __repr__(self) -> str:
        low, high = self.confidence_interval_95
        others = ", ".join(
            f"{name} {100 * row['accuracy']:.2f} %" if "accuracy" in row else f"{name} failed"
            for name, row in self.report["readouts"].items()
        )
        return (
            f"Evaluation: {100 * self.accuracy:.2f} % (95 % interval {100 * low:.2f} to {100 * high:.2f}) of "
            f"{self.report['n_test_images']:,} test images\n  neurons named from {self.report['n_label_images']:,} "
            f"training images, {self.report['unassigned']} of {self.report['neurons']:,} unassigned\n  {others}"
        )


def evaluate(
    trained: TrainedNetwork | str | Path | RunFolder,
    dataset: Dataset | None = None,
    *,
    label_images: int = 0,
    test_images: int = 0,
    workers: int = -1,
    show_progress: bool = True,
) -> Evaluation:
    """Name a network's neurons from training images, then classify test images with every readout.

    Parameters
    ----------
    trained : TrainedNetwork or path-like
        From `stdpnet.train`, or a run folder. A network in a run folder leaves ``evaluation.json`` and
        ``predictions.npz`` there, as ``stdpnet evaluate`` does.
    dataset : Dataset, optional
        Default: the one that it was trained on. For a network in a run folder the images must be the same.
    label_images, test_images : int
        How many, the first ones of each part; 0 means 10,000 or all, whichever is less, and all.
    workers : int
        Processes; -1 means one for each core.
    show_progress : bool

    Returns
    -------
    Evaluation

    Raises
    ------
    ConfigError
        When more images are asked for than there are, or no workers.
    DataError
        When the data set has no labels or no test images.
    RunFolderError
        When the folder is no run folder, is damaged, was trained on other images, or cannot be written.

    Examples
    --------
    >>> import stdpnet
    >>> trained = stdpnet.train(stdpnet.Config(neurons=20, images=30, epochs=1), show_progress=False)
    >>> result = stdpnet.evaluate(trained, label_images=30, test_images=10, show_progress=False)
    >>> len(result.predictions), 0 <= result.accuracy <= 1
    (10, True)
    """
    if not isinstance(trained, TrainedNetwork):
        trained = read_run(trained, dataset)
    elif dataset is not None:
        trained = replace(trained, dataset=dataset)
        if trained.folder:
            check_data(trained.folder, dataset)
    request, folder = Request(label_images, test_images, workers).of(trained.dataset), trained.folder
    with ExitStack() as held:
        if folder:
            folder.prepare()
            held.enter_context(folder.claim())
            held.enter_context(logging_into(folder.log_file))
            check_unchanged(trained, folder)
        result = _evaluate(trained, request, show_progress)
        if folder:
            files.write_arrays(folder.predictions_file, result.arrays)
            files.write_json(folder.evaluation_file, result.report)
        summarise(result.report, folder)
    return result


def check_unchanged(trained: TrainedNetwork, folder: RunFolder) -> None:
    """Check that a claimed folder still holds the network that was trained or read.

    Raises
    ------
    RunFolderError
        When another process has trained it further, or the network was given another configuration.
    """
    same = settings(trained.config.to_dict()) == settings(folder.config().to_dict())
    if not same or files.array_digest(trained.state) != files.array_digest(folder.checkpoint()):
        raise RunFolderError(
            f"{folder.path} holds another state or configuration than this network: run stdpnet evaluate "
            f"{folder.path}, or evaluate the network without its folder"
        )


def _evaluate(trained: TrainedNetwork, request: Request, show_progress: bool) -> Evaluation:
    config, dataset = trained.config, trained.dataset
    # what stands in the folder may leave out what an earlier version did not know
    stored = trained.folder.plain_config() if trained.folder else json.loads(config.to_json())
    network = FrozenNetwork(config, frozen_state(config, trained.state), resolve_backend(config.backend))
    labels = dataset.train_labels[: request.label_images].astype(int)
    how = request.workers, show_progress
    found = answers(
        network,
        Shown(dataset.train_images[: request.label_images], "labelling", *how),
        labels,
        Shown(dataset.test_images[: request.test_images], "testing", *how),
    )
    training, predictions = found.training, found.predictions
    classes, means = class_means(training.counts, training.labels)
    arrays = {
        "assignments": assign(training.counts, training.labels),
        "predictions": predictions[MeanResponse.name],
        "test_labels": dataset.test_labels[: request.test_images].astype(int),
        "classes": classes,
        "mean_response": means,
        "class_names": np.array(dataset.class_names, dtype=str),
        "spikes_per_image": found.test.counts.mean(axis=0),
        "presented": trained.state["presented"],
        "digest": np.array(evaluation_digest(stored, trained.state)),
    }
    table: dict[str, Any] = {}
    for readout in READOUTS:
        name = readout.name
        table[name] = score(predictions[name], arrays["test_labels"]) if name in predictions else {}
        table[name]["supervised"] = readout.supervised
        if name in predictions:
            supervised = " (supervised)" if readout.supervised else ""
            log.info("readout %s%s: %.2f %%", name, supervised, 100 * table[name]["accuracy"])
        else:
            table[name]["failed"] = found.failed[name]
    report = {
        **{name: table[MeanResponse.name][name] for name in ("accuracy", "confidence_interval_95")},
        "n_label_images": request.label_images,
        "n_test_images": request.test_images,
        "unassigned": int(np.sum(arrays["assignments"] == NO_ANSWER)),
        "unclassified": table[MeanResponse.name]["unclassified"],
        "presented": trained.presented,
        "dataset": dataset.name,
        "neurons": config.neurons,
        "rule": config.plasticity.name,
        "seed": config.seed,
        "readout": "mean response per class; labels from training images",
        "readouts": table,
        "digest": str(arrays["digest"]),
    }
    return Evaluation(report, arrays)


def summarise(report: dict[str, Any], folder: RunFolder | None) -> None:
    """Log the accuracy of a report, and in which file it is."""
    low, high = report["confidence_interval_95"]
    log.info(
        "test accuracy %.2f %% (95 %% interval %.2f to %.2f), %d test images, neurons named from %d training images, "
        "%d of %d neurons unassigned%s",
        *(100 * report["accuracy"], 100 * low, 100 * high, report["n_test_images"], report["n_label_images"]),
        *(report["unassigned"], report["neurons"], f"; in {folder.evaluation_file}" if folder else ""),
    )
