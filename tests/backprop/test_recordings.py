"""Recordings of a silicon retina as inputs: two polarities, and a network that learns from them."""

import numpy as np
import torch

from stdpnet.backprop.constants import Neuron, Regularisation
from stdpnet.backprop.events import from_recordings, stored
from stdpnet.backprop.network import Description, Network
from stdpnet.backprop.training import learn
from stdpnet.datasets.events.recording import Recording
from stdpnet.datasets.events.saccades import Saccades, recordings


def test_addresses_and_steps_by_hand():
    one = Recording(np.array([2, 0]), np.array([1, 0]), np.array([1, 0]), np.array([1999, 2000]), (2, 3))
    two = Recording(np.array([1, 1]), np.array([0, 0]), np.array([0, 1]), np.array([0, 5000]), (2, 3))
    events = from_recordings([one, two], time=5)
    assert events.shape == (5, 2, 12)
    np.testing.assert_array_equal(events.step, [1, 2, 0])
    np.testing.assert_array_equal(events.image, [0, 0, 1])
    np.testing.assert_array_equal(events.address, [6 + 3 + 2, 0, 1])


def test_a_batch_of_stored_recordings_is_that_of_the_recordings():
    images = np.random.default_rng(1).integers(0, 256, (5, 8, 8), np.uint8)
    recorded = list(recordings(images, Saccades(time=5), shape=(10, 10)))
    kept, which = stored(recorded, 12), np.array([3, 0, 3])
    found, expected = kept[which].events(), from_recordings([recorded[one] for one in which], 12)
    assert len(kept) == 5 and len(kept[1:3]) == 2 and found.shape == expected.shape == (12, 3, 200)
    for name in ("step", "image", "address"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
        np.testing.assert_array_equal(getattr(kept[1:3][[1]].events(), name), getattr(kept[[2]].events(), name))


def test_bars_are_told_apart_by_their_saccades():
    images, labels = np.zeros((12, 10, 10), np.uint8), np.arange(12) % 2
    for k, image in enumerate(images):
        where = 3 + k // 4
        image[where : where + 2, 1:9] = 255
    images[labels == 1] = images[labels == 1].swapaxes(1, 2)
    fast = Saccades(time=20, reach=3.0)
    shown = [from_recordings(list(recordings(images, fast, seed, shape=(14, 14))), 60) for seed in range(4)]
    network = Network(Description((30, 2), 2 * 14 * 14, alpha=3.0, neuron=Neuron(tau=60.0)), seed=0)
    optimiser = torch.optim.Adam(network.parameters(), lr=5e-3)
    before = learn(network, optimiser, shown[-1], labels, Regularisation())
    for _ in range(6):
        for events in shown[:-1]:
            learn(network, optimiser, events, labels, Regularisation())
    assert before < 11
    assert learn(network, optimiser, shown[-1], labels, Regularisation()) == 12
