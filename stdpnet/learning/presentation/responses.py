"""Responses of a frozen network: who spiked when during which image."""

import logging
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed

from stdpnet.base.progress import progress_bar
from stdpnet.learning.presentation.batch import present
from stdpnet.learning.values import network_spec, steps
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation import open_simulator

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Responses:
    """Excitatory spikes in the window of each image's last showing.

    Attributes
    ----------
    counts : ndarray of int32, shape (n_images, n_neurons)
    spikes : tuple of ndarray of int32, each of shape (n_spikes,)
        Image, time step and neuron of each spike, ascending in this order.
    """

    counts: np.ndarray
    spikes: tuple


@dataclass(frozen=True)
class TrainingResponses(Responses):
    """Responses to training images: the only ones that have labels, and so the only ones a readout can be made from.

    Attributes
    ----------
    labels : ndarray of int, shape (n_images,)
    """

    labels: np.ndarray


def respond_to_training(config, state, dataset, n, backend, workers=1, show_progress=True):
    """Return the `TrainingResponses` to the first `n` training images; for the rest see `respond`."""
    images = dataset.train_images[:n].reshape(n, -1)
    shown = respond(config, state, images, "labelling", backend, workers, show_progress)
    return TrainingResponses(shown.counts, shown.spikes, dataset.train_labels[:n].astype(int))


def respond_to_test(config, state, dataset, n, backend, workers=1, show_progress=True):
    """Return the `Responses` to the first `n` test images; for the rest see `respond`."""
    return respond(config, state, dataset.test_images[:n].reshape(n, -1), "testing", backend, workers, show_progress)


def respond(config, state, images, stream, backend, workers=1, show_progress=True):
    """Show images to a frozen network.

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
    Responses
    """
    if backend == "cpp":  # compile once, before the workers start
        open_simulator(network_spec(config, images.shape[1], plastic=False), backend, log.info)
    chunk = min(CAPACITY, max(1, -(-len(images) // 8)))
    starts = range(0, len(images), chunk)
    parts = {}
    jobs = Parallel(n_jobs=workers, return_as="generator_unordered")(
        delayed(_respond_chunk)(config, state, images[start : start + chunk], start, stream, backend)
        for start in starts
    )
    with progress_bar(len(images), 0, stream, show_progress) as bar:
        for start, part in jobs:
            parts[start] = part
            bar.update(len(part.counts))
    ordered = [parts[start] for start in starts]
    spikes = (np.concatenate(arrays) for arrays in zip(*(part.spikes for part in ordered), strict=True))
    return Responses(np.concatenate([part.counts for part in ordered]), tuple(spikes))


def _respond_chunk(config, state, images, start, stream, backend):
    simulator = open_simulator(network_spec(config, images.shape[1], plastic=False), backend)
    batch = present(simulator, config, state, images, start, stream, plastic=False)
    image, step, neuron = counted_spikes(batch, steps(config, plastic=False)[0])
    return start, Responses(batch.counts, (image + np.int32(start), step, neuron))


def counted_spikes(batch, window_steps):
    """Return image, step and neuron of the spikes that a `Batch` of presentations has in its counts."""
    slot, step, neuron = (array.astype(np.int32) for array in batch.spikes)
    last_slot = np.cumsum(batch.repetitions + 1) - 1  # of each image: a slot for every showing
    image = np.searchsorted(last_slot, slot).astype(np.int32)
    counted = np.flatnonzero((slot == last_slot[image]) & (step < window_steps))
    order = counted[np.lexsort((neuron[counted], step[counted], image[counted]))]
    return image[order], step[order], neuron[order]
