"""Images and networks that bring no spikes: repeated, reported, never looped over."""

import numpy as np
import pytest
from idxfiles import write_idx_folder
from tiny import N_INPUTS, digits, tiny_config, training_digits

from stdpnet.base.errors import SilentNetworkError
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import frozen_state, initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator

pytestmark = pytest.mark.usefixtures("first_build")


def show(config, images, plastic=True):
    simulator = open_simulator(network_spec(config, N_INPUTS, plastic), "cpp")
    state = initial_state(config, N_INPUTS)
    state = state if plastic else frozen_state(config, state)
    return present(simulator, config, state, Shown(images, 0, "training"), plastic)


@pytest.mark.parametrize("plastic", [True, False], ids=["training", "frozen"])
def test_an_image_is_repeated_until_it_brings_enough_spikes(plastic):
    config = tiny_config({"presentation": {"fewest_spikes": 12, "repetitions": 4}})
    batch = show(config, training_digits(12), plastic)
    totals = batch.counts.sum(axis=1)
    repeated = batch.repetitions
    assert set(repeated.tolist()) >= {0, 1}
    assert repeated.max() <= 4
    assert np.all((totals >= 12) | (repeated == 4))
    # counted is the last showing alone; the first ones of repeated images brought fewer
    slots, _, _ = batch.spikes
    first = np.cumsum(np.concatenate([[0], repeated[:-1] + 1]))
    assert np.all(np.bincount(slots, minlength=first[-1] + 1)[first[repeated > 0]] <= totals[repeated > 0] + 12)
    assert slots.max() < (repeated + 1).sum()


@pytest.mark.parametrize("plastic", [True, False], ids=["training", "frozen"])
def test_blank_images_are_shown_once(plastic):
    images = training_digits(6).copy()
    images[[0, 3]] = 0
    batch = show(tiny_config({"presentation": {"repetitions": 7, "fewest_spikes": 1000}}), images, plastic)
    np.testing.assert_array_equal(batch.repetitions, [0, 7, 7, 0, 7, 7])
    np.testing.assert_array_equal(batch.counts[[0, 3]], 0)


def test_blank_images_are_reported_once(tmp_path, script, tiny_toml):
    train, labels, test, test_labels = digits()
    train = np.where((np.arange(60) % 20 == 0)[:, None, None], 0, train)
    folder = write_idx_folder(tmp_path / "set", train, labels, test, test_labels)
    arguments = ["--dataset", folder, "--batch", 20, "--no-evaluation", "--out", tmp_path / "run"]
    done = script("runs/train.py", "--config", tiny_toml, *arguments, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "3 training images are blank" in done.stderr
    assert done.stderr.count("training images are blank") == 1
    assert RunFolder(tmp_path / "run").checkpoint()["presented"] == 60


SILENT = {"presentation": {"rate": 1e-4, "repetitions": 3}}


def test_a_silent_network_is_an_error_that_says_what_to_change():
    with pytest.raises(SilentNetworkError) as caught:
        show(tiny_config(SILENT), training_digits(30))
    message = str(caught.value)
    assert "30 of 30 images brought fewer than 5 spikes even at intensity 5" in message
    for name in ("presentation.rate", "connections.weight_total", "excitatory.theta_initial"):
        assert name in message


def test_training_a_silent_network_ends_with_one_line(tmp_path, script, tiny_toml):
    arguments = ["--presentation-rate", "1e-4", "--presentation-repetitions", "3", "--out", tmp_path / "run"]
    done = script("runs/train.py", "--config", tiny_toml, *arguments, timeout=120)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: 60 of 60 images brought fewer than 5 spikes")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run" / "checkpoint.npz").exists()
