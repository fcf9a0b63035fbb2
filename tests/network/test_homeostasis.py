"""What keeps the network balanced: normalised weights, adaptive thresholds, lateral inhibition."""

import numpy as np
import pytest
from tiny import N_INPUTS, SHORT, record, step_numbers, tiny_config, training_digits

from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import State, frozen_state, initial_state
from stdpnet.learning.values import network_spec, steps
from stdpnet.simulation import open_simulator


def show(config, images, backend="numpy", state=None):
    """Show images to a fresh plastic network."""
    n_inputs = images.shape[1]
    simulator = open_simulator(network_spec(config, n_inputs, plastic=True), backend)
    state = state or initial_state(config, n_inputs)
    return present(simulator, config, state, Shown(images, 0, "training"), plastic=True)


def blank(n, n_inputs=N_INPUTS):
    return np.zeros((n, n_inputs), np.uint8)


# Sums of 64 to 784 weights in single precision: each addition rounds by 6e-8 of the sum.
SUM_ROUNDING = {"rtol": 784 * 6e-8}


@pytest.mark.parametrize("n_inputs, total", [(784, 78.0), (64, 32.0)], ids=["28x28", "8x8"])
def test_normalised_columns_sum_to_the_total(n_inputs, total):
    config = tiny_config(SHORT)
    before = initial_state(config, n_inputs)["input_synapses.w"]
    after = show(config, blank(2, n_inputs)).state["input_synapses.w"]
    np.testing.assert_allclose(after.sum(axis=0, dtype=float), total, **SUM_ROUNDING)
    np.testing.assert_allclose(after, before * (total / before.sum(axis=0, dtype=float)), **SUM_ROUNDING)


def test_frozen_weights_are_normalised_as_in_training():
    config = tiny_config(SHORT)
    state = initial_state(config, 784)
    frozen = frozen_state(config, state).weights
    np.testing.assert_allclose(frozen.sum(axis=0, dtype=float), 78.0, **SUM_ROUNDING)
    assert frozen_state(config, State(state | {"input_synapses.w": frozen})).weights == pytest.approx(frozen)


def test_a_neuron_without_weights_keeps_zeros():
    config = tiny_config(SHORT)
    state = initial_state(config, N_INPUTS)
    state["input_synapses.w"][:, 3] = 0
    trained = show(config, training_digits(2), state=state).state["input_synapses.w"]
    assert np.isfinite(trained).all()
    np.testing.assert_array_equal(trained[:, 3], 0)
    np.testing.assert_array_equal(frozen_state(config, state).weights[:, 3], 0)


def test_theta_decays_once_per_presentation():
    config = tiny_config(SHORT, {"excitatory": {"tau_theta": 3000.0}})
    batch = show(config, blank(4))
    # slots of 120 ms, each decaying theta from 20 mV; rounded once per slot
    expected = 20e-3 * np.exp(-4 * 120 / 3000)
    np.testing.assert_allclose(batch.state["excitatory.theta"], expected, rtol=1e-6)


def test_theta_decays_with_every_repetition_too():
    config = tiny_config(
        SHORT,
        {"excitatory": {"tau_theta": 3000.0, "theta_plus": 0.0}},
        {"presentation": {"fewest_spikes": 10_000, "repetitions": 2}},
    )
    batch = show(config, training_digits(2))
    np.testing.assert_array_equal(batch.repetitions, [2, 2])
    np.testing.assert_allclose(batch.state["excitatory.theta"], 20e-3 * np.exp(-6 * 120 / 3000), rtol=1e-6)


def test_theta_grows_with_every_spike_scaled_by_the_number_of_neurons():
    config = tiny_config(SHORT, {"excitatory": {"tau_theta": 1e12, "theta_plus": 10.0}})
    batch = show(config, training_digits(4))
    _, _, neurons = batch.spikes
    spikes = np.bincount(neurons, minlength=10)
    assert spikes.sum() > 20
    # given for 400 neurons: 10 mV * 10 / 400
    np.testing.assert_allclose(batch.state["excitatory.theta"], 20e-3 + spikes * 0.25e-3, rtol=1e-5)


# A slow decay and a short rest, so that conductances are still there when the run ends.
SLOW_INHIBITION = {"excitatory": {"tau_gi": 60.0}, "connections": {"inhibition": 0.5}}


def remaining_conductance(config, results, neuron):
    """Return the inhibition that a neuron would feel at the end from explicit synapses of all others."""
    last_step = steps(config, plastic=True)[1] * len(results["onsets.image"]) - 1
    elapsed = (last_step - step_numbers(config, results["inhibitory_spikes.t"])) * config.presentation.dt
    of_others = results["inhibitory_spikes.i"] != neuron
    return np.sum(config.connections.inhibition * np.exp(-elapsed / config.excitatory.tau_gi) * of_others)


def test_inhibition_from_the_pool_equals_explicit_synapses_from_all_others():
    config = tiny_config(SHORT, SLOW_INHIBITION)
    batch, results = record(config, training_digits(3), "numpy")
    assert len(set(results["inhibitory_spikes.i"].tolist())) > 3
    found = batch.state["pool.g"] - batch.state["excitatory.g_own"]
    expected = [remaining_conductance(config, results, neuron) for neuron in range(config.neurons)]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_lateral_inhibition_reaches_all_others_but_not_the_neuron_itself():
    config = tiny_config(SHORT, SLOW_INHIBITION)
    state = initial_state(config, N_INPUTS)
    state["excitatory.theta"][:] = 1.0  # volt: only neuron 2 can fire
    state["excitatory.theta"][2] = 20e-3
    batch, results = record(config, training_digits(1), "numpy", state=state)
    assert set(results["inhibitory_spikes.i"].tolist()) == {2}
    found = batch.state["pool.g"] - batch.state["excitatory.g_own"]
    expected = remaining_conductance(config, results, 0)
    assert expected > 0.1
    np.testing.assert_allclose(np.delete(found, 2), expected, rtol=1e-4)
    assert abs(found[2]) < 1e-6 * expected


def test_inhibitory_neurons_follow_their_partners_only():
    config = tiny_config(SHORT)
    batch, results = record(config, training_digits(3), "numpy")
    _, _, neurons = batch.spikes
    assert neurons.size > 20
    np.testing.assert_array_equal(np.bincount(results["inhibitory_spikes.i"]), np.bincount(neurons))
