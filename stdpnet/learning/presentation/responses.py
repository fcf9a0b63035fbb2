"""Responses of a frozen network: who spiked when during which image."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs

from stdpnet.base.progress import progress_bar
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.batch import Batch, Shown, present
from stdpnet.learning.presentation.input_drive import Contrast, Grey, drive_in
from stdpnet.learning.state import State
from stdpnet.learning.values import network_spec, steps
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation import Simulator, open_simulator

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
    spikes: tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class TrainingResponses(Responses):
    """Responses to training images: the only ones that have labels, and so the only ones a readout can be made from.

    Attributes
    ----------
    labels : ndarray of int, shape (n_images,)
    """

    labels: np.ndarray


@dataclass(frozen=True)
class FrozenNetwork:
    """A network that does not learn.

    Attributes
    ----------
    config : Config
    state : State
        From `frozen_state`.
    backend : {"cpp", "cython", "numpy"}
    """

    config: Config
    state: State
    backend: str

    @property
    def drive(self) -> Grey | Contrast:
        """What images do to its inputs."""
        return drive_in(self.state)

    def open(self, announce: Callable[[str], None] | None = None) -> Simulator:
        """Return a simulator of it."""
        return open_simulator(network_spec(self.config, self.drive.n_inputs, plastic=False), self.backend, announce)


def respond(
    network: FrozenNetwork,
    images: np.ndarray,
    stream: str,
    workers: int | None = 1,
    show_progress: bool = True,
    numbers: np.ndarray | None = None,
) -> Responses:
    """Show images to a frozen network.

    Each presentation starts from the resting state and has noise of its own, so the result
    depends neither on the order of the images nor on the number of workers.

    Parameters
    ----------
    network : FrozenNetwork
    images : ndarray of uint8, shape (n_images, ...)
    stream : {"labelling", "testing"}
    workers : int or None
        Processes; -1 means one for each core, None what joblib's ``parallel_config`` says.
    show_progress : bool
    numbers : ndarray of int, shape (n_images,), optional
        What decides the noise of each image, see `Shown`; default: its place.

    Returns
    -------
    Responses
    """
    if network.backend == "cpp":  # compile once, before the workers start
        network.open(log.info)
    numbers = np.arange(len(images)) if numbers is None else numbers
    # each chunk makes the network anew, which takes a second but in C++
    chunks = 8 if network.backend == "cpp" or effective_n_jobs(workers) > 1 else 1
    chunk = min(CAPACITY, max(1, -(-len(images) // chunks)))
    starts = range(0, len(images), chunk)
    parts = {}
    jobs = Parallel(n_jobs=workers, return_as="generator_unordered")(
        delayed(_respond_chunk)(network, images[start : start + chunk], numbers[start : start + chunk], start, stream)
        for start in starts
    )
    with progress_bar(len(images), 0, stream, show_progress) as bar:
        for start, part in jobs:
            parts[start] = part
            bar.update(len(part.counts))
    image, step, neuron = (np.concatenate([parts[start].spikes[k] for start in starts]) for k in range(3))
    return Responses(np.concatenate([parts[start].counts for start in starts]), (image, step, neuron))


def spike_counts(network: FrozenNetwork, images: np.ndarray, workers: int | None, show_progress: bool) -> np.ndarray:
    """Return the spikes of each neuron during each image, with noise that follows from seed and image alone.

    Unlike in `respond`, the same image brings the same spikes wherever it stands, alone or among others.

    Parameters
    ----------
    network : FrozenNetwork
    images : ndarray of uint8, shape (n_images, ...)
    workers : int or None
    show_progress : bool
        As in `respond`.

    Returns
    -------
    ndarray of int32, shape (n_images, n_neurons)
    """
    return respond(network, images, "testing", workers, show_progress, image_numbers(images)).counts


def image_numbers(images: np.ndarray) -> np.ndarray:
    """Return a number for each image that follows from its grey levels, from -2**31 to 2**31 - 1.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, ...)

    Returns
    -------
    ndarray of int, shape (n_images,)

    Examples
    --------
    >>> images = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)
    >>> bool((image_numbers(images)[::-1] == image_numbers(images[::-1].reshape(2, 4))).all())
    True
    """
    digests = (hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=4).digest() for image in images)
    return np.frombuffer(b"".join(digests), "<i4").astype(int)


def _respond_chunk(
    network: FrozenNetwork, images: np.ndarray, numbers: np.ndarray, first: int, stream: str
) -> tuple[int, Responses]:
    shown = Shown(network.drive.encode(images), numbers, stream)
    batch = present(network.open(), network.config, network.state, shown, plastic=False)
    image, step, neuron = counted_spikes(batch, steps(network.config, plastic=False)[0])
    return first, Responses(batch.counts, (image + np.int32(first), step, neuron))


def counted_spikes(batch: Batch, window_steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return image, step and neuron of the spikes that a `Batch` of presentations has in its counts."""
    slot, step, neuron = (array.astype(np.int32) for array in batch.spikes)
    last_slot = np.cumsum(batch.repetitions + 1) - 1  # of each image: a slot for every showing
    image = np.searchsorted(last_slot, slot).astype(np.int32)
    counted = np.flatnonzero((slot == last_slot[image]) & (step < window_steps))
    order = counted[np.lexsort((neuron[counted], step[counted], image[counted]))]
    return image[order], step[order], neuron[order]
