"""The report's numbers on networks small enough to count and to simulate by hand."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from graphs import chain, convolution, dense
from hypothesis import given, settings
from spiking_graphs import HALF, graphs, images_for, residual

from stdpnet.base.scoring import wilson_interval
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.report.connections import leading_on
from stdpnet.conversion.report.energy import energy
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.report.operations import SpikingCosts, analogue_operations, operations
from stdpnet.conversion.report.rates import HIGHEST, Rates
from stdpnet.conversion.report.tradeoff import tradeoff
from stdpnet.conversion.simulators.linear_maps import matrices
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.simulators.wiring import wire
from stdpnet.conversion.spiking.currents import constant_currents
from stdpnet.conversion.spiking.encoding import AnalogInput
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import MembranePotential

LINEAR = {
    "dense": (layers.Dense(np.array([[1.0, 0, 2], [0, 0, 3]]), np.zeros(2)), (3,)),
    "convolution": (convolution(np.random.default_rng(0), 4, 1, groups=2, stride=(2, 1), dilation=(1, 2)), (2, 7, 6)),
    "average": (layers.AveragePooling((3, 2), (2, 2), (1, 0)), (2, 5, 6)),
    "flatten": (layers.Flatten(), (2, 3, 4)),
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


def two_neurons():
    """Return a spiking network of one pixel: currents 0.5 and 0.25, then weights 1 and 2 onto two classes."""
    nodes = {
        "image": Node(AnalogInput((1,))),
        "first": Node(layers.Dense(np.array([[0.5], [0.25]]), np.zeros(2)), ("image",)),
        "neurons": Node(IntegrateAndFire(initial=0.0), ("first",)),
        "second": Node(layers.Dense(np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([0.0, 0.1])), ("neurons",)),
        "scores": Node(MembranePotential(), ("second",)),
    }
    return SpikingNetwork(Graph(nodes), {})


def test_a_whole_report_by_hand():
    network = two_neurons()
    measurement = Measurement(network, network.graph, 4)
    image = np.ones((1, 1))
    measurement.add(image, simulate(network, image, 4, dtype="float64", keep="counts"))
    report = measurement.report(np.array([1]), 1.0)
    # neuron 0 spikes in steps 2 and 4, neuron 1 in step 4; fan-out 2 and 1
    # once: 2 MACs of the first layer; each step: 2 currents and 1 bias
    # spikes 1, 1, 3 in all; their mean fan-out is 5 / 3
    expected = [4 + 3, 4 + 6 + 5 / 3, 4 + 9 + 5 / 3, 4 + 12 + 5]
    reference = 2 * (2 + 3) + 1
    assert report["analogue"] == {"accuracy": 1.0, "operations": reference, "macs": 5, "bias_additions": 1}
    np.testing.assert_allclose([row["operations"] for row in report["curve"]], expected)
    np.testing.assert_allclose([row["relative_operations"] for row in report["curve"]], np.array(expected) / reference)
    # scores (0, 0.1), (1, 1.2), (1, 1.3), (2, 4.4)
    assert [row["accuracy"] for row in report["curve"]] == [1, 1, 1, 1]
    assert report["curve"][-1]["confidence_interval_95"] == list(wilson_interval(1, 1))
    layer = report["layers"]["neurons"]
    assert layer["mean_rate"] == pytest.approx(3 / 8)
    assert layer["mean_activation"] == pytest.approx(3 / 8)
    assert layer["correlation"] == pytest.approx(1)
    assert layer["saturated"] == layer["silent"] == layer["activation_above_1"] == 0
    assert report["operations"]["first"] == {"analogue": 4, "once": 4, "spiking": [6, 8, 10, 12]}
    np.testing.assert_allclose(report["operations"]["second"]["spiking"], [1, 2 + 5 / 3, 3 + 5 / 3, 9])
    assert report["energy"]["45_nm_pJ"]["spiking"] == pytest.approx(2 * 4.6 + 0.9 * 17)
    assert report["energy"]["neuromorphic_flop"]["spiking"] == pytest.approx(4 + 0.08 * 5 + 0.25 * 8)
    assert json.loads(json.dumps(report)) == report


@pytest.mark.parametrize("options", [{}, {"pool_first": False}, {"encoding": "poisson", "pool_first": False}], ids=str)
def test_batches_add_up(options):
    graph = residual(np.random.default_rng(0))
    images = np.abs(images_for(graph, 5))
    network = convert(graph, images, **options)
    whole, parts = (Measurement(network, graph, 9) for _ in range(2))
    whole.add(images, simulate(network, images, 9, keep="counts"))
    for start in (0, 2):
        part = images[start : start + 2 + start // 2]
        parts.add(part, simulate(network, part, 9, keep="counts", first=start))
    labels = np.array([0, 1, 2, 3, 4])
    one, other = whole.report(labels, 0.4), parts.report(labels, 0.4)
    for a, b in zip(one["curve"], other["curve"], strict=True):
        assert a["accuracy"] == b["accuracy"]
        assert a["operations"] == pytest.approx(b["operations"], rel=1e-12)
    for name, layer in one["layers"].items():
        assert layer == pytest.approx(other["layers"][name], rel=1e-9)
        np.testing.assert_array_equal(whole.rates[name].histogram, parts.rates[name].histogram)


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
    report = measurement.report(np.zeros(4, int), 1.0)
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
    found = measurement.report(np.zeros(1, int), 1.0)["operations"]["a"]["spiking"]
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


def curve_of(accuracies, relative):
    pairs = enumerate(zip(accuracies, relative, strict=True), start=1)
    return [{"step": k, "accuracy": a, "operations": 100 * r, "relative_operations": r} for k, (a, r) in pairs]


def test_the_trade_off_by_hand():
    found = tradeoff(curve_of([0.5, 0.97, 0.94, 0.965, 0.969, 0.97], [0.1, 0.3, 0.5, 0.7, 0.9, 1.1]), 0.97)
    half = {"step": 3, "operations": 50, "relative_operations": 0.5, "error": pytest.approx(6)}
    assert found["at_half_the_operations"] == half
    # step 2 is within 0.1 points, but step 3 is not
    steps = {points: row["step"] for points, row in found["within_points"].items()}
    assert steps == {"0.1": 5, "0.5": 4, "1": 4, "3": 2}


def test_a_network_that_never_gets_there():
    found = tradeoff(curve_of([0.1, 0.2], [0.6, 0.7]), 0.97)
    assert found == {"at_half_the_operations": None, "within_points": dict.fromkeys(("0.1", "0.5", "1", "3"))}


def test_rates_against_numpy():
    rng = np.random.default_rng(0)
    counts, activations, steps = rng.integers(0, 11, (6, 2, 5)), rng.random((6, 2, 5)) * 1.6, np.full(6, 10)
    gathered = Rates()
    for part in (slice(4), slice(4, 6)):
        gathered.add(counts[part], steps[part], activations[part])
    found = gathered.summary()
    assert found["correlation"] == pytest.approx(np.corrcoef(counts.ravel(), activations.ravel())[0, 1])
    assert found["saturated"] == (counts == 10).mean()
    assert found["silent"] == (counts == 0).mean()
    assert found["activation_above_1"] == (activations > 1).mean()
    assert found["mean_rate"] == pytest.approx(counts.mean() / 10)
    limits = [[0, HIGHEST], [0, 1]]
    expected, _, _ = np.histogram2d(activations.clip(0, HIGHEST).ravel(), counts.ravel() / 10, 50, limits)
    assert gathered.histogram.sum() == counts.size
    np.testing.assert_array_equal(gathered.histogram.sum(axis=1), expected.sum(axis=1))


def test_a_layer_that_never_varies_has_no_correlation():
    gathered = Rates()
    gathered.add(np.zeros((3, 4), int), np.full(3, 5), np.full((3, 4), 0.1))
    found = gathered.summary()
    assert found["correlation"] is None
    assert found["silent"] == 1


def test_images_that_stop_early_spend_nothing_more():
    network = two_neurons()
    full, stopped = (Measurement(network, network.graph, 4) for _ in range(2))
    image = np.ones((1, 1))
    result = simulate(network, image, 4, keep="counts")
    full.add(image, result)
    spikes = {"neurons": np.array([[0, 1, 0, 0]])}
    early = SimpleNamespace(
        predictions=result.predictions, steps=np.array([2]), spikes=spikes, counts={"neurons": np.array([[1, 0]])}
    )
    stopped.add(image, early)
    after = [row["operations"] for row in stopped.report(np.array([1]), 1.0)["curve"]]
    assert after == [7, 4 + 6 + 2, 12, 12]


def test_energy_by_hand():
    analogue, once = {"macs": 100, "bias_additions": 10}, {"macs": 20, "bias_additions": 5}
    found = energy(analogue, once, additions=300, synaptic=250, updates=40)
    assert found["45_nm_pJ"]["analogue"] == pytest.approx(469)
    assert found["45_nm_pJ"]["spiking"] == pytest.approx(92 + 4.5 + 270)
    assert found["neuromorphic_flop"]["analogue"] == 210
    assert found["neuromorphic_flop"]["spiking"] == pytest.approx(45 + 20 + 10)
    assert found["neuromorphic_flop"]["spiking_over_analogue"] == pytest.approx(75 / 210)
