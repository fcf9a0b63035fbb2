"""Responses of a frozen network: who spiked when during which image."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs

from stdpnet.base.progress import progress_bar
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.batch import Batch, Shown, present
from stdpnet.learning.presentation.contrast import Contrast
from stdpnet.learning.presentation.input_drive import Grey, drive_in
from stdpnet.learning.state import State
from stdpnet.learning.values import network_spec, steps
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation import Simulator, open_simulator

log = logging.getLogger(__name__)


#: Spikes that one process holds at a time, at most: it shows as many images together as could bring so many.
SPIKES_AT_A_TIME = 3_000_000

#: What is made of the responses to some of the images; gets the number of the first one.
Reduction = Callable[[int, "Responses"], Any]


@dataclass(frozen=True)
class Responses:
    """Excitatory spikes in the window of each image's last showing.

    Attributes
    ----------
    counts : ndarray of int32, shape (n_images, n_neurons)
    spikes : tuple of ndarray of int32, each of shape (n_spikes,)
        Image, time step and neuron of each spike, ascending in this order; empty where only the counts were kept.
    """

    counts: np.ndarray
    spikes: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class TrainingResponses(Responses):
    """Responses to training images: the only ones that have labels, and so the only ones a readout can be made from.

    Attributes
    ----------
    labels : ndarray of int, shape (n_images,)
    """

    labels: np.ndarray = field(kw_only=True)


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
    """Show images to a frozen network and keep how often each neuron fires; for the rest see `respond_in_parts`.

    Parameters
    ----------
    network : FrozenNetwork
    images : ndarray of uint8, shape (n_images, ...)
    stream : {"labelling", "testing"}
    workers : int or None
    show_progress : bool
    numbers : ndarray of int, optional

    Returns
    -------
    Responses
        Without single spikes.
    """
    counts = np.zeros((len(images), network.config.neurons), np.int32)
    for first, part in respond_in_parts(network, images, stream, _counts, workers, show_progress, numbers):
        counts[first : first + len(part)] = part
    return Responses(counts)


def _counts(first: int, responses: Responses) -> np.ndarray:
    return responses.counts


def respond_in_parts(
    network: FrozenNetwork,
    images: np.ndarray,
    stream: str,
    reduce: Reduction,
    workers: int | None = 1,
    show_progress: bool = True,
    numbers: np.ndarray | None = None,
) -> Iterator[tuple[int, Any]]:
    """Show images to a frozen network, some at a time, so that its spikes never fill the memory.

    Each presentation starts from the resting state and has noise of its own, so the result
    depends neither on the order of the images nor on the number of workers.

    Parameters
    ----------
    network : FrozenNetwork
    images : ndarray of uint8, shape (n_images, ...)
    stream : {"labelling", "testing"}
    reduce : callable
        ``reduce(first, responses)`` is called in the worker; what it returns is kept, the spikes are not.
    workers : int or None
        Processes; -1 means one for each core, None what joblib's ``parallel_config`` says.
    show_progress : bool
    numbers : ndarray of int, shape (n_images,), optional
        What decides the noise of each image, see `Shown`; default: its place.

    Yields
    ------
    int
        Number of the first image of a part; parts come as they are done.
    object
        What `reduce` returned.
    """
    if network.backend == "cpp":  # compile once, before the workers start
        network.open(log.info)
    numbers = np.arange(len(images)) if numbers is None else numbers
    # each chunk makes the network anew, which takes a second but in C++
    chunks = 8 if network.backend == "cpp" or effective_n_jobs(workers) > 1 else 1
    most = max(1, SPIKES_AT_A_TIME // most_spikes(network.config))
    chunk = min(CAPACITY, max(1, -(-len(images) // chunks)), most)
    starts = range(0, len(images), chunk)
    jobs = Parallel(n_jobs=workers, return_as="generator_unordered")(
        delayed(_respond_chunk)(
            network, images[start : start + chunk], numbers[start : start + chunk], start, stream, reduce
        )
        for start in starts
    )
    with progress_bar(len(images), 0, stream, show_progress) as bar:
        for start, reduced in jobs:
            yield start, reduced
            bar.update(min(chunk, len(images) - start))


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


def most_spikes(config: Config) -> int:
    """Return how many excitatory spikes a frozen presentation can bring, the repeated showings included.

    Examples
    --------
    >>> most_spikes(Config(neurons=400))  # each fires once in 5 ms, its refractory time
    29350
    """
    refractory = max(1, round(config.excitatory.refractory_time / config.presentation.dt))
    in_a_slot = config.neurons * -(-steps(config, plastic=False)[1] // refractory)
    show = config.presentation
    return in_a_slot + show.repetitions * min(in_a_slot, show.fewest_spikes)


def _respond_chunk(
    network: FrozenNetwork, images: np.ndarray, numbers: np.ndarray, first: int, stream: str, reduce: Reduction
) -> tuple[int, Any]:
    shown = Shown(network.drive.encode(images), numbers, stream)
    batch = present(network.open(), network.config, network.state, shown, plastic=False)
    spikes = counted_spikes(batch, steps(network.config, plastic=False)[0])
    return first, reduce(first, Responses(batch.counts, spikes))


def counted_spikes(batch: Batch, window_steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return image, step and neuron of the spikes that a `Batch` of presentations has in its counts."""
    slot, step, neuron = (array.astype(np.int32) for array in batch.spikes)
    last_slot = np.cumsum(batch.repetitions + 1) - 1  # of each image: a slot for every showing
    image = np.searchsorted(last_slot, slot).astype(np.int32)
    counted = np.flatnonzero((slot == last_slot[image]) & (step < window_steps))
    image, step, neuron = image[counted], step[counted], neuron[counted]
    place = (image.astype(np.int64) * window_steps + step) * batch.counts.shape[1] + neuron
    order = np.argsort(place, kind="stable")  # quick, since they are nearly in order
    return image[order], step[order], neuron[order]
