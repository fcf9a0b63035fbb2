"""What must hold for any spikes and any constants, checked on the text of the package's rules with hypothesis.

The text is executed by Python (`oracle.RuleText`), so that thousands of cases take seconds; that Brian2 makes the same
of it is what test_rules_targets.py checks.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import RuleText, oracle_of, replay

from stdpnet.rules import RULES

STEPS, DT = 120, 1.0
INPUTS, OUTPUTS = 3, 2
#: Ranges of constants, by the first letters of their names; times in ms.
SENSIBLE = {"tau": (5, 100), "x_target": (0.05, 1.5), "mu": (0.1, 3), "beta": (0.1, 5), "eta": (1e-3, 1)}
#: Rules in which an output without an input before it lowers the weight, by their x_target.
WITH_TARGET = ("power-law", "exponential", "pre-and-post")

every_rule = pytest.mark.parametrize("name", RULES)
check = settings(max_examples=60, derandomize=True)
any_trains = st.lists(st.frozensets(st.integers(0, STEPS - 1), max_size=30), min_size=5, max_size=5)
w_maxima = st.floats(0.1, 2)
shares = st.integers(0, 64).map(lambda n: n / 64)  # of w_max
inner_shares = st.integers(8, 56).map(lambda n: n / 64)
two_shares = st.sets(inner_shares, min_size=2, max_size=2)
lags = st.integers(1, 40)
below = st.floats(0.1, 0.95)


@st.composite
def ruled(draw, name, eta=None):
    """Draw one of the package's rules with any sensible constants, or small learning rates that never clip."""
    values = {}
    for constant in RULES[name].constants:
        low, high = next(bounds for start, bounds in SENSIBLE.items() if constant.startswith(start))
        values[constant] = eta if eta and constant.startswith("eta") else draw(st.floats(low, high))
    return RULES[name].with_constants(values)


def small(name):
    """Return a strategy for a rule whose changes are too small to reach 0 or w_max from between."""
    return ruled(name, eta=1e-4)


def fired(trains):
    """Return trains, given as steps, as an ndarray of bool, shape (STEPS, n_trains)."""
    return np.array([[step in train for train in trains] for step in range(STEPS)])


def after(rule, w, inputs=(), outputs=(), w_max=1.0):
    """Return the weight of one synapse after spikes in given steps."""
    spikes = fired([inputs]), fired([outputs])
    return replay(RuleText(rule, (1, 1), w_max), [[w]], *spikes, DT)[0, 0]


def with_target(rule, ratio, lag):
    """Return the rule with a target that is `ratio` times the trace `lag` ms after a single input spike."""
    return rule.with_constants({"x_target": ratio * np.exp(-lag / rule.constants["tau_x"].value)})


@every_rule
@check
@given(data=st.data(), trains=any_trains, w_max=w_maxima, start=st.lists(shares, min_size=6, max_size=6))
def test_the_text_of_a_rule_is_its_equation(name, data, trains, w_max, start):
    rule, spikes = data.draw(ruled(name)), fired(trains)
    weights = w_max * np.reshape(start, (INPUTS, OUTPUTS))
    text, oracle = (
        replay(kind(rule, weights.shape, w_max), weights, spikes[:, :INPUTS], spikes[:, INPUTS:], DT)
        for kind in (RuleText, oracle_of)
    )
    np.testing.assert_allclose(text, oracle, rtol=1e-9, atol=1e-12)


@every_rule
@check
@given(data=st.data(), trains=any_trains, w_max=w_maxima, start=st.lists(shares, min_size=6, max_size=6))
def test_weights_stay_finite_and_within_0_and_w_max(name, data, trains, w_max, start):
    rule, spikes = data.draw(ruled(name)), fired(trains)
    weights = w_max * np.reshape(start, (INPUTS, OUTPUTS))
    learned = replay(RuleText(rule, weights.shape, w_max), weights, spikes[:, :INPUTS], spikes[:, INPUTS:], DT)
    assert np.isfinite(learned).all()
    assert learned.min() >= 0
    assert learned.max() <= w_max


@every_rule
@check
@given(data=st.data(), inputs=any_trains.map(lambda trains: trains[0]), share=shares, w_max=w_maxima)
def test_without_output_spikes_nothing_changes(name, data, inputs, share, w_max):
    # nor without any spikes: the train may be empty
    assert after(data.draw(ruled(name)), share * w_max, inputs, [], w_max) == share * w_max


@every_rule
@check
@given(data=st.data(), step=st.integers(0, STEPS - 1), share=inner_shares)
def test_an_output_without_inputs_lowers_the_weight_where_the_rule_has_a_target(name, data, step, share):
    w = after(data.draw(small(name)), share, [], [step])
    assert w < share if name in WITH_TARGET else w == share


@pytest.mark.parametrize("name", WITH_TARGET)
@check
@given(data=st.data(), lag=lags, ratio=below | st.floats(1.05, 3), share=inner_shares)
def test_input_before_output_raises_the_weight_where_its_trace_is_above_the_target(name, data, lag, ratio, share):
    rule = with_target(data.draw(small(name)), ratio, lag)
    if name == "exponential":  # at half of w_max rise and fall have the same factor
        share = 0.5
    change = after(rule, share, [10], [10 + lag]) - share
    assert change > 0 if ratio < 1 else change < 0


@check
@given(rule=small("triplet"), lag=lags, interval=st.integers(1, 40), share=inner_shares)
def test_triplet_input_before_output_raises_the_weight_after_an_earlier_output(rule, lag, interval, share):
    start, pair = 10, 10 + interval
    assert after(rule, share, [pair], [pair + lag]) == share
    # the earlier output costs something too, at the input: compare with the same spikes without the last one
    assert after(rule, share, [pair], [start, pair + lag]) > after(rule, share, [pair], [start])


@every_rule
@check
@given(data=st.data(), lag=lags, share=inner_shares)
def test_input_after_output_lowers_the_weight_where_the_rule_has_an_output_trace(name, data, lag, share):
    rule = data.draw(small(name))
    without = after(rule, share, [], [10])
    change = after(rule, share, [10 + lag], [10]) - without
    assert change < 0 if name in ("pre-and-post", "triplet") else change == 0


@pytest.mark.parametrize("name", WITH_TARGET)
@check
@given(data=st.data(), lag=lags, ratio=below, two=two_shares)
def test_large_weights_rise_less(name, data, lag, ratio, two):
    rule = with_target(data.draw(small(name)), ratio, lag)
    change_of_lower, change_of_higher = (after(rule, w, [10], [10 + lag]) - w for w in sorted(two))
    assert change_of_lower > change_of_higher


@check
@given(rule=small("triplet"), two=two_shares)
def test_triplet_changes_do_not_depend_on_the_weight(rule, two):
    changes = [after(rule, w, [20], [10, 30]) - w for w in two]
    assert changes[0] == pytest.approx(changes[1], abs=1e-15)
