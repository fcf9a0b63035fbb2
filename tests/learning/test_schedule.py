"""Learning rates that fall and inhibition that rises: their values, and that batches decide nothing."""

import numpy as np
import pytest
from tiny import tiny_config

from stdpnet import datasets
from stdpnet.experiments.stdp.train import train
from stdpnet.learning import schedule


def test_without_a_schedule_nothing_changes():
    config = tiny_config()
    now = schedule.at(config, 123_456, 10**6)
    assert now.plasticity == config.plasticity and now.connections == config.connections


@pytest.mark.parametrize("rule, rates", [("triplet", {"eta_plus", "eta_minus"}), ("power-law", {"eta"})])
def test_learning_rates_halve_and_nothing_else_does(rule, rates):
    config = tiny_config({"rule": rule, "schedule": {"learning_rate_half_life": 5000.0}})
    before, now = config.plasticity.constants, schedule.at(config, 10_000, 10**6).plasticity.constants
    for name in before:
        assert now[name].value == pytest.approx(before[name].value / (4 if name in rates else 1), rel=1e-12), name


def test_values_hold_for_a_thousand_presentations():
    config = tiny_config({"schedule": {"learning_rate_half_life": 1000.0}})
    values = [schedule.at(config, n, 10**6).plasticity.constants["eta_plus"].value for n in (0, 999, 1000, 1999)]
    assert values == pytest.approx([0.01, 0.01, 0.005, 0.005])


def test_adaptation_slows_and_theta_settles_where_it_did():
    config = tiny_config({"schedule": {"adaptation_half_life": 3000.0}})
    before, now = config.excitatory, schedule.at(config, 6000, 10**6).excitatory
    assert now.theta_plus == pytest.approx(before.theta_plus / 4)
    assert now.theta_plus * now.tau_theta == pytest.approx(before.theta_plus * before.tau_theta)


def test_a_pace_that_halves_for_ever_stays_a_number():
    config = tiny_config({"schedule": {"adaptation_half_life": 1.0, "learning_rate_half_life": 1.0}})
    now = schedule.at(config, 10**9, 10**9)
    assert 0 < now.excitatory.theta_plus < 1e-8 and np.isfinite(np.float32(now.excitatory.tau_theta))
    assert 0 < now.plasticity.constants["eta_plus"].value < 1e-10


@pytest.mark.parametrize("total", [10_000, 80_000])
def test_a_half_life_below_one_is_a_share_of_the_training(total):
    config = tiny_config({"schedule": {"learning_rate_half_life": 0.2, "adaptation_half_life": 0.5}})
    end = schedule.at(config, total, total)
    assert end.constants["eta_plus"] == pytest.approx(config.constants["eta_plus"] / 2**5)
    assert end.excitatory.theta_plus == pytest.approx(config.excitatory.theta_plus / 2**2)


@pytest.mark.parametrize("presented, inhibition", [(0, 5.0), (2000, 11.0), (4000, 17.0), (90_000, 17.0)])
def test_inhibition_rises_linearly_from_its_start(presented, inhibition):
    schedule_of = {"inhibition_start": 5 / 17, "inhibition_rise": 4000}
    now = schedule.at(tiny_config({"schedule": schedule_of}), presented, 10**6)
    assert now.connections.inhibition == pytest.approx(inhibition)


def test_weights_do_not_depend_on_the_batch_length_while_learning_rates_fall(digits_folder, monkeypatch):
    monkeypatch.setattr(schedule, "STEP", 20)
    dataset = datasets.load_dataset(str(digits_folder))
    weights = {}
    for length, half_life in ((7, 10.0), (60, 10.0), (60, 0.0)):
        config = tiny_config({"batch": length, "schedule": {"learning_rate_half_life": half_life}})
        weights[length, half_life] = train(config, dataset, show_progress=False).weights
    np.testing.assert_array_equal(weights[7, 10.0], weights[60, 10.0])
    assert not np.array_equal(weights[60, 10.0], weights[60, 0.0])
