"""Show a batch of images to a network and collect who spiked when."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.errors import SilentNetworkError, SimulationError
from stdpnet.learning.state import state_names
from stdpnet.learning.values import constants, steps
from stdpnet.network.spec import CAPACITY

#: Independent noise for training, labelling and testing: the second half of the generator's key.
STREAMS = {"training": 0, "labelling": 1, "testing": 2}

RECORDED = ("spikes.t", "spikes.i", "onsets.image", "onsets.repetition")


@dataclass
class Batch:
    """What a batch of presentations brought.

    Attributes
    ----------
    counts : ndarray of int32, shape (n_images, n_neurons)
        Excitatory spikes in the window of each image's last showing.
    repetitions : ndarray of int32, shape (n_images,)
        How often each image was shown again with more intensity.
    spikes : tuple of ndarray, (slot, step, neuron)
        Every excitatory spike, those of repeated showings and of the rest included.
    state : dict of str to ndarray
        The state after the batch; empty for frozen presentations.
    """

    counts: np.ndarray
    repetitions: np.ndarray
    spikes: tuple
    state: dict


def present(simulator, config, state, images, first, stream, plastic):
    """Show images one after the other.

    Parameters
    ----------
    simulator : StandaloneSimulator or RuntimeSimulator
        Built from ``network_spec(config, images.shape[1], plastic)``.
    config : Config
    state : dict of str to ndarray
        From `initial_state` or an earlier batch.
    images : ndarray of uint8, shape (n_images, n_pixels)
        At most CAPACITY of them. A blank image is shown once and not repeated.
    first : int
        Number of the first presentation, which with the seed decides its noise.
    stream : {"training", "labelling", "testing"}
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
    values, wanted = inputs(config, state, images, first, stream, plastic)
    results = simulator.run(values, wanted)
    batch = collect(config, results, len(images), plastic)
    _check(config, batch, images)
    return batch


def inputs(config, state, images, first, stream, plastic):
    """Return the values that a simulator takes for a batch, and the names of those it should return."""
    n, n_inputs = images.shape
    table = np.zeros((CAPACITY, n_inputs))
    table[:n] = images
    allowed = np.zeros(CAPACITY)
    allowed[:n] = np.where(images.any(axis=1), config.presentation.repetitions, 0)
    rule = config.plasticity
    kept = state_names(rule) if plastic else ["input_synapses.w", "excitatory.theta"]
    values = constants(config, n_inputs, plastic) | {name: state[name] for name in kept}
    if config.delays:
        values["input_synapses.delay_steps"] = state["input_synapses.delay_steps"]
    values |= {
        "images.values": table,
        "repetitions_allowed.values": allowed,
        "protocol.n_images": n,
        "protocol.image": 0,
        "protocol.repetition": 0,
        "protocol.spikes": 0,
        "inputs.first_presentation": first,
        "inputs.stream": STREAMS[stream],
    }
    return values, [*RECORDED, *(state_names(rule) if plastic else ())]


def collect(config, results, n_images, plastic):
    """Turn a simulator's results into a `Batch`."""
    window_steps, slot_steps = steps(config, plastic)
    elapsed = np.rint(results["spikes.t"] / (config.presentation.dt * 1e-3)).astype(np.int64)
    slot, step, neuron = elapsed // slot_steps, elapsed % slot_steps, results["spikes.i"]
    image_of, repetition_of = results["onsets.image"], results["onsets.repetition"]
    last = np.append(image_of[1:] != image_of[:-1], True)  # the showing that counts
    if last.sum() != n_images:
        raise SimulationError(f"the simulation ended after {last.sum()} of {n_images} images")
    counted = (step < window_steps) & last[slot]
    counts = np.zeros((n_images, config.neurons), np.int32)
    np.add.at(counts, (image_of[slot[counted]], neuron[counted]), 1)
    state = {name: results[name] for name in (state_names(config.plasticity) if plastic else ())}
    if plastic:
        state["input_synapses.w"] = state["input_synapses.w"].reshape(-1, config.neurons)
    return Batch(counts, repetition_of[last], (slot, step, neuron), state)


def _check(config, batch, images):
    for name, array in batch.state.items():
        wrong = np.flatnonzero(~np.isfinite(array))
        if len(wrong):
            raise SimulationError(
                f"{name}[{wrong[0]}] is {array.flat[wrong[0]]} after a batch: expected finite values; check the rule's "
                "statements and constants"
            )
    shown = images.any(axis=1)
    silent = shown & (batch.counts.sum(axis=1) < config.presentation.fewest_spikes)
    if silent.sum() > 0.5 * max(shown.sum(), 20):
        raise SilentNetworkError(
            f"{silent.sum()} of {shown.sum()} images brought fewer than {config.presentation.fewest_spikes} spikes "
            f"even at intensity {config.presentation.intensity + config.presentation.repetitions}: raise "
            "presentation.rate or connections.weight_total, or lower excitatory.theta_initial"
        )
