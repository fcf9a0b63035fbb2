"""Training where no compiler is: an estimate, short batches, and an interruption that is one."""

import logging

import numpy as np
import pytest
from tiny import N_INPUTS, SHORT, tiny_config, training_digits

import stdpnet
from stdpnet.experiments.stdp.notices import without_compiler
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation.runtime import RuntimeSimulator


def digits(n):
    images, labels = training_digits(n).reshape(n, 8, 8), np.arange(n, dtype=np.uint8) % 10
    return stdpnet.Dataset("mine", images, labels, images, labels)


def test_an_estimate_and_short_batches(monkeypatch, caplog):
    monkeypatch.setattr("stdpnet.simulation.find_compiler", lambda: None)
    monkeypatch.setattr("stdpnet.experiments.stdp.train.SHORT_BATCH", 2)
    with caplog.at_level(logging.WARNING):
        trained = stdpnet.train(
            tiny_config(SHORT, {"presentation": {"repetitions": 0, "fewest_spikes": 0}}), digits(5), show_progress=False
        )
    assert [row["presented"] for row in trained.rows] == [2, 4, 5]
    said = [record.message for record in caplog.records if "compiler" in record.message]
    assert len(said) == 1
    assert said[0].startswith("no C++ compiler was found, and NumPy takes ") and "for the 1 that" in said[0]
    assert trained.config.batch == 1000


def test_the_estimate_in_hours_and_minutes():
    assert "takes 2.0 s for an image, about 33.3 hours for the 60,000" in without_compiler(20, 10, 60_000)
    assert "about 3 minutes for the 100 that" in without_compiler(20, 10, 100)


def test_a_simulation_that_brian2_ended_early_was_interrupted():
    config = tiny_config(SHORT)
    simulator = RuntimeSimulator(network_spec(config, N_INPUTS, plastic=True), "numpy")
    simulator.assembly.network.run = lambda *_, **__: None  # as it returns after Ctrl-C
    with pytest.raises(KeyboardInterrupt):
        present(simulator, config, initial_state(config, N_INPUTS), Shown(training_digits(3), 0, "training"), True)
