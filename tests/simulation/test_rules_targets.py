"""Rule after rule, given spikes bring the oracle's weights on every target that runs them."""

import os
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from brian2 import prefs
from oracle import oracle_of, replay
from oracle.given_spikes import COMPILED, RUNTIME, given_simulator, learned
from oracle.trains import DT, STEPS, all_trains, start_weights

from stdpnet.learning.config import from_stored
from stdpnet.rules import RULES, Constant, Rule

W_MAX = 0.75  # not 1, so that w_max cannot be forgotten; exact in single precision
OUTPUTS = all_trains()
INPUTS = np.tile(OUTPUTS, 3)  # once for each start of the weights
#: What Brian2 alone compiles takes half a minute for a rule: all but one are left to ``-m slow``.
BY_BRIAN2 = {"cython", "plain"}
CASES = [
    pytest.param((rule, target), marks=[pytest.mark.slow] * (target in BY_BRIAN2 and rule != "triplet"))
    for rule, target in product(RULES, RUNTIME + COMPILED)
]
WEIGHTS = start_weights(OUTPUTS.shape[1], W_MAX)

# Single precision: a trace shrinks up to 300 times by a factor that is itself rounded by 3e-8, and each of up to 120
# changes of a weight is rounded by 6e-8: together less than 1e-5. A weight that fell close to 0 keeps the rounding of
# where it came from.
ROUNDING = {"rtol": 1e-5, "atol": 1e-6 * W_MAX}


def configured(rule):
    """Return the configuration of a rule. Without normalisation: every step is the onset of a presentation."""
    changes = {"presentation": {"dt": DT, "repetitions": 0}, "connections": {"weight_max": W_MAX}}
    custom = replace(rule, normalise=False).to_dict()
    return from_stored({**changes, "custom_rule": custom, "neurons": OUTPUTS.shape[1], "delays": False})


def as_given(rule):
    """Return the rule with the constants that the package gives it."""
    return rule


def other(rule):
    """Return the rule with learning rates that reach both bounds, its other constants each by a factor of its own."""
    return rule.with_constants(
        {
            name: 0.01 if name.startswith("eta") else (1.2 + 0.1 * position) * constant.value
            for position, (name, constant) in enumerate(rule.constants.items())
        }
    )


@pytest.fixture(scope="module")
def quick_cython():
    """Keep Cython modules from one test session to the next, and do not optimise them: that takes longer than a run."""
    before = prefs.codegen.cpp.extra_compile_args, prefs.codegen.runtime.cython.cache_dir
    prefs.codegen.cpp.extra_compile_args = ["-w", "-O0"]
    prefs.codegen.runtime.cython.cache_dir = os.environ["STDPNET_TEST_CYTHON"]
    yield
    prefs.codegen.cpp.extra_compile_args, prefs.codegen.runtime.cython.cache_dir = before


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def network(request, quick_cython, tmp_path_factory):
    """Return a rule and its network on a target: one build, into which constants are not compiled."""
    name, target = request.param
    folder = tmp_path_factory.mktemp(f"{name}-{target}")
    return RULES[name], given_simulator(configured(RULES[name]), INPUTS.shape[1], STEPS, target, folder)


@pytest.mark.parametrize("constants", [as_given, other])
def test_given_spikes_bring_the_weights_of_the_oracle(network, constants):
    rule, simulator = constants(network[0]), network[1]
    found, steps, neurons = learned(simulator, configured(rule), WEIGHTS, INPUTS)
    np.testing.assert_array_equal(np.argwhere(OUTPUTS), sorted(zip(steps, neurons, strict=True)))
    expected = replay(oracle_of(rule, WEIGHTS.shape, W_MAX), WEIGHTS, INPUTS, OUTPUTS, DT)
    assert np.mean(np.abs(expected - WEIGHTS) > 1e-4) > 0.2  # something was learned
    assert found.min() >= 0
    assert found.max() <= W_MAX
    np.testing.assert_allclose(found, expected, **ROUNDING)


def test_an_input_spike_changes_weights_before_its_own_trace():
    # no rule of the package reads the input trace at an input spike, but one's own may
    own = Rule(
        name="own",
        source="test",
        pre_traces="dx/dt = -x / tau : 1",
        pre_spike="x += 1",
        on_pre="w = x_pre",
        constants={"tau": Constant(20.0, "ms", "test")},
    )
    fired = np.zeros((STEPS, OUTPUTS.shape[1]), bool)
    fired[10, 0] = fired[[10, 30], 1] = True
    simulator = given_simulator(configured(own), len(fired.T), STEPS, "numpy", None)
    weights, _, _ = learned(simulator, configured(own), np.ones((len(fired.T),) * 2), fired)
    np.testing.assert_allclose(weights[0], 0)
    np.testing.assert_allclose(weights[1], np.exp(-10 / 20), rtol=1e-6)  # 20 steps after the first spike
    np.testing.assert_allclose(weights[2:], 1)
