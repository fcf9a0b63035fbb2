"""A normalised graph computes the same, in other units; the units are what they should be."""

import numpy as np
import pytest
from graphs import chain, convolution, dense
from hypothesis import given, settings
from hypothesis import strategies as st
from spiking_graphs import graphs, images_for, residual

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import forward, scores
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.passes.normalise import normalise
from stdpnet.conversion.passes.pool_first import move_pooling_first
from stdpnet.conversion.thresholds.data_based import input_scale, relu_scales
from stdpnet.conversion.thresholds.model_based import relu_bounds


def shaped(scale, values):
    """Return a scale of each channel, to be multiplied with values (n_images, channels, ...)."""
    return scale.reshape(-1, *(1,) * (values.ndim - 2))


def assert_same_in_other_units(graph, images, given_scales, size):
    new, scales = normalise(graph, given_scales, size)
    expected, found = forward(graph, images), forward(new, images / shaped(size, images))
    for name, values in expected.items():
        rescaled = found[name] * shaped(scales[name], values)
        np.testing.assert_allclose(rescaled, values, rtol=1e-9, atol=1e-9 * max(1, np.abs(values).max()), err_msg=name)
    for name, scale in given_scales.items():
        np.testing.assert_array_equal(scales[name], scale)
    np.testing.assert_array_equal(scales["scores"], 1)


@settings(max_examples=60)
@given(graph=graphs(), seed=st.integers(0, 1000))
def test_every_node_of_a_random_graph_computes_the_same_up_to_its_scale(graph, seed):
    rng = np.random.default_rng(seed)
    given_scales = {name: rng.uniform(0.2, 5, graph.shapes[name][0]) for name in graph.names(layers.ReLU)}
    size = rng.uniform(0.2, 5, graph.shapes["image"][0])
    assert_same_in_other_units(graph, images_for(graph, 2), given_scales, size)


@pytest.mark.parametrize("per_channel", [True, False])
@pytest.mark.parametrize("normalisation", ["model", "maximum", "percentile:99"])
def test_each_normalisation_keeps_the_outputs(normalisation, per_channel):
    graph = residual(np.random.default_rng(1))
    images = images_for(graph, 20)
    found = relu_scales(graph, images, normalisation, per_channel)
    assert_same_in_other_units(graph, images, found, input_scale(graph, images))
    for scale in found.values():
        assert per_channel or len(np.unique(scale)) == 1


@settings(max_examples=40)
@given(graph=graphs(), per_channel=st.booleans())
def test_no_activation_exceeds_the_bound_of_the_model(graph, per_channel):
    images = np.clip(images_for(graph, 30), -0.5, 1)
    bounds, values = relu_bounds(graph, -0.5, 1.0, per_channel), forward(graph, images)
    for name, bound in bounds.items():
        assert (values[name] <= shaped(bound, values[name]) * (1 + 1e-12) + 1e-12).all()


def test_the_bound_of_the_model_is_diehls_sum_of_positive_weights():
    # without biases, for inputs up to 1: rows (1, 2, -4) and (0.5, 0, 0), then their larger bound 3 comes in
    first = layers.Dense(np.array([[1.0, 2.0, -4.0], [0.5, 0.0, 0.0]]), np.zeros(2))
    second = layers.Dense(np.array([[2.0, -1.0], [1.0, 1.5]]), np.zeros(2))
    graph = chain((3,), first=first, r1=layers.ReLU(), second=second, r2=layers.ReLU())
    bounds = relu_bounds(graph, 0.0, 1.0, per_channel=False)
    np.testing.assert_array_equal(bounds["r1"], [3, 3])
    np.testing.assert_array_equal(bounds["r2"], [7.5, 7.5])
    bounds = relu_bounds(graph, 0.0, 1.0, per_channel=True)
    np.testing.assert_array_equal(bounds["r1"], [3, 0.5])
    np.testing.assert_array_equal(bounds["r2"], [6, 3.75])


def test_a_bound_is_reached_by_the_image_that_drives_all_positive_weights():
    filters = layers.Convolution(np.array([[[[1.0, -2.0], [0.5, 0.0]]]]), np.array([0.25]))
    graph = chain((1, 2, 2), filters=filters, relu=layers.ReLU())
    bound = relu_bounds(graph, -1.0, 1.0, True)["relu"]
    image = np.array([[[[1.0, -1.0], [1.0, 0.0]]]])
    np.testing.assert_array_equal(forward(graph, image)["relu"].ravel(), bound)
    np.testing.assert_array_equal(bound, 3.75)


