"""Without labels and without test images a network is trained; what needs them says so."""

import logging

import numpy as np
import pytest
from tiny import QUICK, digits, tiny_config

import stdpnet
from stdpnet.commands.train import train_command
from stdpnet.datasets.idx_folder import write_folder
from stdpnet.plots import learning_curve, raster

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = digits()


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory):
    """Return a run folder of a network that was trained on images alone."""
    dataset = stdpnet.Dataset("alone", IMAGES)
    config = tiny_config(QUICK, {"images": 2})
    return stdpnet.train(config, dataset, folder=tmp_path_factory.mktemp("alone") / "run", show_progress=False)


def test_images_alone_are_a_data_set():
    dataset = stdpnet.Dataset("alone", IMAGES)
    assert repr(dataset) == "Dataset 'alone': 60 training and no test images of 8 x 8, no labels"
    assert (dataset.n_classes, dataset.class_names, dataset.test_images.shape) == (0, (), (0, 8, 8))
    assert stdpnet.Dataset("alone", IMAGES, None, None, None).missing("train_labels") == "no labels of training images"


def test_training_without_labels_has_no_running_accuracy(unlabelled):
    assert np.isnan(unlabelled.metrics["running_accuracy"]).all()
    assert "accuracy" not in repr(unlabelled)
    assert sorted(path.name for path in (unlabelled.folder.path / "dataset").iterdir()) == ["train-images-idx3-ubyte"]
    assert learning_curve.draw(unlabelled.folder)


def test_the_weights_are_those_of_a_training_with_labels(unlabelled):
    dataset = stdpnet.Dataset("labelled", IMAGES, LABELS, TEST_IMAGES, TEST_LABELS)
    other = stdpnet.train(tiny_config(QUICK, {"images": 2}), dataset, show_progress=False)
    np.testing.assert_array_equal(other.weights, unlabelled.weights)


def test_such_a_run_is_resumed(unlabelled):
    again = stdpnet.train(unlabelled.config, folder=unlabelled.folder, resume=True, show_progress=False)
    np.testing.assert_array_equal(again.weights, unlabelled.weights)


def test_evaluation_says_in_one_sentence_what_is_missing(unlabelled):
    expected = (
        "dataset has no labels of training images and no test images, which an evaluation needs to name neurons and to "
        "score answers: add them to the data set"
    )
    with pytest.raises(stdpnet.DataError) as caught:
        stdpnet.evaluate(unlabelled.folder.path, show_progress=False)
    assert str(caught.value) == expected
    with pytest.raises(stdpnet.DataError, match="no test images, which a presentation needs"):
        raster.draw(unlabelled.folder)


def test_labels_can_be_given_later(unlabelled):
    dataset = stdpnet.Dataset("labelled", IMAGES, LABELS, TEST_IMAGES, TEST_LABELS)
    asked = {"label_images": 2, "test_images": 1, "workers": 1}
    result = stdpnet.evaluate(unlabelled, dataset, **asked, show_progress=False)
    assert result.class_names == dataset.class_names
    other = stdpnet.Dataset("other", IMAGES[::-1], LABELS[::-1], TEST_IMAGES, TEST_LABELS)
    with pytest.raises(stdpnet.RunFolderError, match="was trained on other images or labels than other holds"):
        stdpnet.evaluate(unlabelled, other, **asked, show_progress=False)


def test_the_command_trains_and_says_that_it_does_not_evaluate(tmp_path, tiny_toml, caplog):
    write_folder(tmp_path / "mine", IMAGES, LABELS, IMAGES[:0], LABELS[:0])
    asked = ["--config", str(tiny_toml), "--dataset", str(tmp_path / "mine"), "--backend", "numpy", "--images", "1"]
    asked += ["--presentation-window", "35", "--presentation-rest", "10", "--presentation-fewest-spikes", "0"]
    with caplog.at_level(logging.WARNING):
        train_command([*asked, "--out", str(tmp_path / "run")])
    assert "mine has no test images: it is trained on, and not evaluated" in caplog.text
    assert (tmp_path / "run" / "checkpoint.npz").exists()
    assert not (tmp_path / "run" / "evaluation.json").exists()
    with pytest.raises(stdpnet.DataError, match="which an evaluation"):
        train_command([*asked, "--out", str(tmp_path / "other"), "--label-images", "5"])
