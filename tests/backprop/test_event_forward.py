"""Neurons and inhibition, against a stepper in NumPy and by hand."""

import numpy as np
import pytest
import torch
from event_stepper import low_pass, step_layer

from stdpnet.backprop.constants import Neuron, Presentation
from stdpnet.backprop.encoding import poisson
from stdpnet.backprop.events import Events
from stdpnet.backprop.network import Description, Network
from stdpnet.backprop.neuron import filtered, simulate
from stdpnet.backprop.winner_take_all import LearnedInhibition, NoInhibition, UniformInhibition
from stdpnet.base.errors import ConfigError

KINDS = ["none", "uniform", "learned"]


def kappa_of(kind, n, random):
    """Return inhibition as a matrix."""
    off = 1 - np.eye(n)
    return {"none": 0 * off, "uniform": -0.25 * off, "learned": -random.uniform(0, 0.4, (n, n)) * off}[kind]


def of_matrix(kind, kappa):
    """Return the same as an object."""
    if kind == "learned":
        return LearnedInhibition(torch.tensor(kappa, dtype=torch.float32))
    return UniformInhibition(0.25) if kind == "uniform" else NoInhibition()


@pytest.mark.parametrize("refractory", [1.0, 4.0])
@pytest.mark.parametrize("kind", KINDS)
def test_spikes_are_those_of_the_stepper(kind, refractory):
    random = np.random.default_rng(5)
    arriving = random.poisson(0.3, (60, 3, 12))
    weights, thresholds = random.uniform(-0.4, 0.6, (6, 12)), random.uniform(0.3, 0.8, 6)
    kappa = kappa_of(kind, 6, random)
    expected = np.stack(
        [step_layer(arriving[:, b], weights, thresholds, kappa, 20.0, refractory)[0] for b in range(3)], axis=1
    )
    drive = torch.tensor(arriving @ (weights / thresholds[:, None]).T, dtype=torch.float32)
    neuron = Neuron(tau=20.0, refractory=refractory)
    found = simulate(drive, neuron, of_matrix(kind, kappa))
    np.testing.assert_array_equal(found, expected)
    assert 50 < expected.sum() < 0.6 * expected.size
    np.testing.assert_allclose(filtered(found, neuron), low_pass(expected, 20.0), rtol=1e-5)


def test_two_neurons_that_inhibit_each_other_by_hand():
    # in units of the threshold, decay 1/2: the first fires in step 0, is taken back by 1 and the second by 0.5
    neuron = Neuron(tau=1 / np.log(2))
    drive = torch.tensor([[1.2, 0.9], [0.7, 1.0], [0.5, 0.5], [1.0, 0.8]])[:, None]
    # step 0: 1.2 | 0.9          first fires: 0.2 | 0.4
    # step 1: 0.1 + 0.7 = 0.8 | 0.2 + 1.0 = 1.2          second fires: 0.3 | 0.2
    # step 2: 0.15 + 0.5 = 0.65 | 0.1 + 0.5 = 0.6
    # step 3: 0.325 + 1.0 = 1.325 | 0.3 + 0.8 = 1.1          both fire: -0.175 | -0.4
    spikes = simulate(drive, neuron, UniformInhibition(0.5))
    np.testing.assert_array_equal(spikes[:, 0], [[1, 0], [0, 1], [0, 0], [1, 1]])
    np.testing.assert_allclose(filtered(spikes, neuron)[0], [1.125, 1.25], rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_filtered_spikes_are_the_linear_response_but_for_what_the_potential_holds(kind):
    """Eq. 5 is exact with the potential of the end, where no potential was bounded and none refractory."""
    random = np.random.default_rng(1)
    arriving = random.poisson(0.05, (100, 20))
    weights, thresholds = random.uniform(-0.02, 0.1, (5, 20)), np.full(5, 0.8)
    kappa = kappa_of(kind, 5, random) / 5
    spikes, potential, bounded = step_layer(arriving, weights, thresholds, kappa, 30.0, 1.0)
    assert not bounded
    assert spikes.sum() > 5
    x, a = low_pass(arriving, 30.0), low_pass(spikes, 30.0)
    np.testing.assert_allclose(a, (weights @ x - potential) / thresholds + kappa @ a, atol=1e-12)


def test_a_network_is_its_layers_one_after_the_other():
    network, random = Network(Description((7, 4), 10, alpha=1.0, winner_take_all="uniform"), seed=3), np.random
    events = poisson(random.default_rng(0).integers(0, 256, (2, 2, 5), np.uint8), Presentation(), random.default_rng(1))
    arriving = np.zeros(events.shape)
    np.add.at(arriving, (events.step, events.image, events.address), 1)
    found = network.spikes(events)
    for layer, spikes in zip(network.layers, found, strict=True):
        weights, thresholds = (one.detach().double().numpy() for one in (layer.weights, layer.thresholds))
        n = len(thresholds)
        kappa = -0.1 * (1 - np.eye(n)) * (layer.kind == "uniform")
        for b in range(2):
            expected, *_ = step_layer(arriving[:, b], weights, thresholds, kappa, 20.0, 1.0)
            np.testing.assert_array_equal(spikes[:, b], expected)
        arriving = spikes.numpy()
    assert found[1].sum() > 20
    np.testing.assert_allclose(network.signals(events, found)[1].detach(), low_pass(found[1].numpy(), 20.0), rtol=1e-5)


def test_events_of_one_step_and_address_add_up():
    events = Events(np.array([0, 0, 2]), np.array([1, 1, 0]), np.array([2, 2, 0]), (3, 2, 3))
    drive = events.drive(torch.tensor([[1.0, 10.0, 100.0]]))
    np.testing.assert_array_equal(drive[..., 0], [[0, 200], [0, 0], [1, 0]])
    np.testing.assert_allclose(events.filtered(Neuron(tau=20.0)), [[1, 0, 0], [0, 0, 2 * np.exp(-0.1)]], rtol=1e-6)


def test_each_pixel_is_a_poisson_process_with_the_rate_of_its_brightness():
    images = np.tile(np.array([[0, 51, 255]], np.uint8), (4000, 1))
    events = poisson(images, Presentation(time=40, rate=250.0), np.random.default_rng(0))
    counts = np.zeros((4000, 3))
    np.add.at(counts, (events.image, events.address), 1)
    np.testing.assert_allclose(counts.mean(axis=0), [0, 2, 10], rtol=0.03)
    np.testing.assert_allclose(counts.var(axis=0), [0, 2, 10], rtol=0.1)
    of_steps = np.bincount(events.step, minlength=40)
    assert np.abs(of_steps - 1200).max() < 5 * np.sqrt(1200)


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: UniformInhibition(1.0), "inhibition is 1.0; expected at least 0 and less than 1"),
        (lambda: Network(Description((2,), 3, "uniforn")), r"'uniforn' \(did you mean 'uniform'\?\); expected one of"),
        (lambda: Neuron(tau=0.0), "tau is 0.0 ms; expected a finite number of at least 1 ms"),
    ],
)
def test_what_no_network_can_have_is_refused(make, text):
    with pytest.raises(ConfigError, match=text):
        make()
