"""The four rules, worked out by hand: one synapse, a few spikes, and the weight that the equation gives.

Each case runs twice: with the text of the package's rule, and with the oracle that the simulators are compared with.
Times are in ms; the constants are round numbers of these tests.
"""

from math import exp

import numpy as np
import pytest
from oracle import RuleText, oracle_of, replay

from stdpnet.rules import RULES

W_MAX = 1.0
DT = 1.0
#: A quarter below the greatest weight, (W_MAX - W)^0.5 = 0.5, and W^0.5 = 0.866.
W = 0.75
CONSTANTS = {
    "power-law": {"tau_x": 20.0, "x_target": 0.4, "mu": 0.5, "eta": 0.1},
    "exponential": {"tau_x": 20.0, "x_target": 0.4, "beta": 2.0, "eta": 0.1},
    "pre-and-post": {"tau_x": 20.0, "tau_y": 30.0, "x_target": 0.4, "mu": 0.5, "eta_minus": 0.01, "eta_plus": 0.1},
    "triplet": {"tau_x": 20.0, "tau_y1": 30.0, "tau_y2": 40.0, "eta_minus": 0.01, "eta_plus": 0.1},
}


@pytest.fixture(params=[RuleText, oracle_of], ids=["the package's text", "the oracle"])
def change(request):
    """Return a function that gives the change of one weight: ``change(rule, input times, output times)``."""

    def run(name, inputs=(), outputs=(), w=W):
        fired = np.zeros((2, 500, 1), bool)
        fired[0, list(inputs)] = fired[1, list(outputs)] = True
        rule = request.param(RULES[name].with_constants(CONSTANTS[name]), (1, 1), W_MAX)
        return replay(rule, [[w]], *fired, DT)[0, 0] - w

    return run


# Power-law, eq. 3: at an output spike  dw = eta (x - x_target) (w_max - w)^mu


def test_power_law_input_before_output(change):
    # 10 ms earlier the trace was 1; now it is e^(-10/20) = 0.607, above its target of 0.4
    assert change("power-law", [5], [15]) == pytest.approx(0.1 * (exp(-0.5) - 0.4) * 0.5)


def test_power_law_input_long_before_output(change):
    # after 40 ms it is e^-2 = 0.135, below the target: the weight falls
    assert change("power-law", [5], [45]) == pytest.approx(0.1 * (exp(-2) - 0.4) * 0.5)


def test_power_law_output_before_input(change):
    # the output finds no trace, and an input spike changes nothing by itself
    assert change("power-law", [15], [5]) == pytest.approx(0.1 * (0 - 0.4) * 0.5)


def test_power_law_both_in_one_step(change):
    # the input counts as before
    assert change("power-law", [5], [5]) == pytest.approx(0.1 * (1 - 0.4) * 0.5)


def test_power_law_traces_of_a_burst_add_up(change):
    assert change("power-law", [5, 9, 13], [15]) == pytest.approx(
        0.1 * (exp(-10 / 20) + exp(-6 / 20) + exp(-2 / 20) - 0.4) * 0.5
    )


def test_power_law_does_not_change_the_greatest_weight(change):
    # its factor (w_max - w)^mu is 0, for a fall too: such a weight stays
    assert change("power-law", [5], [15, 400], w=W_MAX) == 0


# Exponential, eq. 4: at an output spike  dw = eta (x e^(-beta w) - x_target e^(-beta (w_max - w)))


def test_exponential_input_before_output(change):
    expected = 0.1 * (exp(-0.5) * exp(-2 * 0.75) - 0.4 * exp(-2 * 0.25))
    assert expected < 0  # at this weight the fall outweighs the rise
    assert change("exponential", [5], [15]) == pytest.approx(expected)


def test_exponential_small_weights_rise(change):
    expected = 0.1 * (exp(-0.5) * exp(-2 * 0.25) - 0.4 * exp(-2 * 0.75))
    assert expected > 0
    assert change("exponential", [5], [15], w=0.25) == pytest.approx(expected)


