"""The report's numbers on networks small enough to count and to simulate by hand."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from spiking_graphs import images_for, residual

from stdpnet.base.labelled.energy import energy
from stdpnet.base.scoring import wilson_interval
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.report.rates import HIGHEST, Rates
from stdpnet.conversion.report.tradeoff import tradeoff
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import MembranePotential


def two_neurons():
    """Return a spiking network of one pixel: currents 0.5 and 0.25, then weights 1 and 2 onto two classes."""
    nodes = {
        "image": Node(AnalogueInput((1,))),
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
    report = measurement.report(np.array([1]))
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
    one, other = whole.report(labels), parts.report(labels)
    for a, b in zip(one["curve"], other["curve"], strict=True):
        assert a["accuracy"] == b["accuracy"]
        assert a["operations"] == pytest.approx(b["operations"], rel=1e-12)
    for name, layer in one["layers"].items():
        assert layer == pytest.approx(other["layers"][name], rel=1e-9)
        np.testing.assert_array_equal(whole.rates[name].histogram, parts.rates[name].histogram)


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
    after = [row["operations"] for row in stopped.report(np.array([1]))["curve"]]
    assert after == [7, 4 + 6 + 2, 12, 12]


def test_energy_by_hand():
    analogue, once = {"macs": 100, "bias_additions": 10}, {"macs": 20, "bias_additions": 5}
    found = energy(analogue, once, additions=300, synaptic=250, updates=40)
    assert found["45_nm_pJ"]["analogue"] == pytest.approx(469)
    assert found["45_nm_pJ"]["spiking"] == pytest.approx(92 + 4.5 + 270)
    assert found["neuromorphic_flop"]["analogue"] == 210
    assert found["neuromorphic_flop"]["spiking"] == pytest.approx(45 + 20 + 10)
    assert found["neuromorphic_flop"]["spiking_over_analogue"] == pytest.approx(75 / 210)
