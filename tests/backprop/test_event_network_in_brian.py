"""The trained network in Brian2: the same spikes."""

import numpy as np
import pytest

from stdpnet.backprop.constants import Neuron, Presentation
from stdpnet.backprop.encoding import poisson
from stdpnet.backprop.evaluation.brian_simulator import simulate
from stdpnet.backprop.network import Description, Network


@pytest.mark.parametrize("kind, refractory", [("none", 1.0), ("uniform", 3.0), ("learned", 1.0)])
def test_spike_for_spike(kind, refractory):
    random = np.random.default_rng(4)
    description = Description((20, 6), 16, kind, 0.1, alpha=2.0, neuron=Neuron(refractory=refractory))
    network = Network(description, seed=2).double()
    images = random.integers(0, 256, (3, 4, 4), np.uint8)
    events = poisson(images, Presentation(time=30, rate=500.0), random)
    found = simulate(network, events)
    for spikes, expected in zip(found, network.spikes(events), strict=True):
        np.testing.assert_array_equal(spikes, expected)
        assert 100 > 3 * spikes.mean() * 100 > 1
