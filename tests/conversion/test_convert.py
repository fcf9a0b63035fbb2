"""What conversion makes of a graph, and what it refuses."""

import numpy as np
import pytest
from graphs import chain, convolution, dense, every_kind
from hypothesis import given, settings
from hypothesis import strategies as st
from spiking_graphs import graphs, images_for, residual

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.ann.architectures import build
from stdpnet.conversion.convert import check_graph, convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import forward, scores
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.fixed_point import fixed_point
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import MembranePotential, SpikeCount


def test_a_converted_network_is_the_normalised_analogue_network_for_the_reference():
    graph = residual(np.random.default_rng(2))
    images = images_for(graph, 10)
    converted = convert(graph, images, normalisation="maximum", pool_first=False)
    expected, found = forward(graph, images), forward(converted.graph, images)
    for name in graph.names(layers.ReLU, layers.MaxPooling, layers.Output):
        scale = converted.scales[name].reshape(-1, *(1,) * (expected[name].ndim - 2))
        np.testing.assert_allclose(found[name] * scale, expected[name], atol=1e-4 * np.abs(expected[name]).max())


def test_a_module_is_converted_as_its_graph_is():
    images = np.random.default_rng(3).random((20, 1, 8, 9))
    model = build("resnet20", (1, 8, 9), 3).eval()
    converted, expected = convert(model, images), convert(import_model(model, (1, 8, 9)), images)
    assert list(converted.graph.nodes) == list(expected.graph.nodes)
    for name, scale in expected.scales.items():
        np.testing.assert_array_equal(converted.scales[name], scale)
    with pytest.raises(ConversionError, match="model is a str; expected a torch"):
        convert("model.pt", images)


@settings(max_examples=40)
@given(graph=graphs(), encoding=st.sampled_from(["analog", "poisson"]))
def test_fixed_point_weights_are_close_and_their_sums_exact(graph, encoding):
    images = images_for(graph, 5)
    converted = convert(graph, images, encoding=encoding)
    again = fixed_point(converted.graph)
    rng = np.random.default_rng(0)
    for name in converted.graph.names(layers.Dense):
        layer, source = converted.graph.nodes[name].layer, converted.graph.nodes[name].inputs[0]
        np.testing.assert_array_equal(again.nodes[name].layer.weights, layer.weights)
        if isinstance(converted.graph.nodes[source].layer, IntegrateAndFire):
            weights = np.float32(layer.weights)
            np.testing.assert_array_equal(weights, layer.weights)
            for row in weights[:, rng.random(weights.shape[1]) < 0.7]:
                order = rng.permutation(row)
                assert np.add.accumulate(order, dtype=np.float32)[-1:] == np.float32(row.sum(dtype=float))


def test_counted_outputs_share_one_scale():
    graph = chain((3,), hidden=dense(np.random.default_rng(1), 4, 3), relu=layers.ReLU(), last=last_layer())
    converted = convert(graph, images_for(graph, 20), readout="count")
    neurons = "output neurons"
    assert isinstance(converted.graph.nodes[neurons].layer, IntegrateAndFire)
    assert isinstance(converted.readout, SpikeCount)
    assert len(np.unique(converted.scales[neurons])) == 1
    values = forward(graph, images_for(graph, 20))["last"]
    assert converted.scales[neurons][0] == pytest.approx(values.max(), rel=0.01)


def last_layer():
    return dense(np.random.default_rng(2), 2, 4)


def test_poisson_input_is_scaled_to_the_largest_pixel():
    graph = residual(np.random.default_rng(1))
    images = images_for(graph, 4)
    converted = convert(graph, images, encoding="poisson", seed=5)
    layer = converted.graph.nodes["image"].layer
    np.testing.assert_array_equal(layer.scale, np.abs(images).max())
    assert layer.seed == 5
    np.testing.assert_allclose(scores(converted.graph, images / layer.scale[0]), scores(graph, images), atol=1e-3)


def test_gates_on_currents_do_not_count_as_spiking():
    graph = residual(np.random.default_rng(0))
    first = convert(graph, images_for(graph, 4))
    behind = convert(graph, images_for(graph, 4), pool_first=False)
    assert isinstance(first.graph.nodes["pool"].layer, MaxGate)
    assert "pool" not in first.spiking_layers
    assert "stem relu" in first.spiking_layers
    assert {"stem relu", "pool"} <= set(behind.spiking_layers)
    assert isinstance(behind.graph.nodes["pool"].layer, MaxGate)


