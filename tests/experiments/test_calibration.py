"""Calibration: what is held out, which combinations are tried, and where theta_plus goes."""

import csv
import statistics

import numpy as np
import pytest
from idxfiles import write_idx_folder
from tiny import CHANGES, digits

from stdpnet import datasets
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import flat
from stdpnet.commands.calibrate import _values, as_toml
from stdpnet.commands.flags import read_toml
from stdpnet.datasets.idx_folder import write_folder
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.calibration import Trial, calibrate, held_out
from stdpnet.experiments.sweeps.candidates import candidates
from stdpnet.learning.config import from_dict

TRIAL = Trial(trained=40, validation=20, spikes=0, rounds=1)


@pytest.fixture
def base(digits_folder):
    return CHANGES | {"dataset": str(digits_folder), "batch": 20}


def test_the_first_training_images_decide_and_those_after_them_train(tmp_path, digits_folder):
    source = datasets.load_dataset(str(digits_folder))
    held_out(source, Trial(30, 25, 0, 1), tmp_path / "images")
    split = datasets.load_dataset(str(tmp_path / "images"))
    np.testing.assert_array_equal(split.test_images, source.train_images[:25])
    np.testing.assert_array_equal(split.test_labels, source.train_labels[:25])
    np.testing.assert_array_equal(split.train_images, source.train_images[25:55])
    np.testing.assert_array_equal(split.train_labels, source.train_labels[25:55])


def test_idx_files_equal_those_of_another_writer(tmp_path):
    write_folder(tmp_path / "ours", *digits())
    write_idx_folder(tmp_path / "other", *digits())
    ours, other = (datasets.load_dataset(str(tmp_path / name)) for name in ("ours", "other"))
    for part in ("train_images", "train_labels", "test_images", "test_labels"):
        np.testing.assert_array_equal(getattr(ours, part), getattr(other, part))


def test_every_combination_is_a_candidate():
    tries = {"constants.eta_plus": [0.1, 0.2], "connections.inhibition": [3.0], "seed": [4, 5]}
    assert candidates(tries) == [
        {"constants": {"eta_plus": eta}, "connections": {"inhibition": 3.0}, "seed": seed}
        for eta in (0.1, 0.2)
        for seed in (4, 5)
    ]


def test_the_best_comes_first_and_what_is_finished_is_not_run_again(tmp_path, base):
    rows = calibrate(base, {"constants.eta_plus": [0.0, 0.01]}, TRIAL, tmp_path, jobs=1, show_progress=False)
    assert [row["accuracy"] for row in rows] == sorted((row["accuracy"] for row in rows), reverse=True)
    assert {row["constants.eta_plus"] for row in rows} == {0.0, 0.01}
    with open(tmp_path / "calibration.csv", newline="") as file:
        assert [float(row["accuracy"]) for row in csv.DictReader(file)] == [row["accuracy"] for row in rows]
    checkpoints = {path: path.stat().st_mtime_ns for path in tmp_path.glob("candidate*/round0/checkpoint.npz")}
    assert len(checkpoints) == 2
    again = calibrate(base, {"constants.eta_plus": [0.0, 0.01]}, TRIAL, tmp_path, jobs=1, show_progress=False)
    assert again == rows
    assert {path: path.stat().st_mtime_ns for path in checkpoints} == checkpoints


def test_a_folder_takes_one_calibration_only(tmp_path, base):
    def run(base=base, trial=TRIAL, **tries):
        return calibrate(base, {"connections.inhibition": [3.0]} | tries, trial, tmp_path, jobs=1, show_progress=False)

    run()
    with pytest.raises(RunFolderError, match=r"round0 holds a run with connections\.inhibition 3\.0, not 4\.0"):
        run(**{"connections.inhibition": [4.0]})
    # other images are held out: weights that have seen them must not be scored on them
    with pytest.raises(RunFolderError, match=r"round0 holds a run with dataset '.*_40_20', not '.*_40_15'"):
        run(trial=Trial(trained=40, validation=15, spikes=0, rounds=1))
    for path in tmp_path.glob("*/round0/evaluation.json"):
        path.unlink()  # unfinished ones are not gone on with either
    with pytest.raises(RunFolderError, match="inhibition"):
        run(**{"connections.inhibition": [4.0]})


@pytest.mark.parametrize(
    "changes, jobs, words",
    [
        ({}, 0, "jobs is 0"),
        ({"backend": "fortran"}, 1, "unknown backend"),
        ({"images": 7}, 1, "images is 7; .*--trained"),
    ],
)
def test_what_every_candidate_would_refuse(tmp_path, base, changes, jobs, words):
    with pytest.raises(ConfigError, match=words):
        calibrate(base | changes, {}, TRIAL, tmp_path / "out", jobs=jobs, show_progress=False)
    assert not (tmp_path / "out").exists()


