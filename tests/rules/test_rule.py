"""A rule within a training: normalisation, delays, constants, rules of one's own, and what no training may do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import PowerLaw, Triplet, oracle_of, raster, replay
from tiny import N_INPUTS, SHORT, record, step_numbers, tiny_config, training_digits

from stdpnet.learning.config import from_dict
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec, steps
from stdpnet.rules import RULES, Constant, Rule
from stdpnet.simulation import open_simulator

OWN_RULE = Rule(
    name="own",
    source="Diehl & Cook 2015, equation 3; names and constants of this test",
    pre_traces="dx/dt = -x / tau : 1",
    pre_spike="x += 1",
    on_post="w = clip(w + rate * (x_pre - target) * (w_max - w)**power, 0, w_max)",
    constants={
        "tau": Constant(30.0, "ms", "test"),
        "rate": Constant(0.05, "1", "test"),
        "target": Constant(0.4, "1", "test"),
        "power": Constant(0.9, "1", "test"),
    },
    normalise=False,
)
OWN_RULE_TOML = """
pre_traces = "dx/dt = -x / tau : 1"
pre_spike = "x += 1"
on_post = "w = clip(w + rate * (x_pre - target) * (w_max - w)**power, 0, w_max)"
normalise = false
[constants]
rate = 0.05
target = 0.4
power = 0.9
tau = {value = 30, unit = "ms", source = "test"}
"""
SHAPE = (N_INPUTS, 10)
N_IMAGES = 5


def learned_and_expected(config, rule, total):
    """Train a few presentations; return initial and learned weights, and those of the oracle for the same spikes."""
    state = initial_state(config, N_INPUTS)
    batch, results = record(config, training_digits(N_IMAGES), "numpy", state=state)
    assert batch.counts.sum() > 20
    slot = steps(config, plastic=True)[1]
    n_steps = len(results["onsets.image"]) * slot
    inputs, outputs = (
        raster(step_numbers(config, results[f"{name}.t"]), results[f"{name}.i"], (n_steps, n))
        for name, n in zip(("inputs_spikes", "spikes"), SHAPE, strict=True)
    )
    weights = state["input_synapses.w"]
    expected = replay(rule, weights, inputs, outputs, config.presentation.dt, range(0, n_steps, slot), total)
    return weights, batch.state["input_synapses.w"], expected


# Single precision rounds each of a weight's some hundred changes by up to 6e-8 of it.
ROUNDING = {"rtol": 1e-5, "atol": 1e-7}


def test_constants_of_the_rule_take_effect():
    constants = {"eta_minus": 0.02, "eta_plus": 0.05, "tau_y2": 10.0}
    config = tiny_config(SHORT, {"constants": constants})
    rule = Triplet(SHAPE, 1.0, tau_x=20.0, tau_y1=20.0, **constants)
    _, learned, expected = learned_and_expected(config, rule, total=32.0)
    np.testing.assert_allclose(learned, expected, **ROUNDING)
    other = tiny_config(SHORT)
    _, learned_by_others, _ = learned_and_expected(other, oracle_of(RULES["triplet"], SHAPE, 1.0), total=32.0)
    assert np.abs(learned_by_others - learned).max() > 0.01


def test_a_rule_given_as_brian2_text_equals_the_oracle():
    config = tiny_config(SHORT, {"custom_rule": OWN_RULE.to_dict()})
    rule = PowerLaw(SHAPE, 1.0, tau_x=30.0, x_target=0.4, mu=0.9, eta=0.05)
    before, learned, expected = learned_and_expected(config, rule, total=None)
    assert np.abs(learned - before).max() > 0.01
    np.testing.assert_allclose(learned, expected, **ROUNDING)


def test_a_rule_from_a_toml_file_is_the_same_rule(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN_RULE_TOML)
    from_file, from_text = (
        present(
            open_simulator(network_spec(config, N_INPUTS, plastic=True), "numpy"),
            config,
            initial_state(config, N_INPUTS),
            Shown(training_digits(2), 0, "training"),
            plastic=True,
        )
        for config in (
            tiny_config(SHORT, {"rule": str(path)}),
            tiny_config(SHORT, {"custom_rule": OWN_RULE.to_dict()}),
        )
    )
    assert from_file.counts.sum() > 5
    np.testing.assert_array_equal(from_file.state["input_synapses.w"], from_text.state["input_synapses.w"])


@pytest.fixture(scope="module")
def unnormalised():
    """Return a rule without normalisation, and a simulator of it; constants are not part of a network."""
    rule = tiny_config().plasticity.to_dict() | {"normalise": False}
    config = tiny_config(SHORT, {"custom_rule": rule})
    return rule, open_simulator(network_spec(config, N_INPUTS, plastic=True), "numpy")


@settings(max_examples=6, derandomize=True)
@given(
    eta_minus=st.floats(0, 2),
    eta_plus=st.floats(0, 2),
    weight_max=st.floats(0.35, 1.5),
    seed=st.integers(0, 2**31 - 1),
)
def test_weights_stay_between_0_and_their_greatest_value(unnormalised, eta_minus, eta_plus, weight_max, seed):
    rule, simulator = unnormalised
    changes = {"custom_rule": rule, "constants": {"eta_minus": eta_minus, "eta_plus": eta_plus}, "seed": seed}
    config = tiny_config(
        SHORT, changes, {"connections": {"weight_max": weight_max}, "presentation": {"repetitions": 0}}
    )
    # heavier than usual, so that neurons fire before the first weight has grown
    state = initial_state(config, N_INPUTS)
    state["input_synapses.w"] *= np.float32(weight_max / 0.303)
    batch = present(simulator, config, state, Shown(training_digits(2), 0, "training"), plastic=True)
    weights = batch.state["input_synapses.w"]
    assert batch.counts.sum() > 0
    assert np.isfinite(weights).all()
    assert weights.min() >= 0
    assert weights.max() <= np.float32(weight_max) * (1 + 1e-6)


def test_without_spikes_weights_do_not_change(unnormalised):
    rule, simulator = unnormalised
    config = tiny_config(SHORT, {"custom_rule": rule})
    state, blank = initial_state(config, N_INPUTS), np.zeros((3, N_INPUTS), np.uint8)
    batch = present(simulator, config, state, Shown(blank, 0, "training"), plastic=True)
    assert batch.counts.sum() == 0
    np.testing.assert_array_equal(batch.state["input_synapses.w"], state["input_synapses.w"])


def test_rules_of_unknown_constants_are_refused():
    with pytest.raises(ValueError, match=r"has no constant 'eta'.*eta_plus"):
        from_dict({"constants": {"eta": 1.0}})
