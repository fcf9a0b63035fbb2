"""Show a batch of images to a network and collect who spiked when."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stdpnet.base.errors import SimulationError
from stdpnet.base.units import si
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.guards import check_batch
from stdpnet.learning.state import State, state_names
from stdpnet.learning.values import constants, steps
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation import Simulator

#: Independent noise for training, labelling and testing: the second half of the generator's key.
STREAMS = {"training": 0, "labelling": 1, "testing": 2}

RECORDED = ("spikes.t", "spikes.i", "onsets.image", "onsets.repetition")


@dataclass(frozen=True)
class Batch:
    """What a batch of presentations brought.

    Attributes
    ----------
    counts : ndarray of int32, shape (n_images, n_neurons)
        Excitatory spikes in the window of each image's last showing.
    repetitions : ndarray of int32, shape (n_images,)
        How often each image was shown again with more intensity.
    spikes : tuple of ndarray of int, (slot, step, neuron)
        Every excitatory spike, those of repeated showings and of the rest included.
    state : State
        What the batch changed; empty for frozen presentations.
    """

    counts: np.ndarray
    repetitions: np.ndarray
    spikes: tuple[np.ndarray, np.ndarray, np.ndarray]
    state: State


@dataclass(frozen=True)
class Shown:
    """Images in the order in which they are shown.

    Attributes
    ----------
    images : ndarray of int, shape (n_images, n_inputs)
        What drives each input, at most CAPACITY images. A blank one is shown once and not repeated.
    numbers : int or ndarray of int, shape (n_images,)
        Number of each presentation, from -2**31 to 2**31 - 1, which with the seed decides its noise; of an int, that of
        the first, and the others follow.
    stream : {"training", "labelling", "testing"}
        Which of three independent noises it has.
    """

    images: np.ndarray
    numbers: int | np.ndarray
    stream: str


def present(simulator: Simulator, config: Config, state: State, shown: Shown, plastic: bool) -> Batch:
    """Show images one after the other.

    Parameters
    ----------
    simulator : Simulator
        Built from ``network_spec(config, n_inputs, plastic)``.
    config : Config
    state : State
        From `initial_state` or an earlier batch.
    shown : Shown
    plastic : bool
        Whether weights and thresholds learn.

    Returns
    -------
    Batch

    Raises
    ------
    SilentNetworkError
        When most images bring too few spikes even at the greatest intensity.
    SimulationError
        When the state is no longer finite.
    """
    values, wanted = inputs(config, state, shown, plastic)
    results = simulator.run(values, wanted)
    batch = collect(config, results, len(shown.images), plastic)
    check_batch(config, batch, shown.images)
    return batch


def inputs(config: Config, state: State, shown: Shown, plastic: bool) -> tuple[dict[str, Any], list[str]]:
    """Return the values that a simulator takes for a batch, and the names of those it should return.

    Parameters
    ----------
    config : Config
    state : State
    shown : Shown
    plastic : bool
    """
    n, n_inputs = shown.images.shape
    table = np.zeros((CAPACITY, n_inputs))
    # a drive of the last showing, summed over the window, must fit into an integer
    last_intensity = config.presentation.intensity + config.presentation.repetitions
    table[:n] = shown.images
    np.minimum(table, (2**31 - 1) // (last_intensity * steps(config, plastic)[0]), out=table)
    numbers, allowed = np.zeros(CAPACITY), np.zeros(CAPACITY)
    numbers[:n] = shown.numbers if np.ndim(shown.numbers) else shown.numbers + np.arange(n)
    allowed[:n] = np.where(shown.images.any(axis=1), config.presentation.repetitions, 0)
    kept = state_names(config) if plastic else ["input_synapses.w", "excitatory.theta"]
    values = constants(config, n_inputs, plastic) | {name: state[name] for name in kept}
    if config.delays:
        values["input_synapses.delay_steps"] = state["input_synapses.delay_steps"]
    if plastic and config.plasticity.on_pre:
        values["excitatory.weights_over"] = (state["input_synapses.w"] > np.float32(config.connections.weight_max)).sum(
            axis=0
        )
    values |= {
        "images.values": table,
        "presentations.values": numbers,
        "repetitions_allowed.values": allowed,
        "protocol.n_images": n,
        "protocol.image": 0,
        "protocol.repetition": 0,
        "protocol.spikes": 0,
        "inputs.stream": STREAMS[shown.stream],
    }
    return values, [*RECORDED, *(state_names(config) if plastic else ())]


def collect(config: Config, results: dict[str, np.ndarray], n_images: int, plastic: bool) -> Batch:
    """Return the `Batch` of a simulator's results.

    Parameters
    ----------
    config : Config
    results : dict of str to ndarray
        What `inputs` wanted.
    n_images : int
        How many were shown.
    plastic : bool
        Whether the network learned.

    Raises
    ------
    SimulationError
        When the simulation ended early.
    """
    window_steps, slot_steps = steps(config, plastic)
    elapsed = np.rint(results["spikes.t"] / si(config.presentation.dt, "ms")).astype(np.int64)
    slot, step, neuron = elapsed // slot_steps, elapsed % slot_steps, results["spikes.i"]
    image_of, repetition_of = results["onsets.image"], results["onsets.repetition"]
    last = np.append(image_of[1:] != image_of[:-1], True)  # the showing that counts
    if last.sum() != n_images:
        raise SimulationError(f"the simulation ended after {last.sum()} of {n_images} images")
    counted = (step < window_steps) & last[slot]
    counts = np.zeros((n_images, config.neurons), np.int32)
    np.add.at(counts, (image_of[slot[counted]], neuron[counted]), 1)
    state = State({name: results[name] for name in (state_names(config) if plastic else ())})
    if plastic:
        state["input_synapses.w"] = state["input_synapses.w"].reshape(-1, config.neurons)
    return Batch(counts, repetition_of[last], (slot, step, neuron), state)
