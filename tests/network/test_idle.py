"""What an input spike leaves as it is is passed over, and nothing else is."""

import numpy as np
import pytest
from tiny import N_INPUTS, SHORT, record, tiny_config

from stdpnet.learning.state import initial_state
from stdpnet.network.idle import deciding, deciding_traces
from stdpnet.rules import RULES, Rule

TRACES = "dy/dt = -y / tau : 1\ndz/dt = -z / tau : 1"
FALLS = {
    "w = clip(w - rate * y_post, 0, w_max)": ("y",),
    "w = w - rate * y_post * w": ("y",),
    "w = clip(w - rate * (y_post + z_post * x_pre), 0, w_max)": ("y", "z"),
    "change = rate * z_post\nw = clip(w - change * w**mu, 0, w_max)": ("z",),
    "w = clip(w - rate, 0, w_max)": (),
    "w = clip(w - rate * (1 - y_post), 0, w_max)": (),
    "w = clip(w - rate * y_post, 0.1, w_max)": (),  # it raises weights below 0.1 anywhere
    "w = clip(w - rate * y_post - rate * x_pre, 0, w_max)": (),
    "w -= rate": (),
}


@pytest.mark.parametrize("on_pre", FALLS)
def test_traces_that_decide_are_those_without_which_a_weight_stays(on_pre):
    assert deciding_traces(Rule("falls", "test", post_traces=TRACES, on_pre=on_pre)) == FALLS[on_pre]


def test_rules_of_the_paper():
    assert {name: deciding(rule) for name, rule in RULES.items()} == {
        **{"power-law": (), "exponential": ()},
        **{"pre-and-post": ("y", "weights_over"), "triplet": ("y1", "weights_over")},
    }


@pytest.mark.parametrize("backend", ["numpy", "cpp"])
@pytest.mark.parametrize("rule", ["triplet", "pre-and-post"])
def test_a_weight_above_its_bound_falls_to_it_at_a_spike_of_its_input(backend, rule):
    config = tiny_config(SHORT, {"rule": rule, "excitatory": {"v_threshold": 1e3}, "presentation": {"repetitions": 0}})
    state = initial_state(config, N_INPUTS)
    weights = np.full((N_INPUTS, 10), 0.5, np.float32)  # columns sum to 32, as they are normalised to
    weights[:2, 3], weights[2:6, 3] = 1.5, 0.0
    state["input_synapses.w"] = weights
    images = np.zeros((1, N_INPUTS), np.uint8)
    images[0, 1:4] = 255  # of the two inputs with weights above 1, the second one fires
    found = record(config, images, backend, state=state)[0].state["input_synapses.w"]
    expected = weights.copy()
    expected[1, 3] = 1
    np.testing.assert_allclose(found, expected, rtol=1e-5)
