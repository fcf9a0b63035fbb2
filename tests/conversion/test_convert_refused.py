"""What cannot be converted: one clear error before any work, and nothing written."""

import numpy as np
import pytest
from graphs import chain, dense

from stdpnet.base.errors import ConfigError, ConversionError, DataError, RunFolderError
from stdpnet.commands import convert_command
from stdpnet.conversion import storage
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.passes import simplify
from stdpnet.experiments.conversion import converted
from stdpnet.experiments.conversion.folder import ConversionFolder


@pytest.fixture
def model(tmp_path):
    """Return a file with a network for images of 8 x 8."""
    rng = np.random.default_rng(0)
    hidden = {"flat": layers.Flatten(), "a": dense(rng, 5, 64), "ra": layers.ReLU(), "b": dense(rng, 10, 5)}
    storage.save(chain((1, 8, 8), **hidden), tmp_path / "model.npz")
    return tmp_path / "model.npz"


def refused(kind, message, *arguments):
    with pytest.raises(kind, match=message) as caught:
        convert_command([str(text) for text in arguments])
    assert "\n" not in str(caught.value)


WRONG = {
    "steps": (ConfigError, ["--steps", 0], "steps is 0; expected a finite number of at least 1"),
    "start": (ConfigError, ["--steps", 5, "--start", 5], "start is 5; expected fewer than steps, 5"),
    "simulator": (ConfigError, ["--simulator", "nest"], "simulator is 'nest'; expected torch or brian2"),
    "stop": (ConversionError, ["--stop", "soon"], "stop is 'soon'; expected 'margin:LEAD' above 0, or 'confidence:"),
    "stop at nothing": (ConversionError, ["--stop", "margin:0"], "stop is 'margin:0'; expected 'margin:LEAD' above 0"),
    "stop in Brian2": (ConfigError, ["--stop", "margin:2", "--simulator", "brian2"], "Brian2 shows each image for all"),
    "confidence of counts": (
        ConfigError,
        ["--stop", "confidence:0.9", "--readout", "count"],
        "stop is 'confidence:0.9' with readout count, whose scores are too small to reach it; expected membrane",
    ),
    "margin of probabilities": (
        ConfigError,
        ["--stop", "margin:2", "--readout", "softmax"],
        "expected membrane or count",
    ),
    "threads": (ConfigError, ["--threads", 10**6], "threads is 1000000; expected at most"),
    "normalisation": (
        ConversionError,
        ["--normalisation", "percentile:0"],
        "normalisation is 'percentile:0'; expected",
    ),
    "encoding": (ConversionError, ["--encoding", "ttfs"], "encoding is 'ttfs'; expected one of analog, poisson"),
    "encoding, by its old name": (ConversionError, ["--input", "ttfs"], "encoding is 'ttfs'; expected one of analog"),
    "reset": (ConversionError, ["--reset", "hard"], "reset is 'hard'; expected one of subtraction, zero"),
    "initial": (ConversionError, ["--initial", 1], "initial is 1.0; expected at least 0 and below 1"),
    "gate": (ConversionError, ["--gate", "exponential"], "gate is 'exponential'; expected 'cumulative'"),
    "readout": (ConversionError, ["--readout", "best"], "readout is 'best'; expected one of membrane, count"),
    "images": (ConfigError, ["--images", 31], "images is 31; expected at most 30, those of digits8x8"),
    "scale images": (ConfigError, ["--scale-images", 0], "scale_images is 0; expected a finite number of at least 1"),
    "data set": (DataError, ["--dataset", "nowhere"], "no data set 'nowhere'"),
}


@pytest.mark.parametrize("kind, flags, message", WRONG.values(), ids=WRONG)
def test_wrong_arguments(model, digits_folder, tmp_path, kind, flags, message):
    refused(kind, message, model, "--dataset", digits_folder, "--out", tmp_path / "snn", *flags)
    assert not (tmp_path / "snn").exists()


