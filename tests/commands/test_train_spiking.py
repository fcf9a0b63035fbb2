"""Training by backpropagation through spikes: the same to the bit after an interruption, what is refused."""

import json
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from stdpnet.backprop import training
from stdpnet.backprop.evaluation.responses import respond
from stdpnet.backprop.model_file import load_network
from stdpnet.backprop.state import stream
from stdpnet.base.errors import ConfigError, ModelFileError, RunFolderError
from stdpnet.commands import train_spiking_command
from stdpnet.commands.main import main
from stdpnet.datasets import load_dataset
from stdpnet.experiments.backprop.folder import SpikingFolder
from stdpnet.experiments.backprop.inputs import RecordedDataset
from stdpnet.plots.spiking import draw

pytestmark = pytest.mark.usefixtures("one_thread")


def trained(folder, dataset, epochs, *more):
    given = {"--out": folder, "--dataset": dataset, "--epochs": epochs, "--batch": 11, "--layers": "30"}
    given |= {"--presentation-time": 20, "--presentation-rate": 600, "--learning-rate": 0.01}
    train_spiking_command([str(text) for pair in given.items() for text in pair] + [*map(str, more)])
    return SpikingFolder(folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory, digits_folder):
    """Return a run that learned the 60 digits. Do not change it."""
    return trained(tmp_path_factory.mktemp("runs") / "spiking", digits_folder, 8)


def test_the_report_is_what_the_model_gives(run, digits_folder):
    network, dataset, report = load_network(run.model_file), load_dataset(digits_folder), run.evaluation()
    config = run.config()
    shown = respond(network, dataset.test_images, config.presentation, stream(config.seed, "test"))
    assert report["accuracy"] == np.mean(shown.predictions[:, -1] == dataset.test_labels) > 0.5  # chance is 0.1
    assert len(report["curve"]) == config.presentation.steps == 20
    assert report["spikes"] == shown.spikes.sum(axis=1).tolist()
    rows = run.metrics()
    tested = [row["test_accuracy"] for row in rows]
    assert [row["epoch"] for row in rows] == [*range(1, 9)]
    assert report["accuracy"] == pytest.approx(tested[int(report["epoch"]) - 1], abs=1e-6)
    assert report["validation_accuracy"] == max(row["validation_accuracy"] for row in rows)
    last = report["last_epochs"]
    assert (last["least"], last["greatest"]) == (min(tested), max(tested))
    assert last["mean"] == pytest.approx(np.mean(tested))
    assert json.loads(run.environment_file.read_text())["versions"]["torch"] == torch.__version__


@pytest.mark.parametrize("kind", ["none", "learned"])
def test_a_resumed_training_gives_equal_bits(tmp_path, monkeypatch, digits_folder, kind):
    whole = trained(tmp_path / "whole", digits_folder, 3, "--winner-take-all", kind)

    def interrupted(*given):
        if (tmp_path / "parts/metrics.csv").exists():
            train_epoch(*given)  # in vain: the checkpoint is older
            raise KeyboardInterrupt
        return train_epoch(*given)

    train_epoch = training.train_epoch
    with monkeypatch.context() as patch:
        patch.setattr(training, "train_epoch", interrupted)
        with pytest.raises(SystemExit) as stopped:
            trained(tmp_path / "parts", digits_folder, 3, "--winner-take-all", kind)
    assert stopped.value.code == 130
    train_spiking_command(["--resume", "--out", str(tmp_path / "parts")])
    parts = SpikingFolder(tmp_path / "parts")
    found, expected = parts.checkpoint(), whole.checkpoint()
    assert found["epoch"] == expected["epoch"] == 3
    for name, tensor in expected["network"].items():
        assert torch.equal(found["network"][name], tensor)
    for one, other in zip(found["optimiser"]["state"].values(), expected["optimiser"]["state"].values(), strict=True):
        assert torch.equal(one["exp_avg_sq"], other["exp_avg_sq"])
    for file in ("metrics_file", "evaluation_file"):
        assert getattr(parts, file).read_bytes() == getattr(whole, file).read_bytes()


