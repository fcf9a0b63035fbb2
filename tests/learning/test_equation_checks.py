"""Wrong equations of one's own: one sentence with the field, what was found and what may stand there."""

import pytest
from own_equations import TEXT

import stdpnet
from stdpnet import Config

TAU = {"value": 20.0, "unit": "ms"}
WRONG = {
    "unknown name": (
        {"excitatory": "da/dt = -a / tau : volt"},
        "equations.excitatory, line 1: unknown name 'tau' (did you mean 'tau_m'?) in 'da/dt = -a / tau'; expected a",
    ),
    "in the second line": (
        {"inhibitory": "da/dt = -a / tau_m : volt\nb = 2 * aa : volt"},
        "equations.inhibitory, line 2: unknown name 'aa' (did you mean 'a'?) in 'b = 2 * aa'; expected a, b",
    ),
    "no equation": (
        {"pool": "g decays : 1"},
        "equations.pool, line 1: 'g decays : 1' is no equation; expected one such",
    ),
    "no unit": (
        {"excitatory": "da/dt = -a / tau_m"},
        "'da/dt = -a / tau_m' is no equation; expected one such as da/dt",
    ),
    "unit that is none": (
        {"excitatory": "da/dt = -a / tau_m : mV"},
        "'a' has unit 'mV'; expected 1, or one made of Hz",
    ),
    "flag": ({"excitatory": "a : volt (shared)"}, "'a' has unit 'volt (shared)'; expected 1, or one made of"),
    "other unit": (
        {"excitatory": "dge/dt = -ge / tau_ge : siemens"},
        "'ge' has unit 'siemens'; expected '1', as in the",
    ),
    "potential not kept": ({"inhibitory": "v = v_rest : volt"}, "'v = v_rest' keeps nothing from step to step"),
    "theta": ({"excitatory": "theta : volt"}, "'theta' keeps its equation; it learns"),
    "pool": ({"excitatory": "g_pool = 2 : 1"}, "'g_pool' keeps its equation; it is the conductance of the pool"),
    "standard constant": ({"excitatory": "tau_m = 3 * ms : second"}, "'tau_m' is a constant, with a value in the conf"),
    "name of a function": ({"excitatory": "exp : 1"}, "'exp' is the name of something else; choose another"),
    "name of the weights": ({"excitatory": "w : 1"}, "'w' is the name of something else; choose another"),
    "twice": ({"excitatory": "a : 1\na = 2 : 1"}, "equations.excitatory: 'a' has two equations; expected one"),
    "noise": (
        {"excitatory": "a = rand() * mV : volt"},
        "unknown name 'rand' in 'a = rand() * mV'; noise of its own would",
    ),
    "time": (
        {"excitatory_threshold": "v > v_threshold + sin(t * Hz) * mV"},
        "unknown name 't' in 'v > v_threshold + sin",
    ),
    "what only learning has": (
        {"excitatory_spike": "v -= theta_plus"},
        "'theta_plus' in 'v -= theta_plus'; it belongs to",
    ),
    "no condition": (
        {"inhibitory_threshold": "v >"},
        "equations.inhibitory_threshold: 'v >' is no condition; expected one",
    ),
    "no assignment": (
        {"excitatory_spike": "v_reset"},
        "equations.excitatory_spike, line 1: 'v_reset' is no assignment",
    ),
    "changed constant": (
        {"excitatory_spike": "tau_m = 2 * ms"},
        "'tau_m = 2 * ms' changes 'tau_m'; expected one of g_own",
    ),
    "changed theta": (
        {"excitatory_spike": "theta += 1 * mV"},
        "changes 'theta'; expected one of g_own, ge, refractory_left",
    ),
    "changed weight": ({"arrival": "w += 1"}, "equations.arrival, line 1: 'w += 1' changes 'w'; expected one of g_own"),
    "trace in arrival": (
        {"arrival": "ge_post += x_pre"},
        "equations.arrival, line 1: unknown name 'x_pre'",
    ),
    "unused constant": (
        {"constants": {"a": 1.0}},
        "constant 'a' of [equations] stands in none of their texts: leave it out",
    ),
    "constant of another name": (
        {"excitatory": "a = w_max : 1", "constants": {"w_max": 1.0}},
        "constant 'w_max' of [equations] has the name of something else; give it another",
    ),
    "constant that is none": (
        {"constants": {"a": "x"}},
        "constant 'a' of [equations] is 'x'; expected a number, not 0 if",
    ),
    "constant of an unknown unit": (
        {"constants": {"a": {"value": 1.0, "unit": "kg"}}},
        "constant 'a' of [equations] has unit 'kg'; expected one of 1, ms, s, mV, Hz, pA",
    ),
    "constant that ends in _post": (
        {"excitatory": "a = b_post : 1", "constants": {"b_post": 1.0}},
        "constant 'b_post' of [equations]: expected a name of letters, digits and underscores that neither",
    ),
    "constants that are no table": ({"constants": 3}, "equations.constants is 3; expected a table"),
    "text that is none": ({"excitatory": 3}, "equations.excitatory is 3; expected str"),
    "misspelt field": ({"exitatory": ""}, "unknown parameter equations.exitatory (did you mean 'excitatory'?)"),
    "no table": (3, "equations is 3; expected a table"),
    "too many inhibitory neurons": (
        {"inhibitory_neurons": 11},
        "equations.inhibitory_neurons is 11; expected at most 10",
    ),
    "one inhibitory neuron": ({"inhibitory_neurons": 1}, "is 1, which every neuron drives and which so inhibits none"),
    "text of none": (
        {"inhibitory_neurons": 0, "inhibitory": "a : 1"},
        "equations.inhibitory_neurons is 0, and there are equations of inhibitory neurons",
    ),
    "name of a trace": (
        {"excitatory": "dy1/dt = -y1 / tau : 1", "constants": {"tau": TAU}},
        "rule 'triplet', post_traces: 'y1' is a name of the neuron; choose another",
    ),
    "name of the rule's constant": (
        {"excitatory": "da/dt = -a / tau_x : 1", "constants": {"tau_x": TAU}},
        "constant 'tau_x' of rule 'triplet' has the name of something else in the network; give it another",
    ),
}


