"""Networks of values from the command line: labels that are numbers, errors over time in report and figure."""

import csv

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor

from stdpnet.base.errors import ConfigError, ConversionError, DataError
from stdpnet.commands import convert_command, train_cnn_command
from stdpnet.commands.train import train_command
from stdpnet.conversion import storage
from stdpnet.conversion.importers import import_model
from stdpnet.datasets import Dataset, load_dataset
from stdpnet.experiments.conversion.folder import ConversionFolder
from stdpnet.plots.conversion import accuracy as figure

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (120, 3, 4)).astype(np.uint8)
IMAGES[0, 0, 0] = 255
TARGETS = np.stack([IMAGES[:, 0].mean(axis=1), IMAGES[:, 2].max(axis=1)], axis=1) / 255


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with a data set of values and a network that says them."""
    folder = tmp_path_factory.mktemp("values")
    parts = {"x_train": IMAGES[:80], "y_train": TARGETS[:80], "x_test": IMAGES[80:], "y_test": TARGETS[80:]}
    np.savez(folder / "data.npz", **parts)
    model = MLPRegressor(hidden_layer_sizes=(30,), solver="lbfgs", max_iter=1000, tol=1e-3, random_state=0)
    model.fit(IMAGES[:80].reshape(80, 12) / 255, TARGETS[:80])
    storage.save(import_model(model), folder / "net.npz")
    return folder, model


def test_the_report_is_of_errors(place, tmp_path):
    folder, model = place
    data, out = f"{folder / 'data.npz'},targets=values", ConversionFolder(tmp_path / "out")
    convert_command(
        [str(folder / "net.npz"), "--dataset", data, "--steps", "64", "--threads", "1", "--out", str(out.path)]
    )
    report = out.report()
    own = model.predict(IMAGES[80:].reshape(40, 12) / 255)
    assert report["analogue"]["error"] == pytest.approx(np.sqrt(np.mean((own - TARGETS[80:]) ** 2)), rel=1e-4)
    errors = [row["error"] for row in report["curve"]]
    assert report["curve"][-1]["deviation"] < 0.1 * own.std() < report["curve"][0]["deviation"]
    with open(out.curve_file, newline="") as file:
        assert [float(row["error"]) for row in csv.DictReader(file)] == pytest.approx(errors, rel=1e-5)
    assert "spiking network: root mean squared error" in out.log_file.read_text()
    (left, right) = figure.draw({"values": report}).axes
    assert left.lines[-1].get_ydata().tolist() == errors and "root mean squared error" in right.get_ylabel()
    classes = {"curve": [], "analogue": {"accuracy": 1.0}}
    with pytest.raises(ConversionError, match="some of the conversions are of classes, others of values"):
        figure.draw({"values": report, "classes": classes})
    plt.close("all")


def test_values_are_refused_where_classes_are_learned(place, tiny_toml, tmp_path):
    folder, _ = place
    data = f"{folder / 'data.npz'},targets=values"
    for command, more in (
        (train_command, ["--config", str(tiny_toml)]),
        (train_cnn_command, ["--architecture", "dense"]),
    ):
        with pytest.raises(DataError, match="data has values for labels; expected classes: leave out targets=values"):
            command(["--dataset", data, "--out", str(tmp_path / "run"), *more])
    assert not (tmp_path / "run").exists()
    with pytest.raises(DataError, match=r"found the label .*, expected a class|found labels of shape"):
        load_dataset(folder / "data.npz")


def test_values_that_do_not_fit_are_refused(place, digits_folder, tmp_path):
    folder, _ = place
    with pytest.raises(DataError, match=r"IDX files, whose labels are classes; targets=values is for \.npz"):
        load_dataset(f"{digits_folder},targets=values")
    with pytest.raises(DataError, match="expected values: finite numbers"):
        Dataset("mine", IMAGES, np.full(120, np.nan), targets="values")
    np.savez(tmp_path / "one.npz", x_train=IMAGES, y_train=TARGETS[:, 0], x_test=IMAGES, y_test=TARGETS[:, 0])
    given = [
        str(folder / "net.npz"),
        "--dataset",
        f"{tmp_path / 'one.npz'},targets=values",
        "--out",
        str(tmp_path / "o"),
    ]
    with pytest.raises(ConversionError, match=r"values of shape \(120,\); expected \(120, 2\)"):
        convert_command(given)
    with pytest.raises((ConfigError, ConversionError), match="readout is a SoftmaxOfPotential, which gives classes"):
        convert_command([*given[:2], f"{folder / 'data.npz'},targets=values", *given[3:], "--readout", "softmax"])
    assert repr(load_dataset(f"{folder / 'data.npz'},targets=values")).endswith("of 3 x 4, values for labels")
