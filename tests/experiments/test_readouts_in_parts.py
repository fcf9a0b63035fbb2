"""Readouts in parts: the same answers whatever the parts, bounded memory, and one that fails is left out."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from tiny import tiny_config

from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import TrainedNetwork, read_run
from stdpnet.learning.presentation import responses
from stdpnet.learning.presentation.responses import FrozenNetwork, most_spikes, respond, respond_in_parts
from stdpnet.learning.state import frozen_state
from stdpnet.learning.values import steps
from stdpnet.readouts import LogisticRegressionProbe, MeanResponse, NGram

#: Every neuron fires in every step.
ALWAYS = {"excitatory": {"v_threshold": -300.0, "refractory_time": 0.0}, "presentation": {"window": 100.0}}


@pytest.fixture(scope="module")
def run(trained_run):
    """Return the trained network, apart from its folder."""
    return replace(read_run(trained_run), folder=None)


@pytest.fixture(scope="module")
def always(run):
    """Return a network of which every neuron fires in every step."""
    return replace(run, config=tiny_config(ALWAYS))


def test_no_presentation_brings_more_spikes_than_are_reckoned_with(always):
    config = always.config
    network = FrozenNetwork(config, frozen_state(config, always.state), "cpp")
    counts = respond(network, always.dataset.test_images[:3], "testing", show_progress=False).counts
    window, slot = steps(config, plastic=False)
    assert (counts == window).all()
    assert most_spikes(config) >= config.neurons * slot  # those after the window are recorded too
    refractory = tiny_config(ALWAYS, {"excitatory": {"refractory_time": 5.0}, "presentation": {"fewest_spikes": 0}})
    network = replace(network, config=refractory)
    counts = respond(network, always.dataset.test_images[:3], "testing", show_progress=False).counts
    assert (counts == window // 10).all()
    assert counts.sum(axis=1).max() <= most_spikes(refractory) <= 1.3 * counts.sum(axis=1).max()


def test_the_answers_do_not_depend_on_the_parts(run, monkeypatch):
    whole = evaluate(run, workers=1, show_progress=False)
    monkeypatch.setattr(responses, "SPIKES_AT_A_TIME", 3 * most_spikes(run.config))
    parts = evaluate(run, workers=1, show_progress=False)
    assert parts.report == whole.report
    for name, array in whole.arrays.items():
        np.testing.assert_array_equal(parts.arrays[name], array)


def test_the_memory_does_not_grow_with_the_spikes(always, monkeypatch):
    monkeypatch.setattr(responses, "SPIKES_AT_A_TIME", 4 * most_spikes(always.config))
    peaks = []
    for images in (12, 40):
        tracemalloc.start()
        evaluate(always, label_images=images, test_images=4, workers=1, show_progress=False)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    spikes = 28 * most_spikes(always.config) * 12  # bytes of the further images' image, step and neuron
    assert peaks[1] - peaks[0] < 0.5 * spikes  # kept and then joined, they would take twice as much


def test_parts_are_small_where_there_are_many_spikes(always, monkeypatch):
    network = FrozenNetwork(always.config, frozen_state(always.config, always.state), "cpp")
    monkeypatch.setattr(responses, "SPIKES_AT_A_TIME", 4 * most_spikes(always.config))
    images = always.dataset.train_images
    sizes = dict(respond_in_parts(network, images, "testing", lambda first, part: len(part.counts), 1, False))
    assert sizes == dict.fromkeys(range(0, 60, 4), 4)


def no_memory(*_):
    raise MemoryError("no room for\nthe pairs")


@pytest.mark.parametrize(
    "kind, method", [(NGram, "__init__"), (NGram, "merged"), (NGram, "predict"), (LogisticRegressionProbe, "predict")]
)
def test_a_readout_that_fails_leaves_the_others_alone(run, monkeypatch, caplog, kind, method):
    whole = evaluate(run, workers=1, show_progress=False)
    monkeypatch.setattr(kind, method, no_memory)
    result = evaluate(run, workers=1, show_progress=False)
    assert result.report["readouts"].pop(kind.name) == {
        "supervised": kind.supervised,
        "failed": "MemoryError: no room for",
    }
    expected = {name: row for name, row in whole.report["readouts"].items() if name != kind.name}
    assert result.report["readouts"] == expected
    assert f"readout {kind.name} failed (MemoryError: no room for): the others are whole" in caplog.text


def test_a_failed_readout_is_in_the_folder_and_in_words(trained_run, tmp_path, monkeypatch):
    monkeypatch.setattr(NGram, "predict", no_memory)
    network = read_run(trained_run)
    folder = RunFolder(tmp_path / "run")
    for name in ("config_file", "checkpoint_file", "environment_file", "metrics_file"):
        folder.path.mkdir(exist_ok=True)
        getattr(folder, name).write_bytes(getattr(RunFolder(trained_run), name).read_bytes())
    result = evaluate(
        TrainedNetwork(network.config, network.dataset, network.state, network.rows, folder),
        workers=1,
        show_progress=False,
    )
    assert "n-gram failed" in repr(result)
    assert folder.evaluation()["readouts"]["n-gram"]["failed"] == "MemoryError: no room for"
    assert "readout n-gram failed (MemoryError: no room for): the others are whole" in folder.log_file.read_text()


def test_without_the_mean_response_there_is_no_accuracy(run, monkeypatch):
    monkeypatch.setattr(MeanResponse, "predict", no_memory)
    with pytest.raises(MemoryError, match="no room for"):
        evaluate(run, workers=1, show_progress=False)
