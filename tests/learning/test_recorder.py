"""What is recorded inside a network: against the oracle, against unrecorded runs, and in the containers of others."""

import numpy as np
import pytest
from oracle import oracle_of, raster
from oracle.network import simulate
from tiny import N_INPUTS, SHORT, step_numbers, tiny_config, training_digits

from stdpnet.base.errors import ConfigError
from stdpnet.learning.presentation import recorder
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.presentation.recorder import Chosen
from stdpnet.learning.state import frozen_state, initial_state
from stdpnet.learning.values import network_spec
from stdpnet.rules import RULES
from stdpnet.simulation import open_simulator

SLOT = 240  # steps: 100 ms and 20 ms of rest
#: Traces of two rules by their place in the oracle: one that counts nearest spikes, and one that counts all.
TRACES = {
    "triplet": ("inputs.x", "excitatory.y1", "excitatory.y2"),
    "pre-and-post": ("inputs.x", "excitatory.y"),
}
CHOSEN = Chosen(np.array([7, 2, 4], np.int32), np.array([60, 20, 33, 34], np.int32))
CHANGES = {
    "seed": 5,
    "excitatory": {"tau_theta": 3000.0},
    "connections": {"weight_low": 0.3, "weight_high": 0.7},
    "presentation": {"fewest_spikes": 14, "repetitions": 2},
}


def recorded(config, n_images, plastic=True, chosen=CHOSEN):
    state = initial_state(config, N_INPUTS)
    state = state if plastic else frozen_state(config, state)
    shown = Shown(training_digits(n_images), 0, "training")
    return recorder.record(config, state, shown, chosen, "numpy", plastic), state, shown


@pytest.fixture(scope="module", params=TRACES)
def learning(request):
    """Return the name of a rule, the configuration, and the recording of a network that learns by it."""
    config = tiny_config(SHORT, CHANGES, {"rule": request.param})
    return request.param, config, recorded(config, 4)


def steps_of(config, recording, population, n):
    times, who = recording.spikes[population]
    return raster(step_numbers(config, 1e-3 * times), who, (len(recording.times), n))


def test_values_are_those_of_the_oracle(learning):
    name, config, (recording, state, _) = learning
    weights, rule = state["input_synapses.w"], RULES[name]
    expected = simulate(
        config,
        oracle_of(rule, weights.shape, config.connections.weight_max),
        weights,
        steps_of(config, recording, "inputs", N_INPUTS),
        state["input_synapses.delay_steps"],
        SLOT,
        total=32.0 if rule.normalise else None,  # half of 64 weights at their greatest
        theta_plus=0.25,  # 10 mV for 400 neurons, here 10
    )
    seen = expected.pop("seen")
    seen |= {trace: seen.pop(f"trace {k}") for k, trace in enumerate(TRACES[name])}
    assert expected["excitatory"].sum() > 50
    assert recording.repetitions.max() > 0
    for population in ("excitatory", "inhibitory"):
        found = steps_of(config, recording, population, config.neurons)
        np.testing.assert_array_equal(found, expected[population])
    assert recording.values.keys() == seen.keys() | {"excitatory.threshold"}
    picks = {"inputs": (CHOSEN.inputs,), "input_synapses": np.ix_(CHOSEN.inputs, CHOSEN.neurons)}
    for variable, values in seen.items():
        pick = picks.get(variable.split(".")[0], (CHOSEN.neurons,))
        chosen = values[(slice(None), *pick)] if len(pick) == 1 else values[:, *pick]
        # single precision; conductances and traces are sums of many exponentials
        np.testing.assert_allclose(recording.values[variable], chosen, rtol=3e-5, atol=3e-6, err_msg=variable)
        assert np.ptp(chosen) > 0
    threshold = -52 - 20 + seen["excitatory.theta"][:, CHOSEN.neurons]
    np.testing.assert_allclose(recording.values["excitatory.threshold"], threshold, rtol=1e-6)


def test_units_are_those_of_the_parameters(learning):
    _, _, (recording, _, _) = learning
    volts = {"excitatory.v", "excitatory.theta", "excitatory.threshold", "inhibitory.v"}
    assert recording.units == {name: "mV" if name in volts else "1" for name in recording.values}


def test_a_neuron_spikes_where_its_potential_is_above_its_threshold(learning):
    _, config, (recording, _, _) = learning
    above = recording.values["excitatory.v"] > recording.values["excitatory.threshold"]
    fired = steps_of(config, recording, "excitatory", config.neurons)[:, CHOSEN.neurons]
    assert fired.sum() > 10
    assert np.all(above[fired])
    refractory = round(config.excitatory.refractory_time / config.presentation.dt)
    for column, steps in zip(above.T, fired.T, strict=True):
        since = np.flatnonzero(column & ~steps)[:, None] - np.flatnonzero(steps)
        assert np.all(np.any((since > 0) & (since < refractory), axis=1))


@pytest.mark.parametrize("plastic", [True, False], ids=["training", "frozen"])
def test_spikes_are_those_of_an_unrecorded_run(plastic):
    config = tiny_config(SHORT, CHANGES, {"backend": "numpy"})
    recording, state, shown = recorded(config, 2, plastic)
    simulator = open_simulator(network_spec(config, N_INPUTS, plastic), "numpy")
    batch = present(simulator, config, state, shown, plastic)
    slot, step, neuron = batch.spikes
    times, who = recording.spikes["excitatory"]
    assert len(times) > 20
    length = len(recording.times) // len(recording.onsets)
    np.testing.assert_array_equal(step_numbers(config, 1e-3 * times), slot * length + step)
    np.testing.assert_array_equal(who, neuron)
    last = recording.showing()
    np.testing.assert_array_equal(
        np.bincount(last.spikes["excitatory"][1][last.spikes["excitatory"][0] < last.window], minlength=10),
        batch.counts[-1],
    )
    if plastic:
        expected = batch.state["input_synapses.w"][np.ix_(CHOSEN.inputs, CHOSEN.neurons)]
        np.testing.assert_array_equal(recording.values["input_synapses.w"][-1], expected)


def test_a_showing_is_cut_out_of_the_whole(learning):
    _, _, (recording, _, _) = learning
    parts = [recording.showing(k) for k in range(len(recording.onsets))]
    for name, values in recording.values.items():
        np.testing.assert_array_equal(np.concatenate([part.values[name] for part in parts]), values)
    for population, (times, who) in recording.spikes.items():
        joined = [p.spikes[population][0] + onset for p, onset in zip(parts, recording.onsets, strict=True)]
        np.testing.assert_array_equal(np.concatenate(joined), times)
        np.testing.assert_array_equal(np.concatenate([p.spikes[population][1] for p in parts]), who)
    assert {len(part.times) for part in parts} == {SLOT}
    assert all(part.times[0] == 0 and part.onsets.tolist() == [0] for part in parts)
    with pytest.raises(ConfigError, match=f"number is {len(parts)}; expected -{len(parts)} to {len(parts) - 1}"):
        recording.showing(len(parts))


def test_without_neurons_spikes_alone_are_recorded():
    nobody = Chosen(np.empty(0, np.int32), np.arange(N_INPUTS, dtype=np.int32))
    config = tiny_config(SHORT, CHANGES)
    alone, others = recorded(config, 1, chosen=nobody)[0], recorded(config, 1)[0]
    assert alone.values == {}
    for population in ("inputs", "excitatory", "inhibitory"):
        for found, expected in zip(alone.spikes[population], others.spikes[population], strict=True):
            np.testing.assert_array_equal(found, expected)