def test_the_preset_is_for_the_network_that_was_calibrated(tmp_path, base, script):
    (tmp_path / "base.toml").write_text(as_toml(flat(base)))
    arguments = ["--config", tmp_path / "base.toml", "--rule", "exponential", "--try", "constants.eta=0.002"]
    arguments += ["--trained", 20, "--validation", 20, "--spikes", 0, "--jobs", 1, "--out", tmp_path / "out"]
    done = script("runs/calibrate.py", *arguments)
    assert done.returncode == 0, done.stderr
    data = read_toml(tmp_path / "out" / "preset.toml")
    found, asked = from_dict(data), from_dict(base | {"rule": "exponential", "constants": {"eta": 0.002}})
    assert (found.rule, found.neurons, found.excitatory) == ("exponential", asked.neurons, asked.excitatory)
    assert found.presentation == asked.presentation and found.plasticity == asked.plasticity
    assert "dataset" not in data and "batch" not in data


def test_a_candidate_counts_by_its_mean_over_the_seeds(tmp_path, base):
    tries, trial = {"constants.eta_plus": [0.01, 0.02]}, Trial(trained=40, validation=20, spikes=0, rounds=1, seeds=3)
    rows = calibrate(base | {"seed": 4}, tries, trial, tmp_path, jobs=1, show_progress=False)
    assert {row["constants.eta_plus"]: row["seeds"] for row in rows} == {0.01: 3, 0.02: 3}
    for row in rows:
        k = tries["constants.eta_plus"].index(row["constants.eta_plus"])
        runs = [RunFolder(tmp_path / f"candidate{k}_seed{seed}" / "round0") for seed in (4, 5, 6)]
        assert [run.config().seed for run in runs] == [4, 5, 6]
        single = [run.evaluation()["accuracy"] for run in runs]
        assert row["accuracy"] == pytest.approx(statistics.mean(single))
        assert row["accuracy_sd"] == pytest.approx(statistics.stdev(single))


def test_epochs_of_a_trial_are_passes_over_its_images(tmp_path, base):
    calibrate(base | {"epochs": 2}, {}, TRIAL, tmp_path, jobs=1, show_progress=False)
    assert RunFolder(tmp_path / "candidate0_seed0" / "round0").evaluation()["presented"] == 80


def test_values_to_try_keep_their_types():
    assert _values("seed=0,2") == ("seed", [0, 2]) and type(_values("seed=0")[1][0]) is int
    assert _values("constants.eta=0.1,1e-3") == ("constants.eta", [0.1, 1e-3])
    assert _values("delays=true,false") == ("delays", [True, False])


def test_theta_plus_goes_to_where_the_network_fires_as_often_as_wanted(tmp_path, base):
    wanted = 30.0
    trial = Trial(trained=40, validation=20, spikes=wanted, rounds=3)
    (last,) = calibrate(base, {}, trial, tmp_path, jobs=1, show_progress=False)
    (first,) = calibrate(base, {}, TRIAL, tmp_path / "fixed", jobs=1, show_progress=False)
    assert first["theta_plus"] == CHANGES["excitatory"]["theta_plus"]
    assert abs(last["spikes_per_image"] - wanted) < abs(first["spikes_per_image"] - wanted)
    direction = np.sign(first["spikes_per_image"] - wanted)  # too many spikes: more adaptation
    assert np.sign(last["theta_plus"] - first["theta_plus"]) == direction


def test_the_preset_is_a_configuration_file(tmp_path):
    values = {"excitatory.theta_plus": 0.02, "constants.eta": 0.003, "epochs": 2, "delays": False}
    path = tmp_path / "preset.toml"
    path.write_text(as_toml(values))
    assert read_toml(path) == {
        "excitatory": {"theta_plus": 0.02},
        "constants": {"eta": 0.003},
        "epochs": 2,
        "delays": False,
    }


@pytest.mark.parametrize(
    "trial, words",
    [
        (lambda: Trial(0, 5, 0, 1), "trained is 0"),
        (lambda: Trial(5, 5, -1, 1), "spikes is -1"),
        (lambda: Trial(5, 5, 0, 1, 0), "seeds is 0"),
        (lambda: Trial(50, 20, 0, 1), "trained 50 and validation 20 are more than the 60"),
    ],
)
def test_what_cannot_be_tried_is_said_first(tmp_path, base, trial, words):
    with pytest.raises(ConfigError, match=words):
        calibrate(base, {}, trial(), tmp_path, show_progress=False)
    assert not list(tmp_path.glob("candidate*"))
