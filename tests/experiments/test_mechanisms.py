"""Networks without one of their mechanisms: what is changed in them, what a sweep makes of them, what it is worth."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from tiny import tiny_config, training_digits

from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import flat
from stdpnet.commands.main import main
from stdpnet.commands.sweep import sweep_command
from stdpnet.experiments.stdp.request import Request
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.mechanisms import MECHANISMS, without
from stdpnet.experiments.sweeps.paired import over_seeds, read_sweep, with_differences
from stdpnet.experiments.sweeps.plan import plan
from stdpnet.learning.config import Config, from_stored
from stdpnet.learning.training import beginning, train
from stdpnet.plots.sweeps import mechanisms as figure
from stdpnet.rules import RULES


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def changed(config, name):
    """Return what the configuration without a mechanism has otherwise."""
    mine, other = flat(config.to_dict()), flat(without(config, name).to_dict())
    return {key: other.get(key) for key in mine | other if mine.get(key) != other.get(key)}


#: Of the triplet rule as in 2014, with everything: what is set where a mechanism is left out.
CHANGED = {
    "learning": {"constants.eta_plus": 0.0, "constants.eta_minus": 0.0},
    "inhibition": {"connections.inhibition": 0.0},
    "adaptation": {"excitatory.theta_plus": 0.0, "excitatory.tau_theta": 1e15},
    "depression": {"constants.eta_minus": 0.0},
    "delays": {"delays": False},
    "rest": {"presentation.rest": 10.0},
    "repetition": {"presentation.repetitions": 0},
}


@pytest.mark.parametrize("name", CHANGED)
def test_one_mechanism_is_left_out_and_nothing_else(name):
    assert changed(Config(preset="paper"), name) == CHANGED[name]


def test_normalisation_is_part_of_the_text_of_a_rule():
    whole = Config(constants={"eta_plus": 0.5})
    lacking = without(whole, "normalisation")
    assert (whole.plasticity.normalise, lacking.plasticity.normalise) == (True, False)
    assert lacking.plasticity.name == "triplet"  # with its preset and constants, as the whole network
    same = ("excitatory", "connections", "schedule", "constants")
    assert [getattr(lacking, name) for name in same] == [getattr(whole, name) for name in same]
    assert from_stored(json.loads(lacking.to_json())) == lacking


def test_what_is_not_there_cannot_be_left_out():
    absent = {rule: [name for name in MECHANISMS if without(Config(rule=rule), name) is None] for rule in RULES}
    assert absent == {
        **{name: ["normalisation"] for name in ("power-law", "exponential", "pre-and-post")},
        "triplet": ["depression"],  # the preset of 100 neurons has none
    }
    assert without(Config(delays=False), "delays") is None
    assert without(Config(delays=False), "rest").presentation.rest == 0


#: Short presentations at high rates, so that neurons fire and weights change; whatever they bring, they are repeated.
BUSY = {"presentation": {"rate": 2.0, "window": 35.0, "rest": 10.0, "fewest_spikes": 1000, "repetitions": 1}}


def trained(config):
    """Return the first state, the last one and the repetitions of a training on two images."""
    images = training_digits(2)
    (batch,) = train(config, images, "numpy")
    return beginning(config, images), batch.state, batch.batch.repetitions


@pytest.fixture(scope="module")
def whole():
    return tiny_config(BUSY, {"backend": "numpy", "rule": "power-law", "constants": {"eta": 0.05}})


def test_with_everything_weights_fall_thresholds_rise_and_images_are_repeated(whole):
    before, after, repetitions = trained(whole)
    assert (after.weights < before.weights).any()
    assert (after.theta > before.theta).any()
    assert repetitions.tolist() == [1, 1]


def test_without_depression_no_weight_falls(whole):
    before, after, _ = trained(without(whole, "depression"))
    assert (after.weights >= before.weights).all()
    assert (after.weights > before.weights).any()


def test_without_learning_and_adaptation_nothing_changes_to_the_bit(whole):
    before, after, repetitions = trained(without(without(without(whole, "learning"), "adaptation"), "repetition"))
    np.testing.assert_array_equal(after.weights, before.weights)
    np.testing.assert_array_equal(after.theta, before.theta)
    assert repetitions.tolist() == [0, 0]


def test_a_sweep_has_the_whole_network_beside_the_one_that_lacks_something(tmp_path, toml_of_any_rule, capfd):
    given = ["--config", toml_of_any_rule, "--backend", "numpy", "--images", 2, "--label-images", 5, "--test-images", 5]
    given += ["--presentation-window", 35, "--presentation-rest", 10, "--presentation-fewest-spikes", 0, "--jobs", 1]
    sweep_command([*map(str, given), "--without", "delays", "--out", str(tmp_path / "out")])
    whole, lacking = read_sweep(tmp_path / "out")
    assert [row["folder"] for row in (whole, lacking)] == ["triplet_10_seed0", "triplet_10_seed0_without-delays"]
    assert (whole.get("without"), lacking["without"]) == (None, "delays")
    assert lacking["difference"] == pytest.approx(lacking["accuracy"] - whole["accuracy"], abs=1e-6)
    stored = [RunFolder(tmp_path / "out" / row["folder"]).config().delays for row in (whole, lacking)]
    assert stored == [True, False]
    assert "difference_sd" in capfd.readouterr().err  # the table over the seeds
    assert main(["plot", "mechanisms", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "mechanisms.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    "names, message",
    [
        (["delay"], r"unknown mechanism 'delay' \(did you mean 'delays'\?\); expected one of learning, "),
        (["delays", "depression"], "none of these networks has depression, which they were to be without"),
    ],
)
def test_what_is_refused(tmp_path, digits_folder, names, message):
    configs = [tiny_config({"dataset": str(digits_folder), "constants": {"eta_minus": 0.0}})]
    with pytest.raises(ConfigError, match=message):
        plan(configs, tmp_path, Request(), names)


def test_all_are_those_that_any_network_has(monkeypatch, tmp_path, toml_of_any_rule):
    asked = {}
    monkeypatch.setattr("stdpnet.commands.sweep.sweep", lambda configs, folder, **given: asked.update(given) or [])
    sweep_command(
        ["--config", str(toml_of_any_rule), "--out", str(tmp_path), "--rules", "power-law", "--without", "all"]
    )
    assert asked["without"] == [name for name in MECHANISMS if name != "normalisation"]


def rows_of(rule, accuracies, lacking=""):
    return [
        {"rule": rule, "neurons": 100, "seed": seed, "accuracy": accuracy, "folder": "f"}
        | {"n_label_images": 60, "n_test_images": 30, "presentations": 60}
        | ({"without": lacking} if lacking else {})
        for seed, accuracy in enumerate(accuracies)
    ]


@pytest.fixture
def rows():
    """Return rows: delays are worth 1 and 3 points, inhibition of the other rule 50; seeds are missing."""
    table = [*rows_of("triplet", (0.80, 0.84, 0.86)), *rows_of("triplet", (0.79, 0.81), "delays")]
    table += [*rows_of("power-law", (0.70,)), *rows_of("power-law", (0.20,), "inhibition")]
    table.append({"rule": "power-law", "neurons": 100, "seed": 1, "status": "failed", "without": "inhibition"})
    return with_differences(table)


def test_differences_are_paired_by_seed(rows):
    means = {(row["rule"], row["without"]): row for row in over_seeds(rows)}
    assert means["triplet", "delays"]["difference"] == pytest.approx(-2)
    assert means["triplet", "delays"]["difference_sd"] == pytest.approx(np.sqrt(2))
    assert means["power-law", "inhibition"]["difference"] == pytest.approx(-50)
    assert means["triplet", ""]["accuracy"] == pytest.approx(250 / 3)
    assert "difference" not in means["triplet", ""]


def test_the_figure_shows_them(rows):
    drawn = figure.draw(rows)
    (ax,) = drawn.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["inhibition", "delays"]
    points = {bars.get_label(): bars[0].get_xdata() for bars in ax.containers}
    np.testing.assert_allclose(points["triplet"], [-2])
    np.testing.assert_allclose(points["power-law"], [-50])
    written = [text.get_text() for text in ax.texts]
    assert {"−2.0 ± 1.4", "−50.0", "–"} <= set(written)
    assert "The whole networks: triplet 83.3 %, power-law 70.0 %." in drawn.get_supxlabel()


def test_a_sweep_of_whole_networks_is_no_figure_of_mechanisms(tmp_path):
    with pytest.raises(RunFolderError, match=r"expected a sweep with\s+--without"):
        figure.draw(rows_of("triplet", (0.8,)))
    with pytest.raises(RunFolderError, match=r"sweep\.csv: no such file; expected a folder made by stdpnet sweep"):
        read_sweep(tmp_path)
    (tmp_path / "sweep.csv").write_text("rule,neurons,accuracy\ntriplet,100,high\n")
    with pytest.raises(RunFolderError, match=r"sweep\.csv: damaged"):
        read_sweep(tmp_path)
