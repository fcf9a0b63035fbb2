"""A run knows its data by what they hold, not by their path: moved, renamed or exchanged data sets."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from idxfiles import write_idx_folder
from refusal import assert_one_line, content
from tiny import QUICK, digits, tiny_config

from stdpnet.base import files
from stdpnet.base.errors import DataError, RunFolderError
from stdpnet.datasets import Dataset, load_dataset
from stdpnet.experiments.stdp.data_of_run import choose_dataset, dataset_of, keep_dataset
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.train import train
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.experiments.sweeps.planned_run import check_same
from stdpnet.plots import error_pairs


@pytest.fixture
def place(tmp_path):
    """Return a folder with the digits, which a test may change."""
    return write_idx_folder(tmp_path / "data", *digits())


@pytest.fixture
def run(tmp_path, trained_run, place):
    """Return the trained run as one that was trained on the images in `place`."""
    folder = RunFolder(shutil.copytree(trained_run, tmp_path / "run"))
    files.write_text(folder.config_file, replace(folder.config(), dataset=str(place)).to_json())
    return folder


def exchange_images(place):
    """Put other images of the same shape under the same path."""
    images, *others = digits()
    shutil.rmtree(place)
    write_idx_folder(place, images[::-1], *others)


def test_a_fingerprint_is_that_of_images_and_labels():
    images, labels, test, test_labels = digits()
    one = Dataset("one", images, labels, test, test_labels).fingerprint
    assert len(one) == 64
    assert Dataset("other", images, labels.astype(int), test, test_labels).fingerprint == one
    turned = np.asfortranarray(images)
    assert Dataset("other", turned, labels, test, test_labels).fingerprint == one
    for k, changed in enumerate((images, labels, test, test_labels)):
        parts = [images, labels, test, test_labels]
        parts[k] = changed.copy()
        parts[k].flat[3] += 1
        assert Dataset("one", *parts).fingerprint != one
    flat = [part.reshape(len(part), 4, 16) for part in (images, test)]
    assert Dataset("one", flat[0], labels, flat[1], test_labels).fingerprint != one


def test_a_run_keeps_the_fingerprint_of_its_data(run, place):
    assert run.data_fingerprint() == load_dataset(str(place)).fingerprint
    assert run.environment()["data_fingerprint"] == run.data_fingerprint()
    run.write_environment({"command": "again", "data_fingerprint": "other"})
    assert run.data_fingerprint() == load_dataset(str(place)).fingerprint


def test_a_run_goes_on_with_the_same_images_under_another_path(run, place, script, tmp_path):
    moved, link = place.rename(tmp_path / "moved"), tmp_path / "link"
    link.symlink_to(moved)
    spelled = f"{moved}/../moved/"
    done = script("runs/train.py", "--resume", "--no-evaluation", "--out", run.path)
    assert_one_line(done, f"no data set '{place}'")
    assert f"stdpnet train --resume --out {run.path} --dataset PATH" in done.stderr
    done = script("runs/evaluate.py", run.path, "--dataset", link, "--workers", 1)
    assert done.returncode == 0, done.stderr
    done = script("runs/train.py", "--resume", "--no-evaluation", "--dataset", spelled, "--out", run.path)
    assert done.returncode == 0, done.stderr
    assert run.config().dataset == spelled
    assert read_run(run).presented == 60


def test_other_images_under_the_same_path_are_refused(run, place, script):
    exchange_images(place)
    before = content(run.path)
    message = f"{run.path} was trained on other images or labels than {place} holds (fingerprint "
    for command in (["runs/train.py", "--resume", "--epochs", 2, "--out"], ["runs/evaluate.py"]):
        assert_one_line(script(*command, run.path), message)
    for read in (read_run, evaluate, error_pairs.draw):
        with pytest.raises(RunFolderError, match="trained on other images or labels"):
            read(run)
    with pytest.raises(RunFolderError, match="trained on other images or labels"):
        check_same(run, run.config(), load_dataset(str(place)))
    assert content(run.path) == before


def test_a_data_set_that_does_not_fit_is_refused(run, tmp_path, script):
    images, labels, *others = digits()
    other = write_idx_folder(tmp_path / "other", images, 9 - labels, *others)
    before = content(run.path)
    for command in (["runs/train.py", "--resume", "--out"], ["runs/evaluate.py"]):
        assert_one_line(script(*command, run.path, "--dataset", other), "trained on other images or labels than")
    with pytest.raises(RunFolderError, match="trained on other images or labels"):
        evaluate(read_run(run), load_dataset(str(other)), show_progress=False)
    with pytest.raises(RunFolderError, match="trained on other images or labels"):
        train(replace(run.config(), epochs=2), load_dataset(str(other)), folder=run, resume=True, show_progress=False)
    assert content(run.path) == before


def test_a_sweep_takes_the_same_images_under_another_path(run, place, tmp_path):
    moved = str(shutil.copytree(place, tmp_path / "copy"))
    check_same(run, replace(run.config(), dataset=moved), load_dataset(moved))
    with pytest.raises(RunFolderError, match="holds a run with dataset"):
        check_same(run, replace(run.config(), dataset=moved))


def test_a_run_of_the_first_version_knows_its_data_by_the_path_alone(run, place, tmp_path, monkeypatch):
    kept = {name: value for name, value in run.environment().items() if name != "data_fingerprint"}
    files.write_json(run.environment_file, kept)
    files.write_arrays(run.checkpoint_file, run.checkpoint())  # without a seal
    assert run.data_fingerprint() == ""
    asked = {"folder": run, "resume": True, "show_progress": False}
    monkeypatch.chdir(tmp_path)
    assert train(replace(run.config(), dataset="data/"), **asked).presented == 60
    assert run.data_fingerprint() == load_dataset(str(place)).fingerprint  # from now on
    files.write_json(run.environment_file, kept)
    copy = shutil.copytree(place, tmp_path / "copy")
    with pytest.raises(RunFolderError, match="was trained with dataset 'data/', not"):
        train(replace(run.config(), dataset=str(copy)), **asked)


def test_a_moved_run_finds_the_data_that_it_keeps(tmp_path, first_build, script):
    arrays, config = Dataset("mine", *digits()), tiny_config({"batch": 20, "images": 20})
    train(config, arrays, folder=tmp_path / "run", show_progress=False)
    moved = RunFolder((tmp_path / "run").rename(tmp_path / "moved"))
    assert not Path(moved.config().dataset).exists()
    assert dataset_of(moved).fingerprint == arrays.fingerprint
    done = script("runs/evaluate.py", moved.path.name, "--workers", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    error_pairs.draw(moved)
    more = train(replace(moved.config(), epochs=2), folder=moved, resume=True, show_progress=False)
    assert more.presented == 40
    assert moved.config().dataset == str(tmp_path / "moved" / "dataset")
    (moved.path / "dataset" / "train-labels-idx1-ubyte").write_bytes(b"")
    with pytest.raises(DataError, match="train-labels"):
        read_run(moved)


def test_labels_of_any_kind_are_kept_with_their_names(tmp_path):
    images, labels, *others = digits()
    dataset = Dataset("mine", images, labels.astype(int) + 250, *others)
    keep_dataset(dataset, RunFolder(tmp_path))
    assert load_dataset(str(tmp_path / "dataset")).fingerprint == dataset.fingerprint


def test_what_idx_files_cannot_hold_leaves_nothing_behind(tmp_path):
    images, labels, test_images, test_labels = digits()
    train, test = (np.array([f"class\n{label}" for label in part]) for part in (labels, test_labels))
    with pytest.raises(DataError, match="found the class name 'class' more than once"):
        keep_dataset(Dataset("mine", images, train, test_images, test), RunFolder(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_named_path_is_not_taken_for_the_data_in_the_folder(run, place, tmp_path):
    own = write_idx_folder(run.path / "dataset", *digits())
    other = tmp_path / "elsewhere" / "dataset"
    other.parent.mkdir()
    place.rename(other)
    exchange_images(other)
    config, dataset = choose_dataset(replace(run.config(), dataset=str(other)), None, run)
    assert config.dataset == str(other)
    assert dataset.fingerprint != load_dataset(str(own)).fingerprint


def test_a_resumed_run_reads_its_checkpoint_before_it_compiles_and_once_more_under_its_lock(run, monkeypatch):
    read, checkpoint = [], RunFolder.checkpoint
    monkeypatch.setattr(RunFolder, "checkpoint", lambda folder: read.append(folder.path) or checkpoint(folder))
    before = checkpoint(run)
    resumed = train(run.config(), folder=run, resume=True, show_progress=False)
    assert read == [run.path] * 2
    assert resumed.presented == 60
    np.testing.assert_array_equal(resumed.weights, before.weights)


def test_what_was_said_of_the_data_is_in_the_log_of_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr("stdpnet.datasets.notices.SAID", {})
    images, labels, tests, test_labels = digits()
    Dataset("other", images / 255, labels)  # what is said of others is not
    mine = Dataset("mine", images / 255, labels, tests / 255, test_labels)
    train(tiny_config(QUICK, {"images": 2, "dataset": "mine"}), mine, folder=tmp_path / "run", show_progress=False)
    log = (tmp_path / "run" / "log.txt").read_text()
    assert "DEBUG mine: values from 0 to 1 were scaled to grey levels from 0 to 255" in log
    assert "other:" not in log


def test_a_run_goes_on_with_another_number_of_threads(run):
    trained = train(replace(run.config(), epochs=2, threads=2), folder=run, resume=True, show_progress=False)
    assert trained.presented == 120 and run.config().threads == 2