def test_exponential_output_before_input(change):
    assert change("exponential", [15], [5]) == pytest.approx(-0.1 * 0.4 * exp(-2 * 0.25))


def test_exponential_both_in_one_step(change):
    assert change("exponential", [5], [5]) == pytest.approx(0.1 * (1 * exp(-1.5) - 0.4 * exp(-0.5)))


def test_exponential_traces_of_a_burst_add_up(change):
    x = exp(-10 / 20) + exp(-6 / 20) + exp(-2 / 20)
    assert change("exponential", [5, 9, 13], [15]) == pytest.approx(0.1 * (x * exp(-1.5) - 0.4 * exp(-0.5)))


# Pre-and-post, eqs. 5 and 6: at an input spike  dw = -eta_minus y w^mu,  at an output spike as power-law


def test_pre_and_post_input_before_output(change):
    assert change("pre-and-post", [5], [15]) == pytest.approx(0.1 * (exp(-0.5) - 0.4) * 0.5)


def test_pre_and_post_output_before_input(change):
    after_output = 0.75 + 0.1 * (0 - 0.4) * 0.5
    after_input = after_output - 0.01 * exp(-15 / 30) * after_output**0.5
    assert change("pre-and-post", [20], [5]) == pytest.approx(after_input - 0.75)


def test_pre_and_post_both_in_one_step(change):
    # the input comes first: it finds no trace of this output, and the output finds that of the input
    assert change("pre-and-post", [5], [5]) == pytest.approx(0.1 * (1 - 0.4) * 0.5)


def test_pre_and_post_traces_of_an_output_burst_add_up(change):
    w = 0.75
    for _ in range(3):
        w -= 0.1 * 0.4 * (1 - w) ** 0.5
    w -= 0.01 * (exp(-18 / 30) + exp(-14 / 30) + exp(-10 / 30)) * w**0.5
    assert change("pre-and-post", [23], [5, 9, 13]) == pytest.approx(w - 0.75)


# Triplet: at an input spike  dw = -eta_minus y1,  at an output spike  dw = eta_plus x y2 (y2 from before it)


def test_triplet_a_first_output_changes_nothing(change):
    assert change("triplet", [5], [15]) == 0
    assert change("triplet", [], [15, 30]) == 0  # nor does any without an input


def test_triplet_output_input_output(change):
    # the input finds y1 after 5 ms, the second output finds x after 10 ms and y2 after 15 ms
    expected = -0.01 * exp(-5 / 30) + 0.1 * exp(-10 / 20) * exp(-15 / 40)
    assert change("triplet", [10], [5, 20]) == pytest.approx(expected)


def test_triplet_input_output_input(change):
    # only the second input changes the weight
    assert change("triplet", [5, 25], [10]) == pytest.approx(-0.01 * exp(-15 / 30))


def test_triplet_both_in_one_step(change):
    # again the input comes first: it sees y1 of the earlier output only, the output sees x = 1
    assert change("triplet", [20], [5, 20]) == pytest.approx(-0.01 * exp(-15 / 30) + 0.1 * 1 * exp(-15 / 40))


def test_triplet_only_the_nearest_spikes_count(change):
    # bursts set the traces back to 1 instead of adding to them
    inputs = -0.01 * (exp(-3 / 30) + exp(-6 / 30) + exp(-9 / 30))
    assert change("triplet", [11, 14, 17], [2, 5, 8, 20]) == pytest.approx(inputs + 0.1 * exp(-3 / 20) * exp(-12 / 40))


# All rules


@pytest.mark.parametrize("name", RULES)
def test_weights_stop_at_0(change, name):
    # the first three fall at the output, the triplet rule at the input after it
    assert change(name, [20], [15], w=0.003) == -0.003


@pytest.mark.parametrize("name", RULES)
def test_weights_stop_at_their_greatest_value(change, name):
    assert change(name, range(8, 16), [4, 15], w=0.999) == W_MAX - 0.999


@pytest.mark.parametrize("name", RULES)
def test_without_spikes_nothing_changes(change, name):
    assert change(name) == 0
