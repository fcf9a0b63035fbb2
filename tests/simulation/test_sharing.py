"""Threads that share a step: same bits for any number, and no one touches what another one is about to change."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import SHORT, record, tiny_config, training_digits

from stdpnet import Config, datasets
from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.rules import RULES
from stdpnet.simulation import open_simulator
from stdpnet.simulation.builds import build
from stdpnet.simulation.device.operations import Operation
from stdpnet.simulation.device.sharing import reordered, waits
from stdpnet.simulation.standalone import StandaloneSimulator

#: Ten blocks of neurons, the last one of 24; of two threads the first one has two, of more none, as it has more to do.
NEURONS = {"neurons": 600, "excitatory": {"theta_plus": 10.0}}
#: Few inhibitory neurons, functions where a spike arrives, and a name that ends like Brian2's lists of spikes.
OWN = {
    "excitatory": "dspace/dt = -space / tau_space : 1",
    "arrival": "space_post += weight / (1 + exp(-space_post))",
    "inhibitory_neurons": 100,
    "constants": {"tau_space": {"value": 20.0, "unit": "ms"}},
}


@pytest.mark.parametrize("delays", [False, True], ids=["no delays", "delays"])
@pytest.mark.parametrize("rule", RULES)
def test_any_number_of_threads_gives_the_same_bits(rule, delays):
    same_for_all_numbers(tiny_config(SHORT, NEURONS, {"rule": rule, "delays": delays}))


@pytest.mark.parametrize("delays", [False, True], ids=["no delays", "delays"])
def test_equations_of_ones_own_give_the_same_bits_on_any_number(delays):
    same_for_all_numbers(tiny_config(SHORT, NEURONS, {"delays": delays, "equations": OWN}))


def same_for_all_numbers(config):
    images = training_digits(6)
    folder = build(network_spec(config, images.shape[1], plastic=True, record_all=True))
    _, alone = record(config, images, "cpp", simulator=StandaloneSimulator(folder))
    assert len(np.unique(alone["spikes.i"] // 64)) > 4  # they are of several threads
    for threads in (2, 3, 5):
        _, together = record(config, images, "cpp", simulator=StandaloneSimulator(folder, threads))
        for name, values in alone.items():
            np.testing.assert_array_equal(together[name], values, err_msg=f"{threads} threads: {name}")


@pytest.mark.slow
@pytest.mark.parametrize("neurons", [400, 1600])
def test_threads_give_the_same_bits_for_200_presentations(neurons):
    config, images = Config(neurons=neurons), datasets.load_dataset("mnist-5k").train_images[:200].reshape(200, -1)
    state, found = initial_state(config, images.shape[1]), []
    for threads in (1, 2, 3):
        simulator = open_simulator(network_spec(config, images.shape[1], plastic=True), "cpp", threads=threads)
        found.append(present(simulator, config, state, Shown(images, 0, "training"), plastic=True).state)
    for other in found[1:]:
        for name, values in found[0].items():
            np.testing.assert_array_equal(other[name], values, err_msg=name)


arrays = st.sets(st.sampled_from("abcd"), max_size=2)
operations = st.lists(
    st.builds(
        lambda shared, read, written, own_read, own_written: (
            Operation("", True, read, written, own_read, own_written)
            if shared
            else Operation("", False, read | own_read, written | own_written)
        ),
        *(st.booleans(), arrays, arrays, arrays, arrays),
    ),
    max_size=8,
)


def elements(item, thread, threads):
    """Return which elements (array, owner) a thread's part of an operation reads or writes, and which it writes."""
    everywhere = range(threads)
    own = [thread] if item.shared else everywhere
    written = {(array, k) for array in item.written for k in everywhere}
    written |= {(array, k) for array in item.own_written for k in own}
    read = {(array, k) for array in item.read for k in everywhere} | {
        (array, k) for array in item.own_read for k in own
    }
    return read | written, written


def in_conflict(one, other, thread, other_thread, threads=3):
    """Tell whether one of two parts writes to an element that the other one reads or writes."""
    (mine, changed_here), (yours, changed_there) = (
        elements(one, thread, threads),
        elements(other, other_thread, threads),
    )
    return bool(changed_here & yours or changed_there & mine)


def done_before(steps, threads):
    """Return for each operation and thread which operations of which threads are done when it begins."""
    told, begins = {}, {}
    position, known = [0] * threads, [set() for _ in range(threads)]
    plan = waits(steps)
    while any(place < len(steps) for place in position):
        moved = False
        for thread in range(threads):
            place = position[thread]
            if place == len(steps):
                continue
            if thread and not steps[place].shared:
                position[thread], moved = place + 1, True
                continue
            wanted = [(0, plan[place].first)] if thread and plan[place].first >= 0 else []
            if plan[place].others >= 0:
                wanted += [(other, plan[place].others) for other in range(1, threads) if other != thread]
            if any(event not in told for event in wanted):
                continue
            known[thread] |= set().union(*(told[event] for event in wanted))
            begins[thread, place] = set(known[thread])
            known[thread].add((thread, place))
            if plan[place].told:
                told[thread, place] = set(known[thread])
            position[thread], moved = place + 1, True
        assert moved, "they wait for each other for ever"
    return begins


@settings(max_examples=300)
@given(steps=operations, threads=st.integers(2, 3))
def test_nobody_begins_before_what_it_depends_on_is_done(steps, threads):
    begins = done_before(steps, threads)
    for (thread, place), known in begins.items():
        for other, before in begins:
            if before < place and other != thread and in_conflict(steps[before], steps[place], other, thread):
                assert (other, before) in known


@settings(max_examples=300)
@given(steps=operations)
def test_operations_in_conflict_keep_their_order(steps):
    order = [steps.index(item) for item in reordered(steps)]
    assert sorted(order) == list(range(len(steps)))
    for first, later in itertools.combinations(range(len(steps)), 2):
        if any(in_conflict(steps[first], steps[later], *pair) for pair in itertools.product(range(3), repeat=2)):
            assert order.index(first) < order.index(later)