def test_a_bound_holds_at_the_border_where_zeros_are_padded():
    # the first layer is 5 everywhere; nine of them are subtracted in the middle, four in a corner
    five = layers.Convolution(np.zeros((1, 1, 1, 1)), np.array([5.0]))
    fewer = layers.Convolution(-np.ones((1, 1, 3, 3)), np.array([50.0]), padding=(1, 1))
    graph = chain((1, 3, 3), five=five, fewer=fewer, relu=layers.ReLU())
    values = forward(graph, np.zeros((1, 1, 3, 3)))["relu"]
    assert values.min() == 5 and values.max() == 30
    np.testing.assert_array_equal(relu_bounds(graph, 0.0, 1.0, True)["relu"], 50)


def test_a_bound_holds_for_an_average_over_padded_zeros():
    # the average is 1 in the middle and 1/4 in a corner: what subtracts it is smallest there
    one = layers.Convolution(np.zeros((1, 1, 1, 1)), np.array([1.0]))
    dense = layers.Dense(-np.ones((1, 9)), np.array([10.0]))
    middle = {"one": one, "first": layers.ReLU(), "pool": layers.AveragePooling((2, 2), (2, 2), (1, 1))}
    graph = chain((1, 4, 4), **middle, flat=layers.Flatten(), dense=dense, relu=layers.ReLU())
    value = forward(graph, np.zeros((1, 1, 4, 4)))["relu"].item()
    assert value == 10 - (4 * 0.25 + 4 * 0.5 + 1)
    assert relu_bounds(graph, 0.0, 1.0, True)["relu"] >= value


def test_data_based_rates_reach_one():
    graph = residual(np.random.default_rng(1))
    images = images_for(graph, 20)
    new, _ = normalise(graph, relu_scales(graph, images, "maximum", True), np.ones(2))
    values = forward(new, images)
    for name in graph.names(layers.ReLU):
        np.testing.assert_allclose(values[name].max(axis=(0, 2, 3)), 1, rtol=1e-6)  # observed in single precision


def test_weights_and_biases_by_hand():
    # W' = W * 2 / 4, b' = b / 4; then to the output in units of 1
    graph = chain((1,), a=layers.Dense(np.array([[3.0]]), np.array([2.0])), r=layers.ReLU(), b=dense_of(5.0, 6.0))
    new, _ = normalise(graph, {"r": np.array([4.0])}, np.array([2.0]))
    np.testing.assert_array_equal(new.nodes["a"].layer.weights, [[1.5]])
    np.testing.assert_array_equal(new.nodes["a"].layer.bias, [0.5])
    np.testing.assert_array_equal(new.nodes["b"].layer.weights, [[20.0]])
    np.testing.assert_array_equal(new.nodes["b"].layer.bias, [6.0])


def dense_of(weight, bias):
    return layers.Dense(np.array([[weight]]), np.array([bias]))


def test_an_identity_shortcut_is_multiplied_by_the_quotient_of_the_scales_and_nothing_else_is_added():
    graph = residual(np.random.default_rng(1))
    found = {name: np.full(graph.shapes[name][0], 2.0 + k) for k, name in enumerate(graph.names(layers.ReLU))}
    new, _ = normalise(graph, found, np.ones(2))
    added = set(new.nodes) - set(graph.nodes)
    assert added == {"pool to sum (1)"}
    np.testing.assert_array_equal(new.nodes["pool to sum (1)"].layer.weights.ravel(), [2 / 3] * 3)


def test_the_same_input_twice_in_a_sum_counts_twice():
    rng = np.random.default_rng(0)
    graph = Graph(
        {
            "image": Node(layers.Input((1, 3, 3))),
            "filters": Node(convolution(rng, 2, 1), ("image",)),
            "relu": Node(layers.ReLU(), ("filters",)),
            "sum": Node(layers.Add(), ("relu", "relu")),
            "sum relu": Node(layers.ReLU(), ("sum",)),
            "flat": Node(layers.Flatten(), ("sum relu",)),
            "scores": Node(layers.Output(), ("flat",)),
        }
    )
    scales = {"relu": np.array([2.0, 3.0]), "sum relu": np.array([5.0, 7.0])}
    assert_same_in_other_units(graph, images_for(graph, 3), scales, np.ones(1))


