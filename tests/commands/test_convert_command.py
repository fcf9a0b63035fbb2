"""The command from a model to a folder of results and its pictures; and what it refuses."""

import csv
import json
import shutil
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from refusal import assert_one_line
from sklearn.neural_network import MLPClassifier
from tiny import digits

from analysis import run_analysis
from stdpnet.base import files
from stdpnet.base.errors import ConfigError, ConversionError
from stdpnet.commands import convert_command, train_cnn_command
from stdpnet.conversion import storage
from stdpnet.conversion.convert import convert
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.simulators.stopping import Confidence, Margin
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.experiments.conversion.folder import ConversionFolder
from stdpnet.plots.conversion import accuracy as accuracy_figure
from stdpnet.plots.conversion import layers as layers_figure


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def perceptron():
    """Return a scikit-learn network of 30 neurons, trained on 60 digits in the range of the command's images."""
    images, labels, _, _ = digits()
    return MLPClassifier((30,), solver="lbfgs", max_iter=300, random_state=0).fit(images.reshape(60, 64) / 255, labels)


@pytest.fixture(scope="module")
def model(perceptron, tmp_path_factory):
    """Return the same as a graph in a file, in the three lines of the help."""
    path = tmp_path_factory.mktemp("model") / "model.npz"
    storage.save(import_model(perceptron), path)
    return path


def arguments(model, dataset, out, *more):
    flags = {"--dataset": dataset, "--out": out, "--steps": 20, "--threads": 1}
    return [str(text) for text in (model, *(x for pair in flags.items() for x in pair), *more)]


@pytest.fixture(scope="module")
def results(model, digits_folder, tmp_path_factory):
    """Return the folder of a conversion. Do not change it."""
    folder = tmp_path_factory.mktemp("results") / "digits"
    threads = torch.get_num_threads()
    convert_command(arguments(model, digits_folder, folder))
    torch.set_num_threads(threads)
    return ConversionFolder(folder)


def test_the_report_is_that_of_a_simulation_by_hand(results, perceptron):
    train, _, test, labels = (part.astype(np.float32) for part in digits())
    test, train = test.reshape(30, 64) / 255, train.reshape(60, 64) / 255
    network = convert(simplify(import_model(perceptron)), train)
    right = simulate(network, test, 20).predictions == labels[:, None]
    report = results.report()
    assert report["analogue"]["accuracy"] == perceptron.score(test, labels)
    assert [row["accuracy"] for row in report["curve"]] == list(right.mean(axis=0))
    assert report["analogue"]["operations"] == 2 * (64 * 30 + 30 * 10) + 40 - 2 * missing(perceptron)
    (layer,) = report["layers"].values()
    assert layer["correlation"] > 0.99


def missing(perceptron):
    """Return how many weights are exactly 0."""
    return sum(int((weights == 0).sum()) for weights in perceptron.coefs_)


def test_the_files_of_a_result(results):
    config = json.loads(results.config_file.read_text())
    assert config["model"].endswith("model.npz")
    assert (config["steps"], config["normalisation"], config["encoding"]) == (20, "percentile:99.9", "analog")
    assert config["scale_images"] == 60  # all there are
    environment = json.loads(results.environment_file.read_text())
    assert environment["backend"] == "torch"
    assert environment["threads"] == 1
    with open(results.curve_file, newline="") as file:
        rows = list(csv.DictReader(file))
    report = results.report()
    assert [int(row["step"]) for row in rows] == list(range(1, 21))
    for row, expected in zip(rows, report["curve"], strict=True):
        assert float(row["accuracy"]) == pytest.approx(expected["accuracy"], rel=1e-5)
        assert float(row["low_95"]) == pytest.approx(expected["confidence_interval_95"][0], rel=1e-5)
        assert float(row["operations"]) == pytest.approx(expected["operations"], rel=1e-5)
    assert "spiking network: accuracy" in results.log_file.read_text()


def test_the_saved_network_gives_the_same_answers(results):
    _, _, test, labels = digits()
    network = SpikingNetwork(storage.load(results.network_file), {})
    answers = simulate(network, test.reshape(30, 64).astype(np.float32) / 255, 20).predictions
    assert (answers[:, -1] == labels).mean() == results.report()["spiking"]["accuracy"]