def simple(**changes):
    rng = np.random.default_rng(0)
    middle = {"filters": convolution(rng, 2, 1), "relu": layers.ReLU(), "flat": layers.Flatten()}
    return chain((1, 3, 3), **middle, last=dense(rng, 3, 18), **changes)


@pytest.mark.parametrize(
    "layer, name",
    [
        (layers.Dropout(), "extra: a Dropout has no spiking counterpart; call passes.simplify first"),
        (layers.Softmax(), "extra: a Softmax has no spiking counterpart; call passes.simplify first"),
        (layers.BatchNormalisation(*np.ones((4, 3))), "extra: a BatchNormalisation has no spiking"),
    ],
)
def test_what_has_no_spiking_counterpart_is_named(layer, name):
    with pytest.raises(ConversionError, match=name):
        check_graph(simple(extra=layer), "analog")
    network = convert(simple(extra=layer), images_for(simple(), 2))  # simplifies by itself
    assert "extra" not in network.graph.nodes


def test_an_imported_graph_and_a_simplified_one_give_the_same_bits():
    graph = every_kind(np.random.default_rng(0))
    images = images_for(graph, 6)
    one, other = convert(graph, images), convert(simplify(graph), images)
    assert list(one.graph.nodes) == list(other.graph.nodes)
    for name, node in one.graph.nodes.items():
        for field, array in node.layer.arrays().items():
            np.testing.assert_array_equal(array, getattr(other.graph.nodes[name].layer, field))
        np.testing.assert_array_equal(one.scales[name], other.scales[name])


def test_a_graph_without_relu_is_refused():
    graph = chain((3,), last=dense(np.random.default_rng(0), 2, 3))
    with pytest.raises(ConversionError, match="the graph has no ReLU, so that nothing would spike"):
        convert(graph, images_for(graph, 2))
    assert isinstance(convert(graph, images_for(graph, 2), encoding="poisson"), SpikingNetwork)


def test_an_output_of_images_is_refused():
    graph = chain((1, 3, 3), filters=convolution(np.random.default_rng(0), 2, 1), relu=layers.ReLU())
    with pytest.raises(ConversionError, match=r"output: the output has shape \(2, 3, 3\); expected \(classes,\)"):
        convert(graph, images_for(graph, 2))


@pytest.mark.parametrize(
    "images, message",
    [
        (np.zeros((2, 1, 4, 4)), r"images have shape \(2, 1, 4, 4\); expected \(n_images, 1, 3, 3\)"),
        (np.zeros((0, 1, 3, 3)), r"images have shape \(0, 1, 3, 3\)"),
        (np.zeros((2, 1, 3, 3), np.uint8), "images are uint8; expected float32 or float64"),
        (np.full((2, 1, 3, 3), np.nan), "images hold values that are not finite"),
    ],
)
def test_unusable_images_are_refused(images, message):
    with pytest.raises(ConversionError, match=message):
        convert(simple(), images)


@pytest.mark.parametrize("option", ["encoding", "readout", "reset", "normalisation", "gate"])
def test_unknown_options_are_named(option):
    with pytest.raises(ConversionError, match=f"{option} is 'other'; expected"):
        convert(simple(), images_for(simple(), 2), **{option: "other"})


def test_all_zero_layers_convert_and_stay_silent():
    silent = layers.Convolution(np.zeros((2, 1, 3, 3)), np.zeros(2), padding=(1, 1))
    graph = simple().with_layers({"filters": silent})
    images = images_for(graph, 3)
    result = simulate(convert(graph, images), images, 10)
    assert result.spikes["relu"].sum() == 0
    np.testing.assert_allclose(result.scores / 10, scores(graph, images), atol=1e-5)


def test_an_image_goes_in_as_current():
    graph = Graph({"image": Node(AnalogueInput((2,))), "scores": Node(MembranePotential(), ("image",))})
    result = simulate(SpikingNetwork(graph, {}), np.array([[0.25, -0.5]]), 4)
    np.testing.assert_array_equal(result.scores, [[1, -2]])


@pytest.mark.parametrize("text", ["sum", "cumulative:3", "exponential", "exponential:0", "finite:-2", "finite:1.5"])
def test_gates_refuse_unknown_options(text):
    graph = residual(np.random.default_rng(0))
    with pytest.raises(ConversionError, match=r"gate is '.*'; expected 'cumulative', |has a span of 0"):
        convert(graph, images_for(graph, 2), gate=text)
