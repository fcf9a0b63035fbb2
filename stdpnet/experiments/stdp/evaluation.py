"""Frozen presentations, readouts from training images, accuracy on test images."""

import logging

import numpy as np

from stdpnet.base.errors import ConfigError
from stdpnet.base.scoring import NO_ANSWER, score
from stdpnet.learning.presentation.responses import respond_to_test, respond_to_training
from stdpnet.learning.state import frozen_state
from stdpnet.readouts import READOUTS, MeanResponse
from stdpnet.readouts.label_assigner import class_means

log = logging.getLogger(__name__)


def check_request(dataset, label_images, test_images, workers):
    """Check what `evaluate` is asked for, before any long work starts.

    Raises
    ------
    ConfigError
        When more images are asked for than there are, or no workers.
    """
    for name, asked, available in (
        ("label-images", label_images, len(dataset.train_images)),
        ("test-images", test_images, len(dataset.test_images)),
    ):
        if not 0 <= asked <= available:
            raise ConfigError(f"{name} is {asked}; expected 1 to {available}, the images of {dataset.name}")
    if workers == 0 or workers < -1:
        raise ConfigError(f"workers is {workers}; expected at least 1, or -1 for one on each core")


def evaluate(config, checkpoint, dataset, backend, label_images=0, test_images=0, workers=-1, show_progress=True):
    """Make every readout from training images, then classify test images with it.

    Parameters
    ----------
    config : Config
    checkpoint : dict of str to ndarray
        From training.
    dataset : Dataset
    backend : {"cpp", "cython", "numpy"}
    label_images, test_images : int
        How many, the first ones of each part; 0 means 10,000 or all, whichever is less, and all.
    workers : int
        Processes; -1 means one for each core.
    show_progress : bool

    Returns
    -------
    report : dict
        For ``evaluation.json``: ``accuracy`` is that of the mean response, ``readouts`` has all of them.
    arrays : dict of str to ndarray
        For ``predictions.npz``: ``assignments`` (n_neurons,) and ``predictions`` (n_test_images,) of the mean
        response, ``test_labels`` (n_test_images,), ``classes`` (n_classes,), ``mean_response`` to them
        (n_classes, n_neurons), ``spikes_per_image`` (n_neurons,) over the test images, ``presented``.

    Raises
    ------
    ConfigError
        When more images are asked for than there are.
    """
    check_request(dataset, label_images, test_images, workers)
    label_images = label_images or min(10_000, len(dataset.train_images))
    test_images = test_images or len(dataset.test_images)
    state = frozen_state(config, checkpoint, dataset.n_inputs)
    training = respond_to_training(config, state, dataset, label_images, backend, workers, show_progress)
    test = respond_to_test(config, state, dataset, test_images, backend, workers, show_progress)
    readouts = {readout.name: readout(training) for readout in READOUTS}
    predictions = {name: readout.predict(test) for name, readout in readouts.items()}
    classes, means = class_means(training.counts, training.labels)
    arrays = {
        "assignments": readouts[MeanResponse.name].assignments,
        "predictions": predictions[MeanResponse.name],
        "test_labels": dataset.test_labels[:test_images].astype(int),
        "classes": classes,
        "mean_response": means,
        "spikes_per_image": test.counts.mean(axis=0),
        "presented": checkpoint["presented"],
    }
    table = {name: score(answers, arrays["test_labels"]) for name, answers in predictions.items()}
    for name, row in table.items():
        row["supervised"] = readouts[name].supervised
        supervised = " (supervised)" if row["supervised"] else ""
        log.info("readout %s%s: %.2f %%", name, supervised, 100 * row["accuracy"])
    report = {
        **{name: table[MeanResponse.name][name] for name in ("accuracy", "confidence_interval_95")},
        "n_label_images": label_images,
        "n_test_images": test_images,
        "unassigned": int(np.sum(arrays["assignments"] == NO_ANSWER)),
        "unclassified": table[MeanResponse.name]["unclassified"],
        "presented": int(checkpoint["presented"]),
        "dataset": dataset.name,
        "neurons": config.neurons,
        "rule": config.rule,
        "seed": config.seed,
        "readout": "mean response per class; labels from training images",
        "readouts": table,
    }
    return report, arrays
