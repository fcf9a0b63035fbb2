"""Graphs: shapes worked out by hand, and one error that names the node for each way to be wrong."""

import numpy as np
import pytest
from graphs import chain, convolution, dense, every_kind, normalisation

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node

RNG = np.random.default_rng(0)


def test_shapes_by_hand():
    shapes = every_kind(RNG).shapes
    assert shapes["stem.conv"] == (4, 8, 8)  # a window of 3 with padding 1 keeps the size
    assert shapes["mean"] == (4, 4, 4)
    assert shapes["maximum"] == (4, 4, 4)  # floor((8 + 2 - 3) / 2) + 1
    assert shapes["both"] == (8, 4, 4)
    assert shapes["flat"] == (128,)
    assert shapes["output"] == (5,)


def test_the_shape_of_a_strided_and_dilated_convolution_by_hand():
    layer = layers.Convolution(np.ones((6, 2, 3, 2)), np.zeros(6), (2, 1), (1, 0), (2, 3), groups=3)
    # height: a span of 2 * 2 + 1 = 5 in 10 + 2, every second place; width: a span of 4 in 9
    assert layer.output_shape((6, 10, 9)) == (6, 4, 6)


def test_consumers_and_names():
    graph = every_kind(RNG)
    assert graph.consumers("stem/relu") == ["left", "sum", "maximum"]
    assert graph.names(layers.Convolution, layers.Dense) == ["stem.conv", "left", "dense"]
    assert graph.names(layers.Pooling) == ["mean", "maximum"]


def test_a_graph_says_what_it_is_and_where_its_branches_come_from():
    lines = repr(every_kind(RNG)).splitlines()
    assert lines[0] == "Graph of 15 nodes: (2, 8, 8) to (5,), 845 weights and biases"  # 76 + 16 + 76 + 32 + 645
    assert lines[3] == "  stem.norm  BatchNormalisation  (4, 8, 8)"
    assert lines[6] == "  sum        Add                 (4, 8, 8)  from left, stem/relu"
    assert lines[8].endswith("(4, 4, 4)  from stem/relu")


def test_the_layer_of_a_node_is_of_the_kind_asked_for():
    graph = every_kind(RNG)
    assert graph.layer("mean", layers.Pooling) is graph.nodes["mean"].layer
    with pytest.raises(TypeError, match="mean is a AveragePooling, not a MaxPooling"):
        graph.layer("mean", layers.MaxPooling)


def test_without_joins_what_was_around_the_removed_nodes():
    graph = every_kind(RNG).without({"stem.norm", "stem/relu", "drop"})
    assert graph.nodes["left"].inputs == ("stem.conv",)
    assert graph.nodes["sum"].inputs == ("left", "stem.conv")
    assert graph.nodes["dense"].inputs == ("flat",)
    assert "drop" not in graph.nodes


def test_with_layers_changes_these_only():
    graph, relu = every_kind(RNG), layers.ReLU()
    changed = graph.with_layers({"drop": relu})
    assert changed.nodes["drop"] == Node(relu, ("flat",))
    assert all(changed.nodes[name] == node for name, node in graph.nodes.items() if name != "drop")