REFUSED = {
    "layers": (["--layers", "300x300"], ConfigError, "layers is '300x300'; expected numbers of neurons such as 800"),
    "inhibition": (["--winner-take-all", "unifrom"], ConfigError, r"did you mean 'uniform'\?"),
    "input": (
        ["--input", "saccade"],
        ConfigError,
        r"input is 'saccade' \(did you mean 'saccades'\?\); expected one of",
    ),
    "time": (
        ["--input", "saccades", "--presentation-time", "2"],
        ConfigError,
        "presentation.time is 2 ms; expected at least 3",
    ),
    "optimiser": (["--optimiser", "adamw"], ConfigError, r"optimiser is 'adamw' \(did you mean 'adam'\?\); expected"),
    "group": (["--neuron-tau", "0"], ConfigError, "neuron.tau is 0.0 ms|tau is 0.0 ms; expected a finite number"),
    "resume": (["--resume"], ConfigError, "--resume needs --out FOLDER"),
}


@pytest.mark.parametrize("flags, kind, text", REFUSED.values(), ids=REFUSED)
def test_what_is_refused(tmp_path, monkeypatch, digits_folder, flags, kind, text):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind, match=text):
        train_spiking_command(["--dataset", str(digits_folder), *flags])
    assert not (tmp_path / "results").exists()


def test_other_flags_damaged_files_and_other_commands_are_named(tmp_path, run, digits_folder):
    with pytest.raises(RunFolderError, match="was trained with layers '30', not '31': leave the flag out"):
        train_spiking_command(["--resume", "--out", str(run.path), "--layers", "31"])
    with pytest.raises(RunFolderError, match="already holds a run"):
        trained(run.path, digits_folder, 1)
    damaged = tmp_path / "model.pt"
    damaged.write_bytes(run.model_file.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match="damaged, or not written by stdpnet train-spiking"):
        load_network(damaged)
    with pytest.raises(ModelFileError, match="holds no 'stdpnet spiking network' version 1"):
        load_network(run.checkpoint_file)


def test_images_are_recorded_under_saccades(tmp_path, digits_folder):
    folder = trained(tmp_path / "saccades", digits_folder, 1, "--input", "saccades", "--presentation-time", 12)
    network, report = load_network(folder.model_file), folder.evaluation()
    assert network.description.n_inputs == 2 * 34 * 34
    dataset = RecordedDataset(load_dataset(digits_folder), time=12, seed=0, show_progress=False)
    assert report["input_events"] == len(dataset.test_images.step) / len(dataset.test_images) > 100
    assert [row["step"] for row in report["curve"]] == list(range(1, 13))
    assert report["input"] == "saccades"


def test_its_figure(tmp_path, run):
    assert main(["plot", "spiking", str(run.path), "--out", str(tmp_path / "figure.png")]) == 0
    assert (tmp_path / "figure.png").stat().st_size > 10_000
    report = run.evaluation()
    figure = draw({str(run.path): report})
    over_time, over_operations = (ax.lines[0].get_xydata() for ax in figure.axes)
    error = 100 * (1 - report["accuracy"])
    np.testing.assert_allclose(over_time[-1], [20, error])
    np.testing.assert_allclose(over_operations[-1], [report["spiking"]["operations"], error])
    plt.close(figure)
    assert main(["plot", "spiking", str(tmp_path)]) == 2


def test_stdpnet_and_its_help_load_no_torch():
    code = "import sys, stdpnet; from stdpnet.commands import main; main.overview(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_its_own_help_needs_no_torch():
    code = (
        "import sys; sys.modules['torch'] = None  # an import now fails as if it were not installed\n"
        "from stdpnet.commands import train_spiking_command; train_spiking_command(['--help'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(flag in done.stdout for flag in ("--layers", "--neuron-tau", "--regularisation-threshold"))
