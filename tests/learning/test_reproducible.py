"""The same numbers, to the last bit, whatever the batches, interruptions, workers and order."""

import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from tiny import ROOT, tiny_config

from stdpnet import datasets
from stdpnet.base import files
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.train import train
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.presentation.responses import FrozenNetwork, respond
from stdpnet.learning.state import frozen_state


def equal(one, other):
    """Assert that two checkpoints hold the same bits."""
    assert one.keys() == other.keys()
    for name in one:
        assert one[name].dtype == other[name].dtype, name
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.fixture(scope="module")
def dataset(digits_folder):
    return datasets.load_dataset(str(digits_folder))


@pytest.mark.parametrize("length", [7, 60])
def test_weights_do_not_depend_on_the_batch_length(tmp_path, dataset, trained_run, length):
    reference = RunFolder(trained_run).checkpoint()  # in batches of 20
    folder = RunFolder(tmp_path / "run")
    checkpoint = train(tiny_config({"batch": length}), dataset, folder=folder, show_progress=False).state
    assert len(folder.metrics()) == -(-60 // length)
    learned = [name for name in reference if "." in name]  # the network's state, without the running accuracy
    assert {"input_synapses.w", "excitatory.theta", "excitatory.v", "inputs.x"} <= set(learned)
    equal({name: checkpoint[name] for name in learned}, {name: reference[name] for name in learned})


def test_another_seed_gives_other_weights(dataset, trained_run):
    trained = train(tiny_config({"seed": 1}), dataset, show_progress=False)
    assert not np.array_equal(trained.weights, RunFolder(trained_run).checkpoint().weights)


ARGUMENTS = ["--batch", "5", "--epochs", "4", "--no-evaluation"]
TOTAL = 4 * 60


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, script, tiny_toml):
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    done = script("runs/train.py", "--config", tiny_toml, *ARGUMENTS, "--out", folder)
    assert done.returncode == 0, done.stderr
    return RunFolder(folder)


def start(folder, tiny_toml):
    command = [sys.executable, ROOT / "runs/train.py", "--config", tiny_toml, *ARGUMENTS, "--out", folder.path]
    return subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)


def stop_when(process, condition, number):
    """Send a signal as soon as the condition holds; return the exit code."""
    while not condition():
        assert process.poll() is None, "the run ended before it could be stopped"
        time.sleep(0.002)
    process.send_signal(number)
    return process.wait()


@pytest.mark.parametrize("number, code", [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 130)])
def test_a_run_that_was_stopped_continues_as_if_it_had_not_been(tmp_path, script, tiny_toml, undisturbed, number, code):
    folder = RunFolder(tmp_path / "run")
    assert stop_when(start(folder, tiny_toml), folder.checkpoint_file.exists, number) == code
    assert 0 < folder.checkpoint()["presented"] < TOTAL
    done = script("runs/train.py", "--resume", "--no-evaluation", "--out", folder.path)
    assert done.returncode == 0, done.stderr
    assert folder.checkpoint()["presented"] == TOTAL
    equal(folder.checkpoint(), undisturbed.checkpoint())
    assert folder.metrics_file.read_bytes() == undisturbed.metrics_file.read_bytes()


def test_a_run_killed_before_its_first_checkpoint_starts_anew(tmp_path, script, tiny_toml, undisturbed):
    folder = RunFolder(tmp_path / "run")
    stop_when(start(folder, tiny_toml), folder.config_file.exists, signal.SIGKILL)
    assert not folder.checkpoint_file.exists()
    done = script("runs/train.py", "--resume", "--no-evaluation", "--out", folder.path)
    assert done.returncode == 0, done.stderr
    equal(folder.checkpoint(), undisturbed.checkpoint())


def test_a_finished_run_can_be_trained_for_more_epochs(tmp_path, script, tiny_toml, undisturbed):
    folder = RunFolder(tmp_path / "run")
    first = ["--config", tiny_toml, "--batch", 5, "--epochs", 1, "--no-evaluation", "--out", folder.path]
    assert script("runs/train.py", *first).returncode == 0
    done = script("runs/train.py", "--resume", "--epochs", 4, "--no-evaluation", "--out", folder.path)
    assert done.returncode == 0, done.stderr
    equal(folder.checkpoint(), undisturbed.checkpoint())


def test_a_run_of_the_first_version_goes_on(tmp_path, script, tiny_toml, undisturbed):
    folder = RunFolder(tmp_path / "run")
    first = ["--config", tiny_toml, "--batch", 5, "--epochs", 1, "--no-evaluation", "--out", folder.path]
    assert script("runs/train.py", *first).returncode == 0
    # stdpnet 0.1: other names, and a configuration that leaves out what has its default
    old = {name.replace("refractory_left", "wait"): array for name, array in folder.checkpoint().items()}
    assert {"excitatory.wait", "inhibitory.wait"} <= set(old)
    del old["excitatory.weights_changed"]
    files.write_arrays(folder.checkpoint_file, old)
    config = files.read_json(folder.config_file)
    files.write_json(folder.config_file, config | {"constants": {}, "custom_rule": {}})
    done = script("runs/train.py", "--resume", "--epochs", 4, "--no-evaluation", "--out", folder.path)
    assert done.returncode == 0, done.stderr
    found, expected = folder.checkpoint(), undisturbed.checkpoint()
    assert found.keys() == expected.keys()
    for name in expected:  # it normalises all weights once more: those it need not have by rounding
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-5, atol=1e-9, err_msg=name)


def test_one_and_two_workers_give_the_same_evaluation(dataset, trained_run):
    folder = RunFolder(trained_run)
    stored = files.read_arrays(folder.predictions_file)
    for workers in (1, 2):
        result = evaluate(replace(read_run(folder), folder=None), workers=workers, show_progress=False)
        equal(result.arrays, stored)
        assert result.report == files.read_json(folder.evaluation_file)


@pytest.fixture(scope="module")
def frozen(dataset, trained_run):
    """Return a configuration, a trained frozen state, test images and their responses."""
    folder = RunFolder(trained_run)
    config = folder.config()
    network = FrozenNetwork(config, frozen_state(config, folder.checkpoint()), "cpp")
    images = dataset.test_images.reshape(len(dataset.test_images), -1)
    counts = respond(network, images, "testing", show_progress=False).counts
    assert counts.any(axis=0).sum() > 3
    return network, images, counts


@pytest.mark.parametrize("number", [0, 11, 29])
def test_a_frozen_presentation_does_not_depend_on_those_before_it(frozen, number):
    network, images, counts = frozen
    shown = Shown(images[number : number + 1], number, "testing")
    alone = present(network.open(), network.config, network.state, shown, plastic=False)
    np.testing.assert_array_equal(alone.counts[0], counts[number])


def test_labelling_and_testing_have_noise_of_their_own(frozen):
    network, images, counts = frozen
    other = respond(network, images, "labelling", workers=1, show_progress=False).counts
    assert not np.array_equal(other, counts)
