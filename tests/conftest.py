"""Tiny images on disk, private cache folders, and the runs that several test files look at."""

import gc
import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from browser import browser  # noqa: F401
from filelock import FileLock
from hypothesis import settings
from idxfiles import write_idx_folder
from recorder import RECORDINGS
from tiny import CHANGES, ROOT, TARGETS, TRIPLET, digits

from stdpnet.simulation import builds


def pytest_configure(config):
    """Leave out Brian2's warnings about its own use of other packages, and time limits for examples."""
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning:(brian2|pyparsing|matplotlib)")
    settings.register_profile("any machine", deadline=None)  # however busy it is
    settings.load_profile("any machine")


def pytest_collection_finish(session):
    """Spare Brian2, which collects garbage before each run, what the libraries and the tests hold: half a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def private_caches(tmp_path_factory, request):
    """Keep builds, Cython modules and fonts out of the user's folders; return the folder that all workers share."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept = request.config.cache.mkdir("stdpnet")  # Cython modules take two minutes to compile: keep them
    changed = {
        "XDG_CACHE_HOME": str(shared / "cache"),
        "MPLCONFIGDIR": str(kept / "matplotlib"),
        "STDPNET_TEST_CYTHON": str(kept / "cython"),
        "MPLBACKEND": "Agg",
    }
    before = dict(os.environ)
    os.environ.update(changed)
    builds.cache_folder().mkdir(parents=True, exist_ok=True)
    yield shared
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def quiet_log():
    """Close the log files that a command opened in this process."""
    yield
    logger = logging.getLogger("stdpnet")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


@pytest.fixture(scope="session")
def digits_folder(tmp_path_factory):
    """Return a folder with the 60 training and 30 test images in IDX files."""
    return write_idx_folder(tmp_path_factory.mktemp("data") / "digits8x8", *digits())


def write_toml(path, dataset, changes):
    """Write a configuration file, and return its path."""
    lines = [f"dataset = {json.dumps(str(dataset))}"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in changes.items() if not isinstance(value, dict)]
    for name, table in changes.items():
        if isinstance(table, dict):
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="session")
def tiny_toml(tmp_path_factory, digits_folder):
    """Return the tiny network as a configuration file."""
    return write_toml(tmp_path_factory.mktemp("configs") / "tiny.toml", digits_folder, CHANGES | TRIPLET)


@pytest.fixture(scope="session")
def toml_of_any_rule(tmp_path_factory, digits_folder):
    """Return the tiny network as a configuration file without constants of a rule."""
    return write_toml(tmp_path_factory.mktemp("configs") / "any.toml", digits_folder, CHANGES)


@pytest.fixture(scope="session")
def script():
    """Return a function that runs a script of the project and returns the finished process."""

    def run(name, *arguments, **options):
        command = [sys.executable, str(ROOT / name), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)

    return run


ASK = """
from tiny import N_INPUTS, tiny_config
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator
simulator = open_simulator(network_spec(tiny_config(), N_INPUTS, plastic=True), "cpp", lambda text: print("announced"))
print(simulator.folder)
"""


@pytest.fixture(scope="session")
def first_build(private_caches):
    """Return what two processes print that ask for the network of training, not yet compiled, at once.

    One worker asks, in a cache where no other test can have compiled it; then all have it in theirs.
    """
    asked, answer = private_caches / "first", private_caches / "first.json"
    with FileLock(f"{asked}.lock"):
        if not answer.exists():
            command, environment = [sys.executable, "-c", ASK], os.environ | {"XDG_CACHE_HOME": str(asked)}
            options = {"cwd": ROOT / "tests", "env": environment, "stdout": subprocess.PIPE, "text": True}
            processes = [subprocess.Popen(command, **options) for _ in range(2)]
            printed = [process.communicate()[0].split() for process in processes]
            assert [process.returncode for process in processes] == [0, 0]
            made = Path(printed[0][-1])
            with FileLock(f"{builds.cache_folder() / made.name}.lock"):
                if not builds.is_whole(builds.cache_folder() / made.name):
                    shutil.copytree(made, builds.cache_folder() / made.name)
            answer.write_text(json.dumps(printed))
    return json.loads(answer.read_text())


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory, first_build, script, tiny_toml):
    """Return a run folder, trained in three batches on all 60 images and evaluated. Do not change it."""
    folder = tmp_path_factory.mktemp("runs") / "trained"
    done = script("runs/train.py", "--config", tiny_toml, "--batch", 20, "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def recordings_folder(tmp_path_factory):
    """Return a folder in which each target has recorded the same presentations; the targets ran side by side."""
    folder = tmp_path_factory.mktemp("recordings")
    command = [sys.executable, str(ROOT / "tests" / "recorder.py")]
    processes = {
        target: subprocess.Popen([*command, target, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for target in TARGETS
    }
    for target, process in processes.items():
        output, _ = process.communicate()
        assert process.returncode == 0, f"{target}:\n{output.decode()}"
    return folder


@pytest.fixture(scope="session")
def recordings(recordings_folder):
    """Return what each target recorded: a dict by (target, name); values in a few neurons are called "inside"."""
    return {
        (target, name): dict(np.load(recordings_folder / f"{target}-{name}.npz"))
        for target in TARGETS
        for name in (*RECORDINGS, "inside")
    }


@pytest.fixture(scope="module")
def one_thread():
    """Give PyTorch one thread: small networks are faster with it, and the workers of a test run share the cores."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
