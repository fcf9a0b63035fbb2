"""Presets: what a rule and a size get when nothing else is asked for."""

import pytest

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import merged
from stdpnet.commands.reporting.configuration import rows
from stdpnet.learning.config import Config, from_stored
from stdpnet.learning.presets import _tables, preset
from stdpnet.learning.schedule import Schedule
from stdpnet.network.neurons import Excitatory
from stdpnet.rules import RULES


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("neurons", [1, 100, 400, 1600, 6400, 10_000])
def test_every_preset_is_a_configuration(rule, neurons):
    config = Config(rule=rule, neurons=neurons)
    assert (config.rule, config.neurons) == (rule, neurons)


@pytest.fixture
def two_sizes(monkeypatch, tmp_path):
    (tmp_path / "triplet.toml").write_text(
        "[100.excitatory]\ntheta_plus = 1.0\ntau_m = 50.0\n[1600.excitatory]\ntheta_plus = 16.0\n"
    )
    monkeypatch.setattr("stdpnet.learning.presets.files", lambda package: tmp_path)
    _tables.cache_clear()
    yield
    _tables.cache_clear()


@pytest.mark.parametrize("neurons, theta_plus", [(10, 1.0), (100, 1.0), (399, 1.0), (401, 16.0), (9999, 16.0)])
def test_the_nearest_size_by_its_ratio_counts(two_sizes, neurons, theta_plus):
    assert preset("triplet", neurons)["excitatory"]["theta_plus"] == theta_plus


def test_what_is_given_overrides_the_preset_and_nothing_else(two_sizes):
    config = Config(rule="triplet", neurons=100, excitatory={"theta_plus": 2.0})
    assert config.excitatory == Excitatory(theta_plus=2.0, tau_m=50.0)


@pytest.mark.parametrize("rule", ["my_rule.toml", "../triplet", "unknown", "paper"])
def test_a_rule_without_calibration_has_none(rule):
    assert preset(rule, 100) == {}


def test_merging_keeps_what_the_later_layer_does_not_set():
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}}, {"d": {"e": 5}}) == {
        "a": {"b": 1, "c": 4},
        "d": {"e": 5},
    }


#: Lines of the code of 2014 (C and G: see stdpnet/network/neurons.py), read there; in its units, mV and ms.
CODE_OF_2014 = {
    "excitatory": {
        **{"v_rest": -65, "v_reset": -65, "v_threshold": -52, "v_initial": -105, "refractory_time": 5, "tau_m": 100},
        **{"e_excitatory": 0, "e_inhibitory": -100, "tau_ge": 1, "tau_gi": 2},
        **{"theta_offset": 20, "theta_initial": 20, "theta_plus": 0.05, "tau_theta": 1e7},
    },
    "inhibitory": {
        **{"v_rest": -60, "v_reset": -45, "v_threshold": -40, "v_initial": -100, "refractory_time": 2, "tau_m": 10},
        **{"e_excitatory": 0, "tau_ge": 1},
    },
    "connections": {
        **{"excitation": 10.4, "inhibition": 17, "weight_low": 0.003, "weight_high": 0.303, "weight_max": 1},
        **{"weight_total": 78, "delay_max": 10},
    },
}


@pytest.mark.parametrize("neurons", [100, 400, 6400])
def test_the_preset_of_the_paper_is_the_code_of_2014(neurons):
    config = Config(preset="paper", neurons=neurons)
    assert {name: vars(getattr(config, name)) for name in CODE_OF_2014} == CODE_OF_2014
    assert config.constants == {"tau_x": 20, "tau_y1": 20, "tau_y2": 40, "eta_minus": 1e-4, "eta_plus": 1e-2}
    show = config.presentation
    assert (show.dt, show.window, show.rest, show.intensity, show.fewest_spikes) == (0.5, 350, 150, 2, 5)
    assert (show.rate, config.delays) == (1 / 8, True)
    assert config.schedule == Schedule()


def test_the_preset_of_the_paper_knows_a_rule_of_your_own_too(tmp_path):
    (tmp_path / "mine.toml").write_text('on_post = "w = clip(w + a, 0, w_max)"\n[constants]\na = 0.5\n')
    assert Config(preset="paper", rule=tmp_path / "mine.toml").excitatory.theta_plus == 0.05


def test_what_is_given_overrides_the_preset_of_the_paper_which_is_told():
    config = Config(preset="paper", excitatory={"tau_m": 50.0})
    assert repr(config) == "Config(preset='paper', excitatory={'tau_m': 50.0})"
    changed = {row.name: row.value for row in rows(config) if row.differs}
    assert changed == {"preset": "paper", "excitatory.tau_m": "50 ms"}


def test_a_run_folder_needs_no_preset(monkeypatch):
    stored = Config(preset="paper").to_dict()
    monkeypatch.setattr("stdpnet.learning.config.preset", lambda *asked: {"excitatory": {"theta_plus": 7.0}})
    again = from_stored(stored)
    assert (again.preset, again.excitatory.theta_plus, again.to_dict()) == ("paper", 0.05, stored)
    assert from_stored({name: value for name, value in stored.items() if name != "preset"}).preset == "calibrated"


def test_an_unknown_preset():
    with pytest.raises(ConfigError, match=r"preset is 'papr' \(did you mean 'paper'\?\)"):
        Config(preset="papr")
