"""Neurons, gates, encodings and readouts against results worked out by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from spiking_graphs import network

from stdpnet.base.errors import ConversionError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.simulators.torch_spiking import Gate
from stdpnet.conversion.spiking.encoding import PoissonInput, generator
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.reader import Reader
from stdpnet.conversion.spiking.readout import (
    MembranePotential,
    SoftmaxOfPotential,
    SoftmaxRates,
    SoftmaxTriggered,
    predictions,
    softmax,
)

#: Currents that single precision adds without rounding.
CURRENTS = np.arange(-64, 129) / 64


def spikes_of(currents, steps, **options):
    """Return the spikes (steps, n) of neurons with constant currents."""
    one = network((len(currents),), IntegrateAndFire(**options))
    return simulate(one, currents[None], steps, keep="rasters").rasters["layer 0"][0]


@pytest.mark.parametrize("initial", [0.0, 0.25, 0.5])
def test_reset_by_subtraction_gives_the_floor_of_the_integrated_current(initial):
    spikes = spikes_of(CURRENTS, 100, reset="subtraction", initial=initial)
    for steps in (1, 7, 64, 100):
        expected = np.clip(np.floor(CURRENTS * steps + initial), 0, steps)
        np.testing.assert_array_equal(spikes[:steps].sum(axis=0), expected)


@pytest.mark.parametrize("initial", [0.0, 0.5])
def test_reset_to_zero_gives_equal_intervals(initial):
    currents = CURRENTS[CURRENTS > 0]
    spikes = spikes_of(currents, 100, reset="zero", initial=initial)
    first, interval = np.ceil((1 - initial) / currents), np.ceil(1 / currents)
    for steps in (1, 7, 64, 100):
        expected = np.maximum(1 + np.floor((steps - first) / interval), 0)
        np.testing.assert_array_equal(spikes[:steps].sum(axis=0), expected)


def test_a_negative_or_no_current_never_spikes():
    assert not spikes_of(np.array([0.0, -1e-3, -5.0]), 50).any()


def test_a_spike_resets_in_the_step_in_which_it_is_sent():
    # 0.5 + 0.75 = 1.25, reset to 0.25; 1.0, reset to 0; 0.75; 1.5, reset to 0.5
    np.testing.assert_array_equal(spikes_of(np.array([0.75]), 4)[:, 0], [1, 1, 0, 1])


@pytest.mark.parametrize("options", [{"reset": "soft"}, {"initial": 1.0}, {"initial": -0.1}, {"initial": float("nan")}])
def test_neurons_refuse_unknown_options(options):
    (name,) = options
    with pytest.raises(ConversionError, match=f"{name} is .*; expected"):
        IntegrateAndFire(**options)


def through_gate(trains, estimate, span=0):
    """Return what a gate over one window lets pass of spike trains, given as text, in blocks of 2, 1 and more steps."""
    x = np.array([[float(c) for c in train] for train in trains]).T  # (steps, inputs)
    size = (1, x.shape[1])
    gate = Gate(MaxGate(size, size, (0, 0), estimate, span), (1, *size), torch.float64)
    gate.begin(1)
    blocks = [gate(torch.from_numpy(part.reshape(-1, 1, 1, *size))) for part in np.split(x, [2, 3])]
    return "".join(str(int(v)) for v in torch.cat(blocks).flatten())


def test_the_cumulative_gate_stays_with_an_input_until_another_is_ahead():
    assert through_gate(["101100", "010011", "000001"], "cumulative") == "101100"
    assert through_gate(["100000", "011110", "000000"], "cumulative") == "101110"


@given(data=st.data(), steps=st.integers(4, 20))
def test_the_cumulative_gate_sends_as_many_spikes_as_the_most_active_input(data, steps):
    bits = st.text("01", min_size=steps, max_size=steps)
    trains = [data.draw(bits) for _ in range(3)]
    passed = through_gate(trains, "cumulative")
    for end in range(steps + 1):
        assert passed[:end].count("1") == max(train[:end].count("1") for train in trains)


def gate_by_hand(trains, weights_of):
    """Return what passes, by definition: the input of the highest weighted mean, the first of several."""
    x = np.array([[float(c) for c in train] for train in trains])
    passed = ""
    for now in range(x.shape[1]):
        estimates = (x[:, : now + 1] * weights_of(now)).sum(axis=1).round(12)
        passed += str(int(x[estimates.argmax(), now]))
    return passed


@given(data=st.data(), span=st.integers(1, 6))
def test_gates_with_other_estimates_follow_their_definition(data, span):
    bits = st.text("01", min_size=12, max_size=12)
    trains = [data.draw(bits) for _ in range(3)]
    box = gate_by_hand(trains, lambda now: (np.arange(now, -1, -1) < span).astype(float))
    assert through_gate(trains, "finite", span) == box
    if span in (1, 2, 4):  # whose means are exact, and with them the ties
        falling = gate_by_hand(trains, lambda now: (1 - 1 / span) ** np.arange(now, -1, -1.0))
        assert through_gate(trains, "exponential", span) == falling


def test_poisson_spikes_have_the_pixels_rate_and_sign():
    layer = PoissonInput((2, 2), scale=np.array([2.0, 1.0]), seed=3)
    image = np.array([[1.0, -0.5], [0.0, -4.0]])
    spikes = layer.spikes(image, generator(3, "input", 0), 20_000)
    assert set(np.unique(spikes)) == {-1, 0, 1}
    rates = np.array([[0.5, -0.25], [0.0, -1.0]])
    deviation = np.sqrt(np.abs(rates) * (1 - np.abs(rates)) / 20_000)
    assert (np.abs(spikes.mean(axis=0) - rates) <= 4 * deviation).all()
    correlation = np.corrcoef(spikes[1:, 0, 0], spikes[:-1, 0, 0])[0, 1]
    assert abs(correlation) < 4 / np.sqrt(20_000)


def test_poisson_spikes_do_not_depend_on_how_steps_are_grouped():
    layer, image = PoissonInput((5,), scale=np.ones(5)), np.linspace(-1, 1, 5)
    whole, parts = generator(0, "input", 7), generator(0, "input", 7)
    expected = layer.spikes(image, whole, 10)
    np.testing.assert_array_equal(np.concatenate([layer.spikes(image, parts, n) for n in (3, 1, 6)]), expected)
    assert not np.array_equal(layer.spikes(image, generator(0, "input", 8), 10), expected)
    assert not np.array_equal(layer.spikes(image, generator(0, "readout", 7), 10), expected)
    assert not np.array_equal(layer.spikes(image, generator(1, "input", 7), 10), expected)


def read(layer, currents, images=(0,)):
    """Return the scores of a readout for currents (steps, n_images, n_classes), read in two blocks."""
    reader = Reader(layer, images, currents.shape[2])
    return np.concatenate([reader.read(currents[:3]), reader.read(currents[3:])])


CONSTANT = np.broadcast_to(np.array([1.0, 3.0, 2.0]), (8, 1, 3))


def test_the_membrane_potential_adds_up_from_its_start():
    found = read(MembranePotential(start=4), CONSTANT)[:, 0]
    np.testing.assert_array_equal(found[:4], 0)
    np.testing.assert_array_equal(found[4:], np.outer([1, 2, 3, 4], [1, 3, 2]))


@pytest.mark.parametrize("recent, lengths", [(0.5, [1, 1, 2, 2, 3, 3]), (0.25, [1, 1, 1, 1, 2, 2]), (1.0, range(1, 7))])
def test_a_readout_goes_by_the_last_of_the_steps(recent, lengths):
    currents = np.random.default_rng(0).normal(size=(8, 2, 3))
    found = read(MembranePotential(start=2, recent=recent), currents, (0, 1))
    np.testing.assert_array_equal(found[:2], 0)
    for step, length in enumerate(lengths, start=2):
        mean = currents[step + 1 - length : step + 1].mean(axis=0)
        np.testing.assert_allclose(found[step], mean * (step - 1))  # of as many steps as it has listened


def test_the_softmax_of_potentials_sums_to_one_and_ranks_like_them():
    found = read(SoftmaxOfPotential(), CONSTANT)[:, 0]
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found[1], np.exp([2, 6, 4]) / np.exp([2, 6, 4]).sum())


@pytest.mark.parametrize("layer", [SoftmaxRates(seed=1), SoftmaxTriggered(seed=1, rate=0.4)])
def test_softmax_spikes_have_the_softmax_as_their_rate(layer):
    # the potential stays where the first step puts it
    potential = np.array([0.0, 1.0, -0.5])
    currents = np.zeros((20_000, 1, 3))
    currents[0, 0] = potential
    found = read(layer, currents)[-1, 0]
    rate = softmax(potential) * (layer.rate if isinstance(layer, SoftmaxTriggered) else 1)
    assert (np.abs(found / 20_000 - rate) <= 4 * np.sqrt(rate * (1 - rate) / 20_000)).all()


def test_a_triggered_softmax_has_one_spike_for_each_trigger():
    found = read(SoftmaxTriggered(rate=1.0), np.zeros((50, 2, 4)), images=(0, 1))
    np.testing.assert_array_equal(np.diff(found, axis=0).sum(axis=2), 1)
    assert not np.array_equal(found[:, 0], found[:, 1])


def test_random_readouts_depend_on_the_image_not_on_its_place():
    currents = np.zeros((30, 2, 3))
    both, second = read(SoftmaxRates(), currents, (4, 9)), read(SoftmaxRates(), currents[:, :1], (9,))
    np.testing.assert_array_equal(both[:, 1:], second)


def test_there_is_no_answer_before_there_is_evidence():
    values = np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 2.0], [-1.0, -3.0, -2.0]])
    np.testing.assert_array_equal(predictions(values), [NO_ANSWER, 1, 0])


@pytest.mark.parametrize("make", [lambda: MembranePotential(start=-1), lambda: SoftmaxTriggered(rate=0)])
def test_readouts_refuse_unusable_options(make):
    with pytest.raises(ConversionError, match="the readout"):
        make()
