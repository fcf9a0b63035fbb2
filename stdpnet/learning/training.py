"""Unsupervised training in batches: images in, states out. It sees no labels and writes nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from stdpnet.learning import schedule
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.batch import Batch, Shown, present
from stdpnet.learning.presentation.input_drive import drive_for, drive_in
from stdpnet.learning.state import State, initial_state
from stdpnet.learning.values import network_spec, with_constants
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation import choose_threads, open_simulator

#: Tells the generator of the order from those of weights and delays, which have the same seed.
SHUFFLE = 0x53


@dataclass(frozen=True)
class TrainingBatch:
    """One batch of a training.

    Attributes
    ----------
    which : ndarray of int, shape (n_images,)
        Numbers of the images that were shown, in this order.
    batch : Batch
        What they brought.
    state : State
        After the batch: from it the training can go on.
    """

    which: np.ndarray
    batch: Batch
    state: State


#: Sets constants between two batches.
Between = Callable[[TrainingBatch], Mapping[str, float]]


def train(
    config: Config,
    images: np.ndarray,
    backend: str,
    state: State | None = None,
    announce: Callable[[str], None] | None = None,
    between: Between | None = None,
) -> Iterator[TrainingBatch]:
    """Train a network and yield each batch.

    The state after `k` presentations depends on the configuration and the images only:
    neither on the batch length nor on interruptions.

    Parameters
    ----------
    config : Config
    images : ndarray of uint8, shape (n_images, height, width)
        Shown ``config.epochs`` times: in this order, or with ``config.shuffle`` "on" in one of its own each time.
    backend : {"cpp", "cython", "numpy"}
    state : State, optional
        Where to go on from; default: the beginning.
    announce : callable, optional
        Called with one line of text before a compilation starts.
    between : callable, optional
        Called between two batches with the first of them. Returns values for the second one: of constants of the rule
        or of the equations, by name, in their units; what it leaves out is as in `config`.

    Yields
    ------
    TrainingBatch
        None when `state` has all presentations already.

    Raises
    ------
    SilentNetworkError
        When most images bring too few spikes even at the greatest intensity.
    SimulationError
        When the network does not compile, or its state is no longer finite.
    """
    state, total = state or beginning(config, images), config.epochs * len(images)
    numbers = np.arange(state.presented, total)
    which = order(config.seed, len(images), numbers, config.shuffle == "on")
    yield from show(config, images, which, backend, state, total, announce, between)


def beginning(config: Config, images: np.ndarray) -> State:
    """Return the state before the first presentation, and the drive that training images ask for.

    Parameters
    ----------
    config : Config
    images : ndarray of uint8, shape (n_images, height, width)
    """
    drive = drive_for(config.drive, images)
    return State(initial_state(config, drive.n_inputs) | drive.arrays())


def with_more(state: State, images: np.ndarray) -> State:
    """Return the state whose drive knows more images of a stream, over which no pass can be made.

    Parameters
    ----------
    state : State
    images : ndarray of uint8, shape (n_images, height, width)
        Those that come next.
    """
    return State(state | drive_in(state).with_more(images, state.presented).arrays())


def show(
    config: Config,
    images: np.ndarray,
    which: np.ndarray,
    backend: str,
    state: State,
    total: float,
    announce: Callable[[str], None] | None = None,
    between: Between | None = None,
) -> Iterator[TrainingBatch]:
    """Show images to a network that learns, from a state on, and yield each batch; errors are those of `train`.

    Parameters
    ----------
    config : Config
    images : ndarray of uint8, shape (n_images, height, width)
    which : ndarray of int
        Numbers of the images to be shown, in this order.
    backend : {"cpp", "cython", "numpy"}
    state : State
    total : int or inf
        Presentations of the whole training, of which the schedule may take shares; infinite where nobody knows.
    announce, between : callable, optional
        As in `train`.

    Yields
    ------
    TrainingBatch
    """
    if not len(which):
        return
    drive, end = drive_in(state), state.presented + len(which)
    spec = network_spec(config, drive.n_inputs, plastic=True)
    simulator = open_simulator(spec, backend, announce, choose_threads(config.threads, config.neurons, backend))
    values: Mapping[str, float] = {}
    while state.presented < end:
        first = state.presented
        n = min(config.batch, end - first, schedule.until_change(first), _until_snapshot(config, first))
        shown, which = which[:n], which[n:]
        now = with_constants(schedule.at(config, first, total), values)
        batch = present(simulator, now, state, Shown(drive.encode(images[shown]), first, "training"), plastic=True)
        state = State(state | batch.state | {"presented": np.array(first + n, np.int64)})
        done = TrainingBatch(shown, batch, state)
        yield done
        if between and state.presented < end:
            values = between(done)


def _until_snapshot(config: Config, presented: int) -> int:
    return config.snapshots - presented % config.snapshots if config.snapshots else CAPACITY


def order(seed: int, n_images: int, presentations: np.ndarray, shuffled: bool) -> np.ndarray:
    """Return the number of the image that each presentation shows.

    Parameters
    ----------
    seed : int
    n_images : int
        Of an epoch.
    presentations : ndarray of int
        Their numbers, from 0.
    shuffled : bool

    Returns
    -------
    ndarray of int
        Of the shape of `presentations`; it depends on seed and number of presentation only.

    Examples
    --------
    >>> order(0, 4, np.arange(8), shuffled=False)
    array([0, 1, 2, 3, 0, 1, 2, 3])
    >>> sorted(order(0, 4, np.arange(4, 8), shuffled=True).tolist())
    [0, 1, 2, 3]
    """
    epochs, places = np.divmod(presentations, n_images)
    if not shuffled:
        return places
    orders = {epoch: np.random.default_rng((SHUFFLE, seed, epoch)).permutation(n_images) for epoch in np.unique(epochs)}
    return np.array([orders[epoch][place] for epoch, place in zip(epochs, places, strict=True)], int)
