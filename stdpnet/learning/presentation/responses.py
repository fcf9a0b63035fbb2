"""Responses of a frozen network: who spiked when during which image."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed

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
    network: FrozenNetwork, images: np.ndarray, stream: str, workers: int = 1, show_progress: bool = True
) -> Responses:
    """Show images to a frozen network.

    Each presentation starts from the resting state and has noise of its own, so the result
    depends neither on the order of the images nor on the number of workers.

    Parameters
    ----------
    network : FrozenNetwork
    images : ndarray of uint8, shape (n_images, ...)
    stream : {"labelling", "testing"}
    workers : int
        Processes; -1 means one for each core.
    show_progress : bool

    Returns
    -------
    Responses
    """
    if network.backend == "cpp":  # compile once, before the workers start
        network.open(log.info)
    chunk = min(CAPACITY, max(1, -(-len(images) // 8)))
    starts = range(0, len(images), chunk)
    parts = {}
    jobs = Parallel(n_jobs=workers, return_as="generator_unordered")(
        delayed(_respond_chunk)(network, images[start : start + chunk], start, stream) for start in starts
    )
    with progress_bar(len(images), 0, stream, show_progress) as bar:
        for start, part in jobs:
            parts[start] = part
            bar.update(len(part.counts))
    image, step, neuron = (np.concatenate([parts[start].spikes[k] for start in starts]) for k in range(3))
    return Responses(np.concatenate([parts[start].counts for start in starts]), (image, step, neuron))


def _respond_chunk(network: FrozenNetwork, images: np.ndarray, first: int, stream: str) -> tuple[int, Responses]:
    shown = Shown(network.drive.encode(images), first, stream)
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