IMAGE, FEATURES = (2, 8, 8), (7,)
ONE = (1, 1)
WRONG = {
    # name of the case: (shape of the input, layer, what the message says)
    "dense on an image": (IMAGE, dense(RNG, 3, 7), "middle (Dense): expects 7 features, gets shape (2, 8, 8)"),
    "dense on other features": (FEATURES, dense(RNG, 3, 8), "expects 8 features, gets shape (7,)"),
    "bias of another length": (FEATURES, layers.Dense(np.ones((3, 7)), np.ones(1)), "bias of shape (1,)"),
    "no outputs": (FEATURES, layers.Dense(np.ones((0, 7)), np.ones(0)), "weights of shape (0, 7)"),
    "convolution of other channels": (
        IMAGE,
        convolution(RNG, 3, 4),
        "expects (4, height, width), gets shape (2,",
    ),
    "convolution on features": (FEATURES, convolution(RNG, 3, 4), "expects (4, height, width), gets shape (7,)"),
    "groups of unequal size": (IMAGE, convolution(RNG, 3, 1, groups=2), "3 outputs in 2 groups; expected equal groups"),
    "window too large": (IMAGE, convolution(RNG, 3, 2, 9, 0), "a window of [9, 9] does not fit into (8, 8)"),
    "pooling of features": (FEATURES, layers.MaxPooling(ONE, ONE), "expects (channels, height, width)"),
    "windows of padding only": (
        IMAGE,
        layers.MaxPooling(ONE, ONE, ONE),
        "padding (1, 1) leaves windows of (1, 1)",
    ),
    "batch norm of other channels": (IMAGE, normalisation(RNG, 3), "expects 3 channels, gets shape (2, 8, 8)"),
    "softmax of an image": (IMAGE, layers.Softmax(), "expects features, gets shape (2, 8, 8); put a Flatten before"),
    "not a number": (FEATURES, layers.Dense(np.full((3, 7), np.nan), np.ones(3)), "middle: weights holds values that"),
    "infinite": (FEATURES, layers.Dense(np.ones((3, 7)), np.full(3, np.inf)), "middle: bias holds values that"),
    "no numbers": (FEATURES, layers.Dense(np.full((3, 7), None), np.ones(3)), "middle: weights holds values that"),
    "one summand": (FEATURES, layers.Add(), "middle: has 1 inputs, expected two or more"),
}


@pytest.mark.parametrize("shape, layer, message", WRONG.values(), ids=WRONG)
def test_a_layer_that_does_not_fit_is_named(shape, layer, message):
    with pytest.raises(ConversionError) as error:
        chain(shape, middle=layer)
    assert "middle" in str(error.value)
    assert message in str(error.value)


SOURCE, END = Node(layers.Input(FEATURES)), layers.Output()
BROKEN = {
    "unknown input": ({"a": SOURCE, "b": Node(END, ("c",))}, "b: input 'c' is not among the nodes before it"),
    "wrong order": ({"b": Node(END, ("a",)), "a": SOURCE}, "b: input 'a' is not among the nodes before it"),
    "circle": ({"a": SOURCE, "b": Node(layers.Add(), ("a", "b"))}, "b: input 'b' is not among"),
    "two inputs of a ReLU": ({"a": SOURCE, "b": Node(layers.ReLU(), ("a", "a"))}, "b: has 2 inputs, expected 1"),
    "no output": ({"a": SOURCE, "b": Node(layers.ReLU(), ("a",))}, "expected one Output node, found 0"),
    "two inputs": ({"a": SOURCE, "b": SOURCE, "c": Node(END, ("a",))}, "expected one Input node, found 2: a, b"),
    "dead end": (
        {"a": SOURCE, "b": Node(layers.ReLU(), ("a",)), "c": Node(END, ("a",))},
        "b: no node takes its output",
    ),
    "unequal summands": (
        {"a": SOURCE, "b": Node(dense(RNG, 3, 7), ("a",)), "c": Node(layers.Add(), ("a", "b"))},
        "c (Add): expects inputs of equal shape, gets (7,), (3,)",
    ),
}


@pytest.mark.parametrize("nodes, message", BROKEN.values(), ids=BROKEN)
def test_a_broken_graph_is_refused(nodes, message):
    with pytest.raises(ConversionError) as error:
        Graph(nodes)
    assert message in str(error.value)


def test_images_of_unequal_size_are_not_concatenated():
    nodes = dict(every_kind(RNG).nodes)
    nodes["both"] = Node(layers.Concatenate(), ("mean", "stem/relu"))
    with pytest.raises(ConversionError, match=r"both \(Concatenate\): expects inputs that differ in channels only"):
        Graph(nodes)


def test_features_are_concatenated():
    nodes = {"a": SOURCE, "b": Node(dense(RNG, 3, 7), ("a",)), "c": Node(layers.Concatenate(), ("a", "b"))}
    assert Graph({**nodes, "d": Node(END, ("c",))}).shapes["d"] == (10,)
