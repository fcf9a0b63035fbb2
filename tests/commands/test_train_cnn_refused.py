"""What cannot be trained, resumed or loaded: one clear error, and nothing written."""

import json
import subprocess
import sys

import pytest
import torch
from idxfiles import write_idx_folder
from refusal import assert_one_line, content
from tiny import digits

from stdpnet.base.errors import ConfigError, ConversionError, DataError, RunFolderError
from stdpnet.base.labelled.tensors import write_tensors
from stdpnet.commands import train_cnn_command
from stdpnet.conversion.ann.architectures import build
from stdpnet.experiments.ann.folder import TrainingFolder


def refused(kind, message, *arguments):
    """Run the command and check that it stops with one line."""
    with pytest.raises(kind, match=message) as caught:
        train_cnn_command([str(text) for text in arguments])
    assert "\n" not in str(caught.value)


WRONG = {
    "small images": (ConfigError, ["--architecture", "lenet"], "images are 8 x 8; lenet expects at least 16 x 16"),
    "no such network": (ConfigError, ["--architecture", "vgg"], "architecture is 'vgg'; expected one of lenet, dense"),
    "shift": (ConfigError, ["--architecture", "dense", "--shift", 8], "shift is 8 px; expected less than the sides"),
    "batch": (ConfigError, ["--batch", 1], "batch is 1; expected a finite number of at least 2"),
    "epochs": (ConfigError, ["--epochs", 0], "epochs is 0; expected a finite number of at least 1"),
    "learning rate": (ConfigError, ["--learning-rate", "nan"], "learning_rate is nan; expected"),
    "seed": (ConfigError, ["--seed", 2**31], r"seed is 2147483648; expected less than 2\*\*31"),
    "data set": (DataError, ["--dataset", "nowhere"], "no data set 'nowhere'"),
    "nothing to resume": (RunFolderError, ["--resume"], "config.json: no such file; expected a run folder made by"),
}


@pytest.mark.parametrize("kind, flags, message", WRONG.values(), ids=WRONG)
def test_wrong_arguments(tmp_path, digits_folder, kind, flags, message):
    refused(kind, message, "--dataset", digits_folder, "--out", tmp_path / "run", *flags)
    assert not (tmp_path / "run").exists()


def test_too_few_images(tmp_path):
    few = write_idx_folder(tmp_path / "few", *(part[:23] for part in digits()))
    message = "few has 23 training images; expected at least 24"
    refused(ConfigError, message, "--dataset", few, "--architecture", "dense", "--out", tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_resume_without_a_folder():
    refused(ConfigError, "--resume needs --out FOLDER", "--resume")


def test_a_training_that_diverges(tmp_path, digits_folder):
    flags = ["--dataset", digits_folder, "--architecture", "dense", "--out", tmp_path, "--batch", 11]
    refused(
        ConfigError,
        r"learning_rate is 1e\+30; the loss is not finite in epoch 1 of 12: lower it",
        *flags,
        "--learning-rate",
        1e30,
    )
    assert not (tmp_path / "model.pt").exists()


WITHOUT_TORCH = """
import sys
import stdpnet.commands
assert "torch" not in sys.modules
sys.modules["torch"] = None  # an import now fails as if it were not installed
from stdpnet.commands.process import run_main
sys.exit(run_main(stdpnet.commands.train_cnn_command, sys.argv[1:]))
"""


def test_without_torch_the_other_commands_work_and_this_one_says_what_to_install(tmp_path):
    command = [sys.executable, "-c", WITHOUT_TORCH, "--out", str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert_one_line(done, 'PyTorch is not installed; training a CNN needs it: pip install "stdpnet[torch]"')
    assert not (tmp_path / "run").exists()


@pytest.fixture
def run(tmp_path, digits_folder):
    """Return a finished run of one epoch."""
    flags = ["--dataset", digits_folder, "--architecture", "dense", "--epochs", 1, "--out", tmp_path / "run"]
    train_cnn_command([str(text) for text in flags])
    return tmp_path / "run"


def test_a_run_is_not_overwritten_by_another(run):
    before = content(run)
    refused(RunFolderError, "already holds a run: add --resume", "--out", run)
    for flag, value, message in (("epochs", 2, "epochs 1, not 2"), ("seed", 1, "seed 0, not 1")):
        refused(RunFolderError, f"was trained with {message}", "--resume", "--out", run, f"--{flag}", value)
    assert content(run) == before


def test_a_run_that_another_process_trains(run):
    with TrainingFolder(run).claim():
        refused(RunFolderError, "another process is at work in", "--resume", "--out", run)


def cut(file):
    file.write_bytes(file.read_bytes()[:-200])


def change(file, **changes):
    write_tensors(file, torch.load(file, weights_only=True) | changes)


DAMAGES = {
    "checkpoint cut": (RunFolderError, lambda run: cut(run / "checkpoint.pt"), "checkpoint.pt: damaged"),
    "other network": (
        RunFolderError,
        lambda run: change(run / "checkpoint.pt", model=build("lenet", (1, 16, 16), 10).state_dict()),
        "the checkpoint does not fit the network",
    ),
    "part missing": (RunFolderError, lambda run: write_tensors(run / "checkpoint.pt", {"epoch": 1}), "does not fit"),
    "best model gone": (ConversionError, lambda run: (run / "model.pt").unlink(), "model.pt: no such file"),
    "configuration cut": (RunFolderError, lambda run: cut(run / "config.json"), "config.json: cannot be read as JSON"),
    "run of runs/train.py": (
        RunFolderError,
        lambda run: (run / "config.json").write_text(json.dumps({"neurons": 100})),
        "config.json: not made by stdpnet train-cnn",
    ),
}


@pytest.mark.parametrize("kind, damage, message", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_run_is_not_resumed(run, kind, damage, message):
    damage(run)
    before = content(run)
    refused(kind, message, "--resume", "--out", run)
    assert content(run) == before
