"""Evaluation: readouts see training labels only, and the report says what the arrays say."""

from dataclasses import replace

import numpy as np
import pytest
from tiny import tiny_config

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.presentation.responses import FrozenNetwork, Responses, TrainingResponses, counted_spikes
from stdpnet.learning.state import frozen_state
from stdpnet.learning.values import network_spec, steps
from stdpnet.readouts import READOUTS
from stdpnet.simulation import open_simulator


@pytest.fixture(scope="module")
def run(trained_run):
    """Return the trained network, apart from its folder."""
    return replace(read_run(trained_run), folder=None)


def whole(network, images, stream):
    """Return the responses of a frozen network in one piece, every spike of them."""
    simulator = network.open()
    batch = present(simulator, network.config, network.state, Shown(network.drive.encode(images), 0, stream), False)
    return Responses(batch.counts, counted_spikes(batch, steps(network.config, plastic=False)[0]))


def test_evaluation_cannot_see_test_labels(run):
    dataset = run.dataset
    shuffled = replace(dataset, test_labels=np.random.default_rng(0).permutation(dataset.test_labels))
    assert not np.array_equal(shuffled.test_labels, dataset.test_labels)
    result = evaluate(run, workers=1, show_progress=False)
    report, arrays = result.report, result.arrays
    of_shuffled = evaluate(run, shuffled, workers=1, show_progress=False)
    other_report, other = of_shuffled.report, of_shuffled.arrays
    assert (arrays["assignments"] != NO_ANSWER).sum() > 3
    for name in set(arrays) - {"test_labels"}:
        np.testing.assert_array_equal(other[name], arrays[name], err_msg=name)
    assert report["accuracy"] == np.mean(arrays["predictions"] == dataset.test_labels)
    assert other_report["accuracy"] == np.mean(arrays["predictions"] == shuffled.test_labels)


def test_every_readout_is_made_from_training_images_and_scored_on_test_images(run):
    dataset = run.dataset
    result = evaluate(run, label_images=50, test_images=20, workers=1, show_progress=False)
    report, arrays = result.report, result.arrays
    network = FrozenNetwork(run.config, frozen_state(run.config, run.state), "cpp")
    shown = whole(network, dataset.train_images[:50], "labelling")
    training = TrainingResponses(shown.counts, shown.spikes, labels=dataset.train_labels[:50])
    test = whole(network, dataset.test_images[:20], "testing")
    assert not hasattr(test, "labels")
    assert list(report["readouts"]) == [readout.name for readout in READOUTS]
    for readout in READOUTS:
        row = report["readouts"][readout.name]
        assert row["accuracy"] == np.mean(readout(training).predict(test) == dataset.test_labels[:20])
        assert row["confidence_interval_95"][0] < row["accuracy"] < row["confidence_interval_95"][1]
        assert row["supervised"] == (readout.name == "logistic regression")
    assert report["accuracy"] == report["readouts"]["mean response"]["accuracy"]
    assert report["unclassified"] == np.sum(arrays["predictions"] == NO_ANSWER)
    for c, mean in zip(arrays["classes"], arrays["mean_response"], strict=True):
        np.testing.assert_allclose(
            mean, training.counts[training.labels == c].sum(axis=0) / np.sum(training.labels == c)
        )
    np.testing.assert_allclose(arrays["spikes_per_image"], test.counts.sum(axis=0) / 20)


def test_the_spikes_are_those_of_the_counts_in_order_of_time(run):
    # images at half brightness, so that some are shown again with more intensity
    config = tiny_config({"presentation": {"fewest_spikes": 20}})
    images = run.dataset.test_images[:8].reshape(8, -1) // 2
    state = frozen_state(config, run.state)
    simulator = open_simulator(network_spec(config, images.shape[1], plastic=False), "cpp")
    batch = present(simulator, config, state, Shown(images, 0, "testing"), plastic=False)
    assert batch.repetitions.any()
    window = steps(config, plastic=False)[0]
    image, step, neuron = counted_spikes(batch, window)
    counts = np.zeros_like(batch.counts)
    np.add.at(counts, (image, neuron), 1)
    np.testing.assert_array_equal(counts, batch.counts)
    assert len(image) < len(batch.spikes[0])
    assert step.max() < window
    rows = list(zip(image, step, neuron, strict=True))
    assert rows == sorted(rows)
