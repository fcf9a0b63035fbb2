"""Training of the networks that are converted: the same to the bit after an interruption, the best one kept."""

import json

import numpy as np
import pytest
import torch
from idxfiles import write_idx_folder
from tiny import digits

from stdpnet.commands import train_cnn_command
from stdpnet.conversion.ann import training
from stdpnet.conversion.ann.model_file import load_model
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.experiments.ann.folder import TrainingFolder

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def large_folder(tmp_path_factory):
    """Return the digits with each pixel doubled, 16x16: as small as lenet takes them."""
    train, labels, test, test_labels = digits()
    train, test = (images.repeat(2, axis=1).repeat(2, axis=2) for images in (train, test))
    return write_idx_folder(tmp_path_factory.mktemp("data") / "digits16x16", train, labels, test, test_labels)


def arguments(folder, dataset, architecture, epochs, *more):
    flags = {"--out": folder, "--dataset": dataset, "--architecture": architecture, "--epochs": epochs, "--batch": 11}
    return [str(text) for pair in flags.items() for text in pair] + ["--shift", "1", *map(str, more)]


def trained(*given):
    """Run the command and return the folder and the final checkpoint."""
    train_cnn_command(arguments(*given))
    folder = TrainingFolder(given[0])
    return folder, folder.checkpoint()


def assert_equal(one, other):
    """Compare nested plain data and tensors, to the bit."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
    if isinstance(one, dict | list | tuple):
        for a, b in zip(*(x.values() if isinstance(x, dict) else x for x in (one, other)), strict=True):
            assert_equal(a, b)
    else:
        assert torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other


@pytest.fixture(scope="module")
def dense_run(tmp_path_factory, digits_folder):
    """Return a run that learned the 60 digits. Do not change it."""
    return trained(tmp_path_factory.mktemp("runs") / "dense", digits_folder, "dense", 12, "--learning-rate", 4e-3)[0]


def numpy_accuracy(graph, images, labels):
    """Return the accuracy that the graph of a network has in NumPy."""
    answers = scores(graph, (images[:, None] / np.float32(255)).astype(np.float32)).argmax(axis=1)
    return np.mean(answers == labels)


def test_the_report_is_what_the_graph_of_the_model_gives_in_numpy(dense_run):
    train_images, train_labels, test_images, test_labels = digits()
    model = load_model(dense_run.model_file)
    assert not model.training
    graph = import_model(model, model.input_shape)
    report = dense_run.evaluation()
    assert report["accuracy"] == numpy_accuracy(graph, test_images, test_labels) > 0.6  # chance is 0.1
    assert report["validation_accuracy"] == numpy_accuracy(graph, train_images[55:], train_labels[55:])
    assert report["n_test_images"] == 30
    assert report["confidence_interval_95"][0] < report["accuracy"] < report["confidence_interval_95"][1]
    epochs, losses, accuracies = dense_run.series("epoch", "loss", "validation_accuracy")
    np.testing.assert_array_equal(epochs, np.arange(1, 13))
    assert losses[-1] < losses[0] / 2
    assert report["validation_accuracy"] == accuracies.max()
    assert report["epoch"] == epochs[accuracies == accuracies.max()][-1]


def test_the_learning_rate_ends_near_0_after_all_steps(dense_run):
    checkpoint = dense_run.checkpoint()
    assert checkpoint["schedule"]["last_epoch"] == 12 * 5  # 55 images in batches of 11
    assert 0 < checkpoint["optimiser"]["param_groups"][0]["lr"] < 1e-2 * dense_run.config().learning_rate


def test_what_a_run_was_made_with(dense_run):
    environment = json.loads(dense_run.environment_file.read_text())
    assert environment["versions"]["torch"] == torch.__version__
    assert environment["threads"] == 1
    assert dense_run.config().architecture == "dense"
    assert "test accuracy" in dense_run.log_file.read_text()


SGD = ("--optimiser", "sgd", "--schedule", "linear-cosine", "--learning-rate", "0.05", "--mirror", "--unit-variance")
OTHER = (*SGD, "--label-smoothing", "0.1", "--activation", "softlif:10")


@pytest.mark.parametrize("architecture, more", [("dense", ()), ("lenet", ()), ("lenet", OTHER)])
def test_a_resumed_training_gives_equal_bits(tmp_path, monkeypatch, large_folder, architecture, more):
    whole, expected = trained(tmp_path / "whole", large_folder, architecture, 3, *more)

    def interrupted(*given):
        if (tmp_path / "parts/metrics.csv").exists():
            train_epoch(*given)  # in vain: the checkpoint is older
            raise KeyboardInterrupt
        return train_epoch(*given)

    train_epoch = training.train_epoch
    with monkeypatch.context() as patch:
        patch.setattr(training, "train_epoch", interrupted)
        with pytest.raises(SystemExit) as stopped:
            trained(tmp_path / "parts", large_folder, architecture, 3, *more)
    assert stopped.value.code == 130
    assert TrainingFolder(tmp_path / "parts").checkpoint()["epoch"] == 1
    train_cnn_command(["--resume", "--out", str(tmp_path / "parts")])
    parts = TrainingFolder(tmp_path / "parts")
    assert_equal(parts.checkpoint(), expected)
    assert_equal(load_model(parts.model_file).state_dict(), load_model(whole.model_file).state_dict())
    for file in ("metrics_file", "evaluation_file"):
        assert getattr(parts, file).read_bytes() == getattr(whole, file).read_bytes()
    assert len(json.loads(parts.environment_file.read_text())["resumed"]) == 1
    train_cnn_command(["--resume", "--out", str(tmp_path / "parts")])  # finished: evaluated again, nothing else
    assert_equal(parts.checkpoint(), expected)


def test_only_seed_and_training_images_decide(tmp_path, digits_folder):
    train, labels, test, test_labels = digits()
    other = write_idx_folder(tmp_path / "other", train, labels, 255 - test, 9 - test_labels)
    _, expected = trained(tmp_path / "a", digits_folder, "dense", 2)
    with torch.random.fork_rng():
        torch.manual_seed(99)
        before = torch.get_rng_state()
        _, found = trained(tmp_path / "b", other, "dense", 2)
        assert torch.equal(torch.get_rng_state(), before)
    assert_equal(found, expected)
    _, another = trained(tmp_path / "c", digits_folder, "dense", 2, "--seed", 1)
    assert not torch.equal(another["model"]["dense1.weight"], expected["model"]["dense1.weight"])


def test_the_best_epoch_is_kept_the_later_of_equals(tmp_path, monkeypatch, digits_folder):
    accuracies, seen = iter([0.2, 0.6, 0.6, 0.4]), []

    def accuracy_on(model, images, labels):
        seen.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
        return next(accuracies)

    monkeypatch.setattr(training, "accuracy_on", accuracy_on)
    folder, checkpoint = trained(tmp_path / "run", digits_folder, "dense", 4)
    assert_equal(dict(load_model(folder.model_file).state_dict()), seen[2])
    assert_equal(dict(checkpoint["model"]), seen[3])
    assert (folder.evaluation()["epoch"], folder.evaluation()["validation_accuracy"]) == (3, 0.6)