def test_brian2_gives_the_same_report(results, model, digits_folder, tmp_path):
    convert_command(arguments(model, digits_folder, tmp_path / "brian", "--simulator", "brian2"))
    found, expected = ConversionFolder(tmp_path / "brian").report(), results.report()
    assert found["curve"] == expected["curve"]
    for name, layer in expected["layers"].items():  # summed over batches of other sizes
        assert found["layers"][name] == pytest.approx(layer, rel=1e-12)
    environment = json.loads((tmp_path / "brian" / "environment.json").read_text())
    assert environment["backend"] == "brian2"


def test_a_run_folder_of_the_training(digits_folder, tmp_path):
    flags = [
        "--architecture",
        "dense",
        "--epochs",
        2,
        "--batch",
        11,
        "--dataset",
        digits_folder,
        "--out",
        tmp_path / "ann",
    ]
    train_cnn_command([str(text) for text in flags])
    # without --dataset: the one it was trained on
    options = [tmp_path / "ann", "--steps", 5, "--threads", 1, "--images", 10, "--out", tmp_path / "snn"]
    convert_command([str(text) for text in options])
    report = ConversionFolder(tmp_path / "snn").report()
    assert json.loads((tmp_path / "snn" / "config.json").read_text())["dataset"] == str(digits_folder)
    assert report["n_test_images"] == 10
    assert report["analogue"]["macs"] == 64 * 1200 + 1200 * 1200 + 1200 * 10
    assert list(report["layers"]) == ["relu1", "relu2"]


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None  # an import now fails as if it were not installed
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "torch" else found(name, *more)
from stdpnet.commands.process import run_main
from stdpnet.commands import convert_command
sys.exit(run_main(convert_command, sys.argv[1:]))
"""


def test_without_torch_brian2_is_the_simulator(results, model, digits_folder, tmp_path):
    def run(*more):
        command = [sys.executable, "-c", WITHOUT_TORCH, *arguments(model, digits_folder, tmp_path / "snn", *more)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert_one_line(run("--simulator", "torch"), "PyTorch is not installed")
    done = run("--images", 3)
    assert done.returncode == 0, done.stderr
    report = ConversionFolder(tmp_path / "snn").report()
    assert report["n_test_images"] == 3
    assert report["layers"].keys() == results.report()["layers"].keys()


OPTIONS = {
    "poisson": (["--encoding", "poisson", "--seed", 3], {"encoding": "poisson", "seed": 3}),
    "poisson, by the old flag": (["--input", "poisson", "--seed", 3], {"encoding": "poisson", "seed": 3}),
    "count": (["--readout", "count", "--start", 2], {"readout": "count", "start": 2}),
    "reset": (["--reset", "zero", "--initial", 0.0], {"reset": "zero", "initial": 0.0}),
    "scales": (["--normalisation", "model", "--no-per-channel"], {"normalisation": "model", "per_channel": False}),
}


@pytest.mark.parametrize("flags, options", OPTIONS.values(), ids=OPTIONS)
def test_every_option_reaches_the_conversion(model, digits_folder, tmp_path, flags, options):
    convert_command(arguments(model, digits_folder, tmp_path / "snn", *flags))
    train, _, test, labels = digits()
    train, test = (images.reshape(-1, 64).astype(np.float32) / 255 for images in (train, test))
    expected = simulate(convert(simplify(storage.load(model)), train, **options), test, 20)
    report = ConversionFolder(tmp_path / "snn").report()
    assert [row["accuracy"] for row in report["curve"]] == list((expected.predictions == labels[:, None]).mean(axis=0))
    (layer,) = expected.spikes.keys() & report["layers"].keys() - {"output neurons"}
    assert report["layers"][layer]["mean_rate"] == pytest.approx(expected.spikes[layer].mean() / 30)


def test_a_network_made_for_its_steps_is_that_of_python(perceptron, model, digits_folder, tmp_path):
    convert_command(arguments(model, digits_folder, tmp_path / "tuned", "--steps", 6, "--tune"))
    expected = convert(import_model(perceptron), digits()[0].reshape(60, 64).astype(np.float32) / 255, steps=6).graph
    found = storage.load(ConversionFolder(tmp_path / "tuned").network_file)
    for name, node in expected.nodes.items():
        assert repr(found.nodes[name].layer) == repr(node.layer)
        for field, values in node.layer.arrays().items():
            np.testing.assert_array_equal(found.nodes[name].layer.arrays()[field], values)
    with pytest.raises(ConfigError, match="steps is 100 with tune; expected at most 64"):
        convert_command(arguments(model, digits_folder, tmp_path / "more", "--steps", 100, "--tune"))


@pytest.mark.parametrize("text, stop", [("margin:8", Margin(8.0)), ("confidence:0.8", Confidence(0.8))])
def test_images_that_stop_early(results, model, digits_folder, tmp_path, text, stop):
    convert_command(arguments(model, digits_folder, tmp_path / "snn", "--stop", text))
    train, _, test, _ = digits()
    train, test = (images.reshape(-1, 64).astype(np.float32) / 255 for images in (train, test))
    taken = simulate(convert(simplify(storage.load(model)), train), test, 20, stop=stop).steps
    found, whole = ConversionFolder(tmp_path / "snn").report()["spiking"], results.report()["spiking"]
    assert found["mean_steps"] == taken.mean() < 20
    assert found["operations"] < whole["operations"]


@pytest.mark.parametrize("name", ["conversion", "conversion_layers"])
def test_pictures(results, tmp_path, name):
    done = run_analysis(name, results.path, "--out", tmp_path / "picture.png")
    assert done.returncode == 0, done.stderr
    pixels = plt.imread(tmp_path / "picture.png")
    assert len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0)) > 10
    assert_one_line(run_analysis(name, tmp_path), "report.json: no such file")


def test_files_that_are_not_those_of_a_conversion(results, tmp_path):
    shutil.copytree(results.path, tmp_path / "run")
    folder = ConversionFolder(tmp_path / "run")
    folder.histograms_file.unlink()
    assert_one_line(run_analysis("conversion_layers", folder.path), "folder that stdpnet convert made")
    files.write_arrays(folder.histograms_file, {"another": np.zeros((2, 2), int)})
    assert_one_line(run_analysis("conversion_layers", folder.path), "histograms.npz: holds no layer")
    files.write_json(folder.report_file, folder.report() | {"curve": []})
    assert_one_line(run_analysis("conversion", folder.path), "no report of a conversion")


def test_a_network_without_a_spike_and_one_without_spiking_layers(results):
    report, histograms = results.report(), results.histograms()
    figure = layers_figure.draw((report, {name: np.zeros_like(h) for name, h in histograms.items()}))
    assert figure.axes[3].images[0].get_array().mask.all()
    with pytest.raises(ConversionError, match="no layer of spiking neurons"):
        layers_figure.draw((report | {"layers": {}}, histograms))


def test_the_lines_are_those_of_the_report(results):
    report = results.report()
    figure = accuracy_figure.draw({"one": report, "two": report})
    accuracy, error = figure.axes
    (line,) = [line for line in accuracy.lines if line.get_label() == "one"]
    np.testing.assert_allclose(line.get_ydata(), [100 * row["accuracy"] for row in report["curve"]])
    (line,) = [line for line in error.lines if line.get_label() == "two"]
    np.testing.assert_allclose(line.get_xdata(), [row["relative_operations"] for row in report["curve"]])
    np.testing.assert_allclose(line.get_ydata(), [100 - 100 * row["accuracy"] for row in report["curve"]])


def test_the_bars_and_the_histograms_are_those_of_the_layers(results):
    report, histograms = results.report(), results.histograms()
    figure = layers_figure.draw((report, histograms))
    heights = [bar.get_height() for ax in figure.axes[:3] for bar in ax.patches]
    (layer,) = report["layers"].values()
    assert heights == pytest.approx([layer["mean_rate"], 100 * layer["saturated"], layer["correlation"]])
    (histogram,) = histograms.values()
    shown = figure.axes[3].images[0].get_array()
    np.testing.assert_array_equal(shown.filled(0), histogram.T)
