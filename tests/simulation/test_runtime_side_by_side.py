"""Networks on Brian2's own targets that take turns in one process: each goes on at its own time."""

import numpy as np
from tiny import N_INPUTS, QUICK, tiny_config, training_digits

from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import frozen_state, initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator


def test_a_network_that_learns_and_a_frozen_one_take_turns():
    config = tiny_config(QUICK)  # their slots have different lengths
    state, images = initial_state(config, N_INPUTS), training_digits(3)
    specs = {plastic: network_spec(config, N_INPUTS, plastic) for plastic in (True, False)}
    networks = {plastic: open_simulator(spec, "numpy") for plastic, spec in specs.items()}
    found = {True: [], False: []}
    for _ in range(2):
        for plastic, simulator in networks.items():
            start = state if plastic else frozen_state(config, state)
            shown = Shown(images, 0, "training")
            found[plastic].append(present(simulator, config, start, shown, plastic).counts)
    for first, second in found.values():
        np.testing.assert_array_equal(first, second)
