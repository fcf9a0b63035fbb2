"""Equations of one's own in a configuration: kept, compiled under their own key, started where they say."""

import json

import numpy as np
import pytest
from own_equations import TEXT
from tiny import N_INPUTS, QUICK, SHORT, digits, tiny_config, training_digits

import stdpnet
from stdpnet.commands.flags import read_toml
from stdpnet.learning.config import Config, from_dict, from_stored
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import frozen_state, initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation import builds, open_simulator

TOML = """
[equations]
excitatory = "da/dt = -a / tau_a : volt"
excitatory_spike = "a += jump"
inhibitory_neurons = 20
[equations.constants]
tau_a = {value = 80, unit = "ms"}
jump = {value = 3.0, unit = "mV", source = "a guess"}
"""


def test_the_standard_equations_leave_no_trace_in_a_configuration():
    assert "equations" not in Config().to_dict()
    spec = network_spec(Config(), 784, plastic=True)
    assert network_spec(Config(equations={}), 784, plastic=True) == spec
    assert (spec.n_inhibitory, spec.arrival) == (100, "")


def test_equations_survive_toml_and_json(tmp_path):
    (tmp_path / "own.toml").write_text(TOML)
    config = from_dict(read_toml(tmp_path / "own.toml"))
    assert config.equations.constants["jump"] == stdpnet.Constant(3.0, "mV", "a guess")
    assert from_stored(json.loads(config.to_json())) == config
    assert repr(config).startswith("Config(equations={'excitatory': 'da/dt = -a / tau_a : volt', ")


def test_the_key_of_a_build_follows_the_text_and_not_the_values():
    def key(**changes):
        return builds.key(network_spec(tiny_config({"equations": TEXT | changes}), N_INPUTS, plastic=True))

    standard = builds.key(network_spec(tiny_config(), N_INPUTS, plastic=True))
    others = [
        key(),
        key(inhibitory_neurons=4),
        key(inhibitory_neurons=0),
        key(arrival="g_slow_post += weight * share * 2"),
    ]
    assert len({standard, *others}) == 5
    assert key(constants=TEXT["constants"] | {"share": 0.5}) == key()


def test_a_frozen_presentation_starts_where_the_equations_say_whatever_came_before():
    config = tiny_config(SHORT, {"equations": TEXT})
    state = initial_state(config, N_INPUTS)
    assert set(np.unique(state["excitatory.a"])) == {np.float32(1.5e-3)}
    assert set(np.unique(state["excitatory.g_slow"])) == {0}
    images, simulator = training_digits(4), open_simulator(network_spec(config, N_INPUTS, plastic=False), "numpy")

    def counts(first):
        shown = Shown(images[first:], first, "testing")
        return present(simulator, config, frozen_state(config, state), shown, plastic=False).counts

    assert counts(0)[2:].sum() > 5
    np.testing.assert_array_equal(counts(0)[2:], counts(2))


def test_an_equation_that_is_not_linear_in_its_variable_is_integrated_too():
    own = {
        "excitatory": "dq/dt = -q**2 / tau_q : 1",
        "constants": {"tau_q": {"value": 50.0, "unit": "ms"}, "q_initial": 2.0},
    }
    config = tiny_config(SHORT, {"equations": own, "presentation": {"fewest_spikes": 0}})
    shown = Shown(training_digits(1), 0, "training")
    simulator = open_simulator(network_spec(config, N_INPUTS, plastic=True), "numpy")
    found = present(simulator, config, initial_state(config, N_INPUTS), shown, plastic=True).state["excitatory.q"]
    np.testing.assert_allclose(found, 1 / (1 / 2 + 120 / 50), rtol=1e-5)  # after 120 ms


def test_what_brian2_refuses_is_one_error():
    config = tiny_config(QUICK, {"equations": {"excitatory": "a = v / e_excitatory + v : volt"}})
    simulator, shown = open_simulator(network_spec(config, N_INPUTS, plastic=True), "numpy"), training_digits(1)
    with pytest.raises(stdpnet.SimulationError, match=r"the network cannot be built or run: .* inconsistent units"):
        present(simulator, config, initial_state(config, N_INPUTS), Shown(shown, 0, "training"), plastic=True)


def test_a_run_keeps_its_equations_and_goes_on_with_no_others(tmp_path):
    images, labels, *test = digits()
    dataset = stdpnet.Dataset("digits", images[:6], labels[:6], *test)
    changes = {"equations": {"inhibitory_neurons": 0, "excitatory": "gi = g_pool / 2 : 1"}, "batch": 3}
    config = tiny_config(QUICK, changes)
    first = stdpnet.train(config, dataset, folder=tmp_path / "run", show_progress=False)
    assert "inhibitory.v" not in first.state
    stored = json.loads((tmp_path / "run" / "config.json").read_text())
    assert stored["equations"] == changes["equations"]
    for other in ({}, {"inhibitory_neurons": 0}):
        asked = from_stored(stored | {"equations": other, "epochs": 2})
        with pytest.raises(
            stdpnet.RunFolderError, match=r"trained with equations\.\w+ ('gi = g_pool / 2 : 1'|0), not None"
        ):
            stdpnet.train(asked, dataset, folder=tmp_path / "run", resume=True)
    longer = from_stored(stored | {"epochs": 2})
    resumed = stdpnet.train(longer, dataset, folder=tmp_path / "run", resume=True, show_progress=False)
    whole = stdpnet.train(longer, dataset, show_progress=False)
    assert resumed.presented == 12
    np.testing.assert_array_equal(resumed.weights, whole.weights)
