"""Operations counted by hand, and as the synapses of a network of single neurons."""

import numpy as np
import pytest
from graphs import chain, convolution, dense, linear_map
from hypothesis import given, settings
from spiking_graphs import HALF, graphs, images_for

from stdpnet.base.labelled.energy import operations
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.report.connections import leading_on
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.report.operations import SpikingCosts, analogue_operations
from stdpnet.conversion.simulators.linear_maps import matrices
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.simulators.wiring import wire
from stdpnet.conversion.spiking.currents import constant_currents

LINEAR = {
    "dense": (layers.Dense(np.array([[1.0, 0, 2], [0, 0, 3]]), np.zeros(2)), (3,)),
    "convolution": (convolution(np.random.default_rng(0), 4, 1, groups=2, stride=(2, 1), dilation=(1, 2)), (2, 7, 6)),
    "average": (layers.AveragePooling((3, 2), (2, 2), (1, 0)), (2, 5, 6)),
    "flatten": (layers.Flatten(), (2, 3, 4)),
    "map": (linear_map(np.random.default_rng(0), (2, 3, 4), (3, 5)), (2, 3, 4)),
}


@pytest.mark.parametrize("name", LINEAR)
def test_paths_are_those_of_the_layer_as_a_sparse_matrix(name):
    layer, shape = LINEAR[name]
    out = layer.output_shape(shape)
    reached = np.random.default_rng(1).integers(0, 5, out).astype(float)
    (matrix,) = matrices(layer, shape)
    (found,) = leading_on(layer, reached, shape)
    np.testing.assert_array_equal(found.ravel(), (matrix != 0).T @ reached.ravel())
    assert found.shape == shape


def test_analogue_operations_by_hand():
    # 4 x 4 image, 2 filters of 3 x 3 without padding: 4 places of 9 weights each; then 8 -> 3, one bias of which is 0
    rng = np.random.default_rng(0)
    last = layers.Dense(rng.normal(size=(3, 8)), np.array([1.0, 0, 1]))
    middle = {"a": convolution(rng, 2, 1, padding=0), "ra": layers.ReLU(), "flat": layers.Flatten(), "b": last}
    found = analogue_operations(chain((1, 4, 4), **middle))
    assert found == {"a": {"macs": 72, "bias_additions": 8}, "b": {"macs": 24, "bias_additions": 2}}
    assert operations(found["a"]) == 152


def test_weights_in_the_padding_are_no_operations():
    graph = chain((1, 3, 3), a=convolution(np.random.default_rng(0), 1, 1), r=layers.ReLU())
    # a 3 x 3 window on 3 x 3 places: 4 at the corners, 6 at the edges, 9 in the middle
    assert analogue_operations(graph)["a"]["macs"] == 4 * 4 + 4 * 6 + 9


def synaptic(network, images, steps):
    """Return the additions that spikes cause, from the synapses that the Brian2 simulator would make."""
    rasters = simulate(network, images, steps, keep="rasters").rasters
    drives = wire(network.graph, constant_currents(network.graph, images), 10**9)
    total = 0
    for name, drive in drives.items():
        if isinstance(network.graph.nodes[name].layer, layers.MaxPooling) and name in network.spiking_layers:
            continue  # gates take spikes without weights, and what they pass is counted
        for sender, weights in drive.weights.items():
            total += (weights != 0).sum(axis=0) @ rasters[sender].sum(axis=(0, 1)).ravel()
    return total / len(images)


def test_spikes_times_fan_out_are_the_synapses_of_a_network_of_single_neurons():
    rng = np.random.default_rng(3)
    hidden = {
        "a": convolution(rng, 3, 1),
        "ra": layers.ReLU(),
        "pa": layers.MaxPooling(*HALF),
        "b": convolution(rng, 4, 3),
        "rb": layers.ReLU(),
        "pb": layers.AveragePooling(*HALF),
        "flat": layers.Flatten(),
        "c": dense(rng, 3, 16),
    }
    graph, images = chain((1, 8, 8), **hidden), rng.random((4, 1, 8, 8))
    network = convert(graph, images)
    measurement = Measurement(network, graph, 12)
    measurement.add(images, simulate(network, images, 12, keep="counts"))
    report = measurement.report(np.zeros(4, int))
    # once: the first convolution; each step: currents into ra after pooling, biases of b and c
    once = 2 * analogue_operations(network.graph)["a"]["macs"] + 3 * 64
    each = 3 * 16 + 4 * 16 + 3
    expected = once + 12 * each + synaptic(network, images, 12)
    assert report["curve"][-1]["operations"] == pytest.approx(expected, rel=1e-12)


def test_poisson_input_costs_what_its_spikes_cost():
    # 200 pixels of 0.3 that spike into 5 neurons: 0.3 * 200 * 5 additions expected in a step
    rng = np.random.default_rng(0)
    graph = chain((200,), a=dense(rng, 5, 200), ra=layers.ReLU(), b=dense(rng, 2, 5))
    images = np.full((1, 200), 0.3)
    images[0, 0] = 1.0
    network = convert(graph, images, encoding="poisson")
    measurement = Measurement(network, graph, 7)
    measurement.add(images, simulate(network, images, 7, keep="counts"))
    found = measurement.report(np.zeros(1, int))["operations"]["a"]["spiking"]
    np.testing.assert_allclose(found, np.arange(1, 8) * ((1 + 199 * 0.3) * 5 + 5))


@settings(max_examples=30)
@given(graphs())
def test_currents_without_spikes_cost_nothing_that_grows_with_activity(graph):
    graph = simplify(graph)
    images = images_for(graph, 2)
    costs = SpikingCosts(convert(graph, images))
    senders = {sender for paths in costs.each_spike.values() for sender in paths}
    assert senders <= set(costs.network.spiking_layers)
    for node, paths in costs.each_spike.items():
        for sender, count in paths.items():
            assert count.shape == costs.network.graph.shapes[sender], (node, sender)
            assert (count >= 0).all()
