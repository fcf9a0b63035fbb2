"""Presets: what a rule and a size get when nothing else is asked for."""

import pytest

from stdpnet.base.parameters import merged
from stdpnet.learning.config import Config
from stdpnet.learning.presets import _sizes, preset
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
    _sizes.cache_clear()
    yield
    _sizes.cache_clear()


@pytest.mark.parametrize("neurons, theta_plus", [(10, 1.0), (100, 1.0), (399, 1.0), (401, 16.0), (9999, 16.0)])
def test_the_nearest_size_by_its_ratio_counts(two_sizes, neurons, theta_plus):
    assert preset("triplet", neurons)["excitatory"]["theta_plus"] == theta_plus


def test_what_is_given_overrides_the_preset_and_nothing_else(two_sizes):
    config = Config(rule="triplet", neurons=100, excitatory={"theta_plus": 2.0})
    assert config.excitatory == Excitatory(theta_plus=2.0, tau_m=50.0)


@pytest.mark.parametrize("rule", ["my_rule.toml", "../triplet", "unknown"])
def test_a_rule_without_calibration_has_none(rule):
    assert preset(rule, 100) == {}


def test_merging_keeps_what_the_later_layer_does_not_set():
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}}, {"d": {"e": 5}}) == {
        "a": {"b": 1, "c": 4},
        "d": {"e": 5},
    }
