"""Two starts into one folder, in real processes: one of them trains, the other is refused and changes nothing."""

import subprocess
import sys
import time

import pytest
from refusal import content
from tiny import ROOT

from stdpnet.experiments.stdp.run_folder import RunFolder

#: A training that waits between its first checks and its lock, as one that compiles does.
SLOW_START = """
import sys, time
from pathlib import Path
from stdpnet.commands.main import main
from stdpnet.experiments.stdp import train

def wait(*arguments):
    Path(sys.argv[1]).touch()
    while not Path(sys.argv[2]).exists():
        time.sleep(0.01)

train.compile_training = wait
sys.exit(main(["train", *sys.argv[3:]]))
"""


@pytest.fixture
def slow(tmp_path, tiny_toml):
    """Start a training that compiles until it is told that this is done."""
    started = []

    def start(*arguments):
        waits, goes_on = tmp_path / "waits", tmp_path / "goes-on"
        arguments = [waits, goes_on, "--no-evaluation", *arguments]
        command = [sys.executable, "-c", SLOW_START, *map(str, arguments)]
        started.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True))
        while not waits.exists():
            assert started[-1].poll() is None, started[-1].stderr.read()
            time.sleep(0.01)
        return started[-1], goes_on.touch

    yield start
    for process in started:
        process.kill()
        process.wait()


def finished(process):
    """Return exit code and error of a process that ends."""
    error = process.communicate(timeout=60)[1]
    return process.returncode, error


def test_a_start_that_compiles_does_not_overwrite_what_was_trained_meanwhile(tmp_path, first_build, tiny_toml, slow):
    folder = RunFolder(tmp_path / "run")
    arguments = ["--config", tiny_toml, "--out", folder.path]
    late, compiled = slow(*arguments, "--seed", 1)
    command = [sys.executable, ROOT / "runs/train.py", *arguments, "--no-evaluation"]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    before = content(folder.path)
    assert folder.config().seed == 0
    compiled()
    code, error = finished(late)
    assert code == 2
    assert error.splitlines()[-1].startswith(f"error: {folder.path} already holds a run: add --resume to continue it")
    assert content(folder.path) == before


def test_a_resumption_that_compiles_sees_how_far_the_run_is_now(tmp_path, first_build, tiny_toml, slow, script):
    folder = RunFolder(tmp_path / "run")
    first = ["--config", tiny_toml, "--batch", 20, "--no-evaluation", "--out", folder.path]
    assert script("runs/train.py", *first).returncode == 0
    late, compiled = slow("--resume", "--epochs", 2, "--out", folder.path)
    more = ["--resume", "--epochs", 3, "--no-evaluation", "--out", folder.path]
    assert script("runs/train.py", *more).returncode == 0
    before = content(folder.path)
    compiled()
    code, error = finished(late)
    assert code == 2
    assert "already holds 180 presentations, more than the 120 asked for: raise --epochs" in error
    assert content(folder.path) == before


def test_two_starts_at_once_leave_one_result(tmp_path, first_build, tiny_toml):
    folder = RunFolder(tmp_path / "run")
    command = [sys.executable, ROOT / "runs/train.py", "--config", tiny_toml, "--no-evaluation", "--out", folder.path]
    processes = [
        subprocess.Popen(list(map(str, [*command, "--seed", seed])), stderr=subprocess.PIPE, text=True)
        for seed in (0, 1)
    ]
    codes, errors = zip(*map(finished, processes), strict=True)
    assert sorted(codes) == [0, 2], errors
    assert folder.config().seed == folder.environment()["seed"] == codes.index(0)
    assert "resumed" not in folder.environment()
    refused = errors[codes.index(2)].splitlines()[-1]
    assert "already holds a run" in refused or "another process is at work" in refused
