"""The whole network while it learns, rule after rule, against the oracle: from the same input spikes, everything else.

Neurons, refractory times, lateral inhibition, adaptive thresholds, conduction delays, normalisation and plasticity act
upon each other, so that a wrong one shows in the spikes of all others.
"""

import numpy as np
import pytest
from oracle import oracle_of, raster
from oracle.network import simulate
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
CASES = [(name, True) for name in RULES] + [("triplet", False)]


@pytest.fixture(scope="module", params=CASES, ids=[f"{n}{'' if d else ', no delays'}" for n, d in CASES])
def both(request):
    """Return what Brian2 on NumPy and what the oracle makes of the same input spikes."""
    name, delays = request.param
    config = tiny_config(SHORT, CHANGES, {"rule": name, "delays": delays})
    state = initial_state(config, N_INPUTS)
    batch, results = record(config, training_digits(N_IMAGES), "numpy", state=state)

    def spikes(monitor, n):
        n_steps = len(results["onsets.image"]) * SLOT
        return raster(step_numbers(config, results[f"{monitor}.t"]), results[f"{monitor}.i"], (n_steps, n))

    found = {
        "excitatory": spikes("spikes", config.neurons),
        "inhibitory": spikes("inhibitory_spikes", config.neurons),
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
    )
    return found, expected, weights


def test_spikes_are_the_same(both):
    found, expected, _ = both
    assert expected["excitatory"].sum() > 50
    assert expected["inhibitory"].sum() > 50
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