def test_what_is_no_model(digits_folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.npz").write_text("no graph")
    for name, message in (
        ("nowhere", "nowhere: no such file or folder; expected a run folder of stdpnet train-cnn, an .npz"),
        ("empty", "model.pt: no such file; expected one that stdpnet train-cnn wrote"),
        ("text.npz", "text.npz: damaged or no npz file"),
    ):
        refused(ConversionError, message, tmp_path / name, "--dataset", digits_folder, "--out", tmp_path / "snn")
    assert not (tmp_path / "snn").exists()


def test_a_network_that_spikes_already(model, digits_folder, tmp_path):
    train = np.random.default_rng(0).random((20, 1, 8, 8), dtype=np.float32)
    storage.save(convert(simplify(storage.load(model)), train).graph, tmp_path / "spiking.npz")
    message = "input: AnalogueInput spikes already; expected the analogue network that was trained"
    refused(ConversionError, message, tmp_path / "spiking.npz", "--dataset", digits_folder, "--out", tmp_path / "snn")


def test_a_network_that_was_never_trained(digits_folder, tmp_path):
    zero = layers.Dense(np.zeros((5, 64)), np.zeros(5)), layers.Dense(np.zeros((10, 5)), np.zeros(10))
    graph = chain((64,), a=zero[0], ra=layers.ReLU(), b=zero[1])
    storage.save(graph, tmp_path / "zero.npz")
    arguments = [tmp_path / "zero.npz", "--dataset", digits_folder, "--steps", 5, "--out", tmp_path / "snn"]
    refused(ConversionError, "all weights and biases of the network are 0; expected a trained model", *arguments)
    assert not (tmp_path / "snn" / "report.json").exists()


def test_bounds_of_a_deep_network_that_are_too_wide(digits_folder, tmp_path):
    rng, middle, width = np.random.default_rng(0), {}, 64
    for k in range(10):
        middle |= {f"d{k}": layers.Dense(rng.normal(size=(100, width)) / np.sqrt(width), np.zeros(100))}
        middle |= {f"r{k}": layers.ReLU()}
        width = 100
    storage.save(chain((64,), **middle, out=dense(rng, 10, 100)), tmp_path / "deep.npz")
    arguments = [tmp_path / "deep.npz", "--dataset", digits_folder, "--steps", 2, "--out", tmp_path / "snn"]
    refused(ConversionError, "use normalisation percentile:99.9", *arguments, "--normalisation", "model")


def test_a_folder_that_holds_a_run_is_left_alone(model, digits_folder, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text("{}")
    refused(RunFolderError, "already holds a run", model, "--dataset", digits_folder, "--out", tmp_path / "run")
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["config.json"]


def test_images_of_another_size(digits_folder, tmp_path):
    rng = np.random.default_rng(0)
    storage.save(chain((65,), a=dense(rng, 5, 65), ra=layers.ReLU(), b=dense(rng, 10, 5)), tmp_path / "other.npz")
    message = r"takes images of shape \(65,\); those of the data set are \(1, 8, 8\)"
    refused(ConversionError, message, tmp_path / "other.npz", "--dataset", digits_folder)


def test_more_labels_than_classes(digits_folder, tmp_path):
    rng = np.random.default_rng(0)
    storage.save(chain((64,), a=dense(rng, 5, 64), ra=layers.ReLU(), b=dense(rng, 3, 5)), tmp_path / "three.npz")
    message = "has 10 classes, 0, 1, 2, 3, 4, ..., and the network 3 outputs"
    refused(ConfigError, message, tmp_path / "three.npz", "--dataset", digits_folder)


def test_a_pass_that_changes_the_answers_is_named(model, digits_folder, tmp_path, monkeypatch):
    def wrong(graph):
        graph = simplify(graph)
        return graph.with_layers({"b": dense(np.random.default_rng(1), 10, 5)})

    monkeypatch.setattr(converted, "simplify", wrong)
    flags = ["--dataset", digits_folder, "--out", tmp_path / "snn"]
    refused(ConversionError, "after folding batch normalisation .*: the analogue network answers", model, *flags)
    assert not ConversionFolder(tmp_path / "snn").report_file.exists()


def test_no_report_to_draw(tmp_path):
    with pytest.raises(
        RunFolderError, match=r"report\.json: no such file; expected a folder that stdpnet convert made"
    ):
        ConversionFolder(tmp_path).report()
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(RunFolderError, match="no report of a conversion"):
        ConversionFolder(tmp_path).report()