@pytest.mark.parametrize("normalisation", ["model", "maximum", "percentile:99.9"])
def test_a_layer_that_is_never_active_has_scale_one(normalisation):
    silent = layers.Dense(np.zeros((4, 3)), -np.ones(4))
    graph = chain((3,), silent=silent, relu=layers.ReLU(), last=dense(np.random.default_rng(0), 2, 4))
    images = images_for(graph, 5)
    for per_channel in (True, False):
        found = relu_scales(graph, images, normalisation, per_channel)
        np.testing.assert_array_equal(found["relu"], 1)
        new, _ = normalise(graph, found, np.ones(3))
        np.testing.assert_array_equal(scores(new, images), scores(graph, images))


@pytest.mark.parametrize("normalisation", ["maximum", "percentile:100", "percentile:99.9"])
def test_a_channel_that_is_never_active_takes_the_scale_of_its_layer(normalisation):
    graph = chain((1,), a=layers.Dense(np.array([[-1.0], [2.0], [4.0]]), np.zeros(3)), r=layers.ReLU())
    found = relu_scales(graph, np.array([[1.0], [1.0]]), normalisation, True)["r"]
    np.testing.assert_allclose(found, [4, 2, 4], rtol=0.006)


def test_black_images_have_input_scale_one():
    graph = chain((2, 3, 3), flat=layers.Flatten())
    np.testing.assert_array_equal(input_scale(graph, np.zeros((4, 2, 3, 3))), [1, 1])
    np.testing.assert_array_equal(input_scale(graph, np.full((4, 2, 3, 3), -3.0)), [3, 3])


@settings(max_examples=60)
@given(graph=graphs())
def test_pooling_first_gives_the_same(graph):
    images = images_for(graph, 3)
    moved = move_pooling_first(graph)
    np.testing.assert_array_equal(scores(moved, images), scores(graph, images))
    for name in moved.names(layers.MaxPooling):
        (source,) = moved.nodes[name].inputs
        assert not isinstance(moved.nodes[source].layer, layers.ReLU) or len(moved.consumers(source)) > 1
    assert {name: node.layer for name, node in moved.nodes.items()} == {
        name: node.layer for name, node in graph.nodes.items()
    }


def test_several_in_a_row_change_places_and_keep_their_names():
    rng, pool = np.random.default_rng(0), layers.MaxPooling((2, 2), (1, 1))
    middle = {"conv": convolution(rng, 2, 1), "r1": layers.ReLU(), "r2": layers.ReLU(), "p1": pool, "p2": pool}
    graph = chain((1, 5, 5), **middle, last=convolution(rng, 2, 2))
    moved = move_pooling_first(graph)
    assert list(moved.nodes) == ["input", "conv", "p1", "p2", "r1", "r2", "last", "output"]
    assert moved.nodes["r1"].inputs == ("p2",)
    images = images_for(graph, 3)
    np.testing.assert_array_equal(scores(moved, images), scores(graph, images))


def test_pooling_stays_behind_neurons_that_others_listen_to():
    graph = residual(np.random.default_rng(0))
    assert move_pooling_first(graph).nodes["stem relu"].inputs == ("pool",)
    nodes = dict(graph.nodes)
    nodes["pool"] = Node(layers.MaxPooling((3, 3), (1, 1), (1, 1)), ("stem relu",))
    nodes["sum"] = Node(layers.Add(), ("branch", "stem relu"))
    shared = Graph({**nodes, "mean": Node(layers.AveragePooling((5, 5), (5, 5)), ("peak",))})
    assert move_pooling_first(shared).nodes["pool"].inputs == ("stem relu",)


def test_layers_without_bounds_are_named():
    graph = chain((3,), drop=layers.Dropout(), relu=layers.ReLU())
    with pytest.raises(ConversionError, match="Dropout: no bounds are known for this layer; simplify the graph first"):
        relu_bounds(graph, 0.0, 1.0, True)
