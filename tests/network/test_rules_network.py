"""The whole network while it learns against the oracle: from the same input spikes, everything else.

Every rule, equations of one's own, fewer inhibitory neurons and none.

Neurons, refractory times, lateral inhibition, adaptive thresholds, conduction delays, normalisation and plasticity act
upon each other, so that a wrong one shows in the spikes of all others.
"""

import numpy as np
import pytest
from oracle import oracle_of, raster
from oracle.network import simulate
from oracle.neuron import Excitatory
from own_equations import TEXT, OwnExcitatory
from tiny import N_INPUTS, SHORT, record, step_numbers, tiny_config, training_digits

from stdpnet.learning.state import initial_state
from stdpnet.rules import RULES

N_IMAGES = 5
SLOT = 240  # steps: 100 ms and 20 ms of rest
#: Theta decays within the run, and rules without normalisation start with weights that are large enough.
CHANGES = {
    "seed": 5,
    "excitatory": {"tau_theta": 3000.0},
    "connections": {"weight_low": 0.3, "weight_high": 0.7},
}
#: Rule, delays, equations, and the excitatory neurons of the oracle.
CASES = {name: (name, True, {}, Excitatory) for name in RULES} | {
    "triplet, no delays": ("triplet", False, {}, Excitatory),
    "own equations, four inhibitory neurons": ("triplet", True, TEXT | {"inhibitory_neurons": 4}, OwnExcitatory),
    "direct inhibition": ("triplet", False, {"inhibitory_neurons": 0}, Excitatory),
}


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def both(request):
    """Return what Brian2 on NumPy and what the oracle makes of the same input spikes."""
    name, delays, equations, kind = request.param
    config = tiny_config(SHORT, CHANGES, {"rule": name, "delays": delays, "equations": equations})
    n_inhibitory = equations.get("inhibitory_neurons", config.neurons)
    state = initial_state(config, N_INPUTS)
    batch, results = record(config, training_digits(N_IMAGES), "numpy", state=state)

    def spikes(monitor, n):
        shape = len(results["onsets.image"]) * SLOT, n
        if not n:
            return np.zeros(shape, bool)
        return raster(step_numbers(config, results[f"{monitor}.t"]), results[f"{monitor}.i"], shape)

    found = {
        "excitatory": spikes("spikes", config.neurons),
        "inhibitory": spikes("inhibitory_spikes", n_inhibitory),
        "w": batch.state["input_synapses.w"],
        "theta": batch.state["excitatory.theta"] * 1e3,
        "v": batch.state["excitatory.v"] * 1e3,
    }
    weights = state["input_synapses.w"]
    expected = simulate(
        config,
        oracle_of(RULES[name], weights.shape, config.connections.weight_max),
        weights,
        spikes("inputs_spikes", N_INPUTS),
        state["input_synapses.delay_steps"] if delays else np.zeros(weights.shape, int),
        SLOT,
        total=32.0 if name == "triplet" else None,  # half of 64 weights at their greatest
        theta_plus=0.25,  # 10 mV for 400 neurons, here 10
        kind=kind,
        n_inhibitory=n_inhibitory,
    )
    return found, expected, weights


def test_spikes_are_the_same(both):
    found, expected, _ = both
    assert expected["excitatory"].sum() > 50
    assert expected["inhibitory"].sum() > 50 or not expected["inhibitory"].shape[1]
    np.testing.assert_array_equal(found["excitatory"], expected["excitatory"])
    np.testing.assert_array_equal(found["inhibitory"], expected["inhibitory"])


def test_weights_thresholds_and_potentials_are_the_same(both):
    found, expected, weights = both
    assert np.abs(expected["w"] - weights).max() > 0.01
    assert np.ptp(expected["theta"]) > 0.2
    # single precision: some hundred changes, each rounded by up to 6e-8
    np.testing.assert_allclose(found["w"], expected["w"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["theta"], expected["theta"], rtol=1e-5)
    np.testing.assert_allclose(found["v"], expected["v"], rtol=1e-5)
