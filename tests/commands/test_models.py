"""``stdpnet export`` and ``stdpnet classify``; and a run folder that has moved."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from tiny import digits, tiny_config

import stdpnet
from stdpnet.commands.main import main
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.readouts import predict

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = digits()


@pytest.fixture(scope="module")
def model_file(trained_run, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "digits.npz"
    assert main(["export", str(trained_run), "--out", str(path)]) == 0
    return path


def test_a_model_from_a_run_has_its_network_and_names(model_file, trained_run, capsys):
    model, run = stdpnet.load_model(model_file), RunFolder(trained_run)
    np.testing.assert_array_equal(model.state.weights, run.checkpoint().weights)
    np.testing.assert_array_equal(model.assignments, run.predictions()["assignments"])
    assert model.config == run.config() and model.classes.tolist() == list(range(10))
    assert model.most_frequent == np.bincount(LABELS).argmax()
    expected = predict(model.counts(TEST_IMAGES), run.predictions()["assignments"])
    assert (expected >= 0).all()
    np.testing.assert_array_equal(model.predict(TEST_IMAGES), expected)


def test_pictures_are_classified(model_file, tmp_path, capsys):
    model = stdpnet.load_model(model_file)
    Image.fromarray(TEST_IMAGES[0]).save(tmp_path / "same.png")
    Image.fromarray(255 - np.kron(TEST_IMAGES[0], np.ones((10, 10), np.uint8))).save(tmp_path / "paper.png")
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / "black.png")
    pictures = [str(tmp_path / name) for name in ("same.png", "paper.png", "black.png")]
    assert main(["classify", str(model_file), *pictures]) == 0
    same, paper, black = capsys.readouterr().out.splitlines()
    counts = model.counts(TEST_IMAGES[0])[0]
    name, vote = model.predict(TEST_IMAGES[0])[0], model.votes(counts[None]).max()
    said = f"{name}, with a vote of {vote:.2f}"
    assert same.startswith(f"{pictures[0]}: {said}") and same.endswith(f"; {counts.sum()} spikes")
    done = "(inverted, since the training images are dark at their edge, resized from 80 x 80 to 8 x 8)"
    assert paper == same.replace("same.png", "paper.png") + f" {done}"
    assert black == f"{pictures[2]}: no answer, since no named neuron responds; 0 spikes"


def test_what_is_wrong_is_one_line(model_file, trained_run, tmp_path, capsys):
    untested = tmp_path / "untested"
    shutil.copytree(trained_run, untested)
    (untested / "evaluation.json").unlink()
    (untested / "predictions.npz").unlink()
    assert main(["export", str(untested)]) == 2
    assert "not evaluated yet; run stdpnet evaluate" in capsys.readouterr().err
    assert main(["classify", str(trained_run / "config.json"), "x.png"]) == 2
    assert "config.json: damaged, or no model file" in capsys.readouterr().err
    assert main(["classify", str(model_file), str(tmp_path / "missing.png")]) == 2
    assert "missing.png: no such file; expected a picture" in capsys.readouterr().err


def test_a_run_folder_is_moved_renamed_and_copied(tmp_path, first_build, capsys):
    own = stdpnet.Dataset("mine", IMAGES, LABELS, TEST_IMAGES, TEST_LABELS)
    stayed, config = tmp_path / "stayed", tiny_config({"batch": 20})
    whole = stdpnet.train(replace(config, epochs=2), own, show_progress=False)
    stdpnet.train(config, own, folder=stayed, show_progress=False)
    result = stdpnet.evaluate(stayed, workers=1, show_progress=False)
    moved = tmp_path / "elsewhere" / "renamed"
    shutil.copytree(stayed, moved)
    shutil.rmtree(stayed)
    again = stdpnet.evaluate(moved, workers=1, show_progress=False)
    np.testing.assert_array_equal(again.predictions, result.predictions)
    for figure in ("receptive-fields", "learning-curve", "confusion", "raster"):
        assert main(["plot", figure, str(moved)]) == 0, capsys.readouterr().err
    assert main(["export", str(moved)]) == 0
    assert stdpnet.load_model(moved / "model.npz").predict(TEST_IMAGES).shape == (30,)
    assert main(["train", "--resume", "--out", str(moved), "--epochs", "2", "--workers", "1"]) == 0
    np.testing.assert_array_equal(RunFolder(moved).checkpoint().weights, whole.weights)
