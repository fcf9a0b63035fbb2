"""Snapshots: the weights of the training at that time, in the run folder, and nothing else about the run changes."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from tiny import QUICK, tiny_config, training_digits

from stdpnet import datasets
from stdpnet.base import files
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.experiments.stdp.identity import settings
from stdpnet.experiments.stdp.inside.snapshots import read_snapshots
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.train import train
from stdpnet.learning import training
from stdpnet.learning.config import from_stored

EVERY_25 = {"snapshots": 25, "batch": 20, "epochs": 2}


@pytest.fixture(scope="module")
def dataset(digits_folder):
    return datasets.load_dataset(str(digits_folder))


@pytest.fixture(scope="module")
def run(tmp_path_factory, dataset, first_build):
    """Return a run with snapshots, trained without interruption. Do not change it."""
    folder = RunFolder(tmp_path_factory.mktemp("snapshots") / "run")
    train(tiny_config(EVERY_25), dataset, folder=folder, show_progress=False)
    return folder


def presented(folder):
    return [state.presented for state in read_snapshots(folder)]


def test_they_are_the_weights_of_the_training_at_that_time(run):
    config = tiny_config({"batch": 5, "epochs": 2})
    states = {done.state.presented: done.state for done in training.train(config, training_digits(60), "cpp")}
    snapshots = list(read_snapshots(run))
    assert [snapshot.presented for snapshot in snapshots] == [0, 25, 50, 75, 100]
    for snapshot in snapshots[1:]:
        for name in ("input_synapses.w", "excitatory.theta"):
            np.testing.assert_array_equal(snapshot[name], states[snapshot.presented][name])
    assert not np.array_equal(snapshots[0].weights, snapshots[1].weights)


def test_a_run_with_snapshots_learns_what_one_without_does(run, dataset):
    without = train(tiny_config({"batch": 20, "epochs": 2}), dataset, show_progress=False).state
    learned = [name for name in without if "." in name]  # the network's state, without the running accuracy
    checkpoint = run.checkpoint()
    for name in learned:
        np.testing.assert_array_equal(checkpoint[name], without[name], err_msg=name)


def test_a_resumed_run_keeps_to_them(tmp_path, run, dataset):
    folder = RunFolder(tmp_path / "run")
    train(tiny_config(EVERY_25, {"epochs": 1}), dataset, folder=folder, show_progress=False)
    assert presented(folder) == [0, 25, 50]
    train(replace(folder.config(), epochs=2), dataset, folder=folder, resume=True, show_progress=False)
    assert presented(folder) == presented(run)
    for one, other in zip(read_snapshots(folder), read_snapshots(run), strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)


def test_a_drive_by_contrast_has_weights_of_on_and_off(tmp_path, dataset):
    config = tiny_config(QUICK, {"drive": "contrast", "images": 4, "snapshots": 2})
    train(config, dataset, folder=tmp_path / "run", show_progress=False)
    assert [snapshot.weights.shape for snapshot in read_snapshots(tmp_path / "run")] == [(128, 10)] * 3


def test_they_are_no_part_of_what_a_run_is(tmp_path, run):
    assert settings(tiny_config(EVERY_25).to_dict()) == settings(tiny_config({"epochs": 2}).to_dict())
    stored = {name: value for name, value in tiny_config().to_dict().items() if name != "snapshots"}
    assert from_stored(stored).snapshots == 0  # a run of an earlier version


def test_a_finished_run_may_be_continued_with_others_or_none(tmp_path, dataset, first_build):
    folder = RunFolder(tmp_path / "run")
    train(tiny_config({"batch": 20}), dataset, folder=folder, show_progress=False)
    config = replace(folder.config(), epochs=2, snapshots=40)
    train(config, dataset, folder=folder, resume=True, show_progress=False)
    assert presented(folder) == [80, 120]
    train(replace(config, snapshots=0), dataset, folder=folder, resume=True, show_progress=False)
    assert folder.config().snapshots == 0
    assert presented(folder) == [80, 120]


def test_what_was_cut_off_while_it_was_written_is_not_there(tmp_path, run):
    folder = RunFolder(shutil.copytree(run.path, tmp_path / "run"))
    (folder.path / "snapshots" / ".000000110.npz.4711").write_bytes(b"PK\x03\x04")
    assert presented(folder) == presented(run)


def test_a_damaged_or_foreign_one_is_named(tmp_path, run):
    folder = RunFolder(shutil.copytree(run.path, tmp_path / "run"))
    path = folder.path / "snapshots" / "000000050.npz"
    arrays = files.read_arrays(path)
    files.write_arrays(path, arrays | {"excitatory.theta": arrays["excitatory.theta"] + np.float32(1e-6)})
    with pytest.raises(RunFolderError, match=r"000000050\.npz: the checksum of its arrays is"):
        presented(folder)
    files.write_arrays(path, arrays)
    files.write_text(folder.config_file, tiny_config(EVERY_25, {"seed": 9}).to_json())
    with pytest.raises(RunFolderError, match=r"000000000\.npz: trained with seed 0, but config\.json beside it says 9"):
        presented(folder)


def test_a_run_without_says_how_to_get_them(trained_run):
    with pytest.raises(RunFolderError, match="has no snapshots; train with --snapshots N, or go on with --resume"):
        presented(trained_run)


def test_without_a_folder_there_is_nowhere_to_keep_them(dataset):
    with pytest.raises(ConfigError, match="snapshots is 25 without a folder; expected the run folder that keeps them"):
        train(tiny_config(EVERY_25), dataset, show_progress=False)
