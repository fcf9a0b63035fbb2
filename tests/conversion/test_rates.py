"""The rates of a spiking network approach the activations of the analogue one, with an error of at most c / T.

The constant comes from a theorem that the tests apply layer by layer. Let the sum of the currents of a
neuron after t steps differ from ``z * t`` by at most C, for all t. With reset by subtraction and an initial
potential between 0 and 1 its number of spikes then differs from ``clip(z, 0, 1) * t`` by at most C + 1:
after its last spike it has not spent more than it got, and since its last step without a spike it spiked in every step.
A gate of cumulative sums differs by no more than the worst of its inputs, and a linear layer by
the sum of their errors times the absolute weights.
"""

import numpy as np
import pytest
from graphs import chain, dense
from hypothesis import given, settings
from hypothesis import strategies as st
from spiking_graphs import graphs, images_for, residual

from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import compute, scores
from stdpnet.conversion.graph.maps import LinearMap
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire


def clipped(graph, images):
    """Return what each node of a spiking network tends to: activations that are also limited to 1."""
    values = {}
    for name, node in graph.nodes.items():
        values[name] = compute(node.layer, *([values[source] for source in node.inputs] or [images]))
        if isinstance(node.layer, IntegrateAndFire):
            values[name] = np.minimum(values[name], 1)
    return values


def constants(graph, images):
    """Return c of each node: the bound of its error in sums over time."""
    bounds = {}
    for name, node in graph.nodes.items():
        layer, given_bounds = node.layer, [bounds[source] for source in node.inputs] or [np.zeros_like(images)]
        if isinstance(layer, layers.Dense | layers.Convolution | LinearMap):
            layer = type(layer)(**{**vars(layer), "weights": np.abs(layer.weights), "bias": np.zeros_like(layer.bias)})
        bounds[name] = compute(layer, *given_bounds) + isinstance(layer, IntegrateAndFire)
    return bounds


@settings(max_examples=60)
@given(
    graph=graphs(),
    steps=st.sampled_from([1, 10, 60]),
    normalisation=st.sampled_from(["percentile:80", "percentile:99.9", "maximum", "model"]),
    per_channel=st.booleans(),
    pool_first=st.booleans(),
    initial=st.sampled_from([0.0, 0.5]),
)
def test_rates_of_random_graphs_approach_the_clipped_activations(graph, steps, **options):
    images = images_for(graph, 4)
    network = convert(graph, images, recent=1.0, **options)
    result = simulate(network, images, steps, dtype="float64", keep="counts")
    expected, bounds = clipped(network.graph, images), constants(network.graph, images)
    rounding = 1e-9 * steps
    for name, counts in result.counts.items():
        assert (np.abs(counts - expected[name] * steps) <= bounds[name] + rounding).all(), name
    assert (np.abs(result.scores - expected["scores"] * steps) <= bounds["scores"] + rounding).all()


def test_scores_of_a_network_without_saturation_are_those_of_the_analogue_network():
    graph = residual(np.random.default_rng(4))
    images = images_for(graph, 8)
    network = convert(graph, images, normalisation="maximum", recent=1.0)
    expected = scores(graph, images)
    errors = [np.abs(simulate(network, images, steps).scores / steps - expected).max() for steps in (100, 1000)]
    assert errors[0] < 0.1 * np.abs(expected).max()
    assert errors[1] < 0.2 * errors[0]


def test_saturated_neurons_stay_at_one_spike_in_each_step():
    # activations 0.5 to 4, of which the scale takes the median, 1: the larger ones are clipped
    layer = layers.Dense(np.array([[0.5], [1.0], [2.0], [4.0]]), np.zeros(4))
    graph = chain((1,), layer=layer, relu=layers.ReLU(), last=dense(np.random.default_rng(0), 2, 4))
    images = np.ones((1, 1))
    network = convert(graph, images, normalisation="percentile:50", per_channel=False)
    counts = simulate(network, images, 64, keep="counts").counts["relu"][0]
    assert network.scales["relu"][0] == pytest.approx(1, rel=0.006)
    np.testing.assert_array_equal(counts, [32, 64, 64, 64])


@pytest.mark.parametrize("initial, error", [(0.0, 1.0), (0.5, 0.5)])
def test_half_a_threshold_at_the_start_halves_the_error(initial, error):
    activations = np.linspace(0, 1, 101)
    layer = layers.Dense(activations[:, None], np.zeros(101))
    graph = chain((1,), layer=layer, relu=layers.ReLU(), last=dense(np.random.default_rng(0), 2, 101))
    network = convert(graph, np.ones((1, 1)), normalisation="maximum", per_channel=False, initial=initial)
    counts = simulate(network, np.ones((1, 1)), 16, keep="counts", dtype="float64").counts["relu"][0]
    found = np.abs(counts - 16 * activations).max()
    assert 0.9 * error < found <= error + 1e-9


def test_reset_to_zero_has_an_error_that_does_not_vanish():
    # 0.75 needs two steps to the threshold: half the rate that it should be, whatever the time
    layer = layers.Dense(np.array([[0.75], [1.0]]), np.zeros(2))
    graph = chain((1,), layer=layer, relu=layers.ReLU(), last=dense(np.random.default_rng(0), 2, 2))
    options = {"normalisation": "maximum", "per_channel": False, "initial": 0.0}
    for reset, expected in (("zero", 500), ("subtraction", 750)):
        network = convert(graph, np.ones((1, 1)), reset=reset, **options)
        counts = simulate(network, np.ones((1, 1)), 1000, keep="counts", dtype="float64").counts["relu"][0]
        np.testing.assert_array_equal(counts, [expected, 1000])


def test_poisson_input_approaches_the_same_scores():
    graph = residual(np.random.default_rng(4))
    images = images_for(graph, 4)
    network = convert(graph, images, encoding="poisson", normalisation="maximum", recent=1.0)
    found = simulate(network, images, 4000).scores / 4000
    expected = scores(graph, images)
    assert np.abs(found - expected).max() < 0.15 * np.abs(expected).max()


def test_negative_images_drive_neurons_through_negative_weights():
    layer = layers.Dense(np.array([[-1.0, 0.0], [0.0, 1.0]]), np.zeros(2))
    graph = chain((2,), layer=layer, relu=layers.ReLU(), last=dense(np.random.default_rng(0), 2, 2))
    images = np.array([[-0.5, -0.5], [-1.0, 1.0]])
    for encoding in ("analog", "poisson"):
        network = convert(graph, images, normalisation="maximum", encoding=encoding)
        counts = simulate(network, images, 400, keep="counts").counts["relu"]
        np.testing.assert_allclose(counts, [[200, 0], [400, 400]], atol=0 if encoding == "analog" else 40)
