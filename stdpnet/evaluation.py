"""Frozen presentations, labels from training images, accuracy on test images."""

import logging

import numpy as np
from joblib import Parallel, delayed

from stdpnet.errors import ConfigError
from stdpnet.labels import UNASSIGNED, assign, predict, wilson_interval
from stdpnet.network.spec import CAPACITY
from stdpnet.parameters import network_spec, weight_total
from stdpnet.presentation import present
from stdpnet.progress import progress_bar
from stdpnet.simulation import open_simulator

log = logging.getLogger(__name__)


def frozen_state(config, checkpoint, n_inputs):
    """Return weights, thresholds and delays as they are presented: normalised once more if the rule does so."""
    state = {
        name: checkpoint[name]
        for name in ("input_synapses.w", "excitatory.theta", "input_synapses.delay_steps")
        if name in checkpoint
    }
    if config.plasticity.normalise:
        weights = state["input_synapses.w"].astype(float)
        sums = weights.sum(axis=0)
        state["input_synapses.w"] = np.float32(
            weights * (weight_total(config, n_inputs) / np.where(sums == 0, 1, sums))
        )
    return state


def respond(config, state, images, stream, backend, workers=1, show_progress=True):
    """Return the spike counts of a frozen network.

    Each presentation starts from the resting state and has noise of its own, so the result
    depends neither on the order of the images nor on the number of workers.

    Parameters
    ----------
    config : Config
    state : dict of str to ndarray
        From `frozen_state`.
    images : ndarray of uint8, shape (n_images, n_pixels)
    stream : {"labelling", "testing"}
    backend : {"cpp", "cython", "numpy"}
    workers : int
        Processes; -1 means one for each core.
    show_progress : bool

    Returns
    -------
    ndarray of int32, shape (n_images, n_neurons)
    """
    if backend == "cpp":  # compile once, before the workers start
        open_simulator(network_spec(config, images.shape[1], plastic=False), backend, log.info)
    chunk = min(CAPACITY, max(1, -(-len(images) // 8)))
    starts = range(0, len(images), chunk)
    counts = np.zeros((len(images), config.neurons), np.int32)
    jobs = Parallel(n_jobs=workers, return_as="generator_unordered")(
        delayed(_respond_chunk)(config, state, images[start : start + chunk], start, stream, backend)
        for start in starts
    )
    with progress_bar(len(images), 0, stream, show_progress) as bar:
        for start, part in jobs:
            counts[start : start + len(part)] = part
            bar.update(len(part))
    return counts


def _respond_chunk(config, state, images, start, stream, backend):
    simulator = open_simulator(network_spec(config, images.shape[1], plastic=False), backend)
    return start, present(simulator, config, state, images, start, stream, plastic=False).counts


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
    """Name the neurons from training images, then classify test images.

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
        For ``evaluation.json``.
    arrays : dict of str to ndarray
        ``assignments`` (n_neurons,), ``predictions`` and ``test_labels`` (n_test_images,), ``presented``.

    Raises
    ------
    ConfigError
        When more images are asked for than there are.
    """
    check_request(dataset, label_images, test_images, workers)
    label_images = label_images or min(10_000, len(dataset.train_images))
    test_images = test_images or len(dataset.test_images)
    state = frozen_state(config, checkpoint, dataset.n_inputs)

    def responses(images, stream):
        flat = images.reshape(len(images), -1)
        return respond(config, state, flat, stream, backend, workers, show_progress)

    assignments = assign(
        responses(dataset.train_images[:label_images], "labelling"), dataset.train_labels[:label_images]
    )
    predictions = predict(responses(dataset.test_images[:test_images], "testing"), assignments)
    arrays = {
        "assignments": assignments,
        "predictions": predictions,
        "test_labels": dataset.test_labels[:test_images].astype(int),
        "presented": checkpoint["presented"],
    }
    return _report(config, checkpoint, dataset, label_images, arrays), arrays


def _report(config, checkpoint, dataset, label_images, arrays):
    correct = int(np.sum(arrays["predictions"] == arrays["test_labels"]))
    n = len(arrays["test_labels"])
    low, high = wilson_interval(correct, n)
    return {
        "accuracy": correct / n,
        "confidence_interval_95": [low, high],
        "n_label_images": label_images,
        "n_test_images": n,
        "unassigned": int(np.sum(arrays["assignments"] == UNASSIGNED)),
        "unclassified": int(np.sum(arrays["predictions"] == UNASSIGNED)),
        "presented": int(checkpoint["presented"]),
        "dataset": dataset.name,
        "neurons": config.neurons,
        "rule": config.rule,
        "seed": config.seed,
        "readout": "mean response per class; labels from training images",
    }