@pytest.mark.parametrize("equations, sentence", WRONG.values(), ids=WRONG)
def test_wrong_equations(equations, sentence):
    with pytest.raises(stdpnet.ConfigError) as caught:
        Config(neurons=10, equations=equations)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


RIGHT = {
    "all of them": TEXT,
    "one inhibitory neuron that inhibits all": {"inhibitory_neurons": 1, "excitatory": "gi = g_pool : 1"},
    "a current in ampere": {
        "excitatory": "I = g * (v - v_rest) : amp\ndu/dt = -u / tau_m + I * R / tau_m : volt",
        "constants": {"g": {"value": 2.0, "unit": "nS"}, "R": {"value": 100.0, "unit": "Mohm"}},
    },
    "inhibition that is kept": {"excitatory": "dgi/dt = (g_pool - g_own - gi) / tau_gi : 1"},
    "a name in between": {"inhibitory_spike": "half = 0.5 * (v + v_reset); v = half"},
    "over two lines": {"excitatory": "da/dt = -a\n  / tau_m : volt  # decays"},
}


@pytest.mark.parametrize("equations", RIGHT.values(), ids=RIGHT)
def test_right_equations_are_taken(equations):
    assert Config(neurons=10, equations=equations).equations.to_dict().keys() == equations.keys()


def test_a_rule_may_read_the_variables_that_equations_add():
    rule = stdpnet.Rule("gated", "test", on_post="w = clip(w + 0.01 * int(a_post > 1 * mV), 0, w_max)")
    with pytest.raises(stdpnet.ConfigError, match="unknown name 'a_post'"):
        Config(rule=rule)
    assert Config(rule=rule, equations=TEXT).plasticity == rule
