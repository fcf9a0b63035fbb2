"""A simplified graph computes what the graph before it computed, to 1e-10."""

import numpy as np
import pytest
from graphs import chain, convolution, dense, every_kind, linear_map, normalisation
from hypothesis import given, settings
from hypothesis import strategies as st

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import compute, scores
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.maps import Affine
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.passes.batch_normalisation import fold_batch_normalisation
from stdpnet.conversion.passes.dropout import remove_dropout
from stdpnet.conversion.passes.softmax import split_softmax

GONE = (layers.Dropout, layers.BatchNormalisation, layers.Softmax)


def same_scores(graph, other):
    """Compare what two graphs make of three images, some of their values negative."""
    (source,) = graph.names(layers.Input)
    images = np.random.default_rng(7).normal(size=(3, *graph.shapes[source]))
    np.testing.assert_allclose(scores(other, images), scores(graph, images), rtol=1e-10, atol=1e-10)


def graph_of(*nodes):
    """Return a graph from (name, layer, *names of inputs), closed by an output."""
    return Graph(
        {name: Node(layer, sources) for name, layer, *sources in nodes for sources in [tuple(sources)]}
        | {"output": Node(layers.Output(), (nodes[-1][0],))}
    )


def test_simplified_graphs_compute_the_same_up_to_the_softmax():
    graph = every_kind(np.random.default_rng(0))
    simple = simplify(graph)
    assert simple.names(*GONE) == []
    same_scores(split_softmax(graph), simple)
    images = np.random.default_rng(1).normal(size=(4, 2, 8, 8))
    np.testing.assert_allclose(compute(layers.Softmax(), scores(simple, images)), scores(graph, images), rtol=1e-10)


def test_dropout_is_taken_out():
    rng = np.random.default_rng(0)
    graph = chain((4,), a=layers.Dropout(), b=dense(rng, 3, 4), c=layers.Dropout(), d=layers.Dropout())
    assert list(remove_dropout(graph).nodes) == ["input", "b", "output"]
    same_scores(graph, remove_dropout(graph))


def test_folding_into_a_dense_layer_by_hand():
    before = layers.Dense(np.array([[1.0, 2.0]]), np.array([3.0]))
    norm = layers.BatchNormalisation(*(np.array([value]) for value in (5.0, 7.0, 11.0, 3.0)), epsilon=1.0)
    folded = fold_batch_normalisation(chain((2,), before=before, norm=norm)).nodes["before"].layer
    # 5 * (x + 2 y + 3 - 11) / sqrt(3 + 1) + 7
    np.testing.assert_array_equal(folded.weights, [[2.5, 5.0]])
    np.testing.assert_array_equal(folded.bias, [-13.0])


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_batch_norm_goes_into_the_convolution_before_it(groups):
    rng = np.random.default_rng(0)
    graph = chain((4, 6, 6), conv=convolution(rng, 8, 4 // groups, groups=groups), norm=normalisation(rng, 8))
    folded = fold_batch_normalisation(graph)
    assert list(folded.nodes) == ["input", "conv", "output"]
    assert folded.nodes["conv"].layer.groups == groups
    same_scores(graph, folded)


def test_two_in_a_row_go_into_the_same_layer():
    rng = np.random.default_rng(0)
    graph = chain((4,), fc=dense(rng, 3, 4), one=normalisation(rng, 3), two=normalisation(rng, 3))
    assert list(fold_batch_normalisation(graph).nodes) == ["input", "fc", "output"]
    same_scores(graph, fold_batch_normalisation(graph))


def test_a_convolution_that_others_take_too_is_left_as_it_is():
    rng = np.random.default_rng(0)
    conv = convolution(rng, 3, 2)
    graph = graph_of(
        ("input", layers.Input((2, 5, 5))),
        ("conv", conv, "input"),
        ("norm", normalisation(rng, 3), "conv"),
        ("sum", layers.Add(), "norm", "conv"),
    )
    folded = fold_batch_normalisation(graph)
    assert folded.nodes["conv"].layer is conv
    norm = folded.nodes["norm"].layer
    assert (norm.weights.shape, norm.groups) == ((3, 1, 1, 1), 3)
    same_scores(graph, folded)


def test_two_batch_norms_of_one_convolution():
    rng = np.random.default_rng(0)
    graph = graph_of(
        ("input", layers.Input((2, 5, 5))),
        ("conv", convolution(rng, 3, 2), "input"),
        ("one", normalisation(rng, 3), "conv"),
        ("two", normalisation(rng, 3), "conv"),
        ("both", layers.Concatenate(), "one", "two"),
    )
    folded = fold_batch_normalisation(graph)
    assert folded.names(layers.Convolution) == ["conv", "one", "two"]
    same_scores(graph, folded)


BEFORE = {
    "input": (),
    "relu": (layers.ReLU(),),
    "average pooling": (layers.AveragePooling((2, 2), (2, 2), (1, 1)),),
    "max pooling": (layers.MaxPooling((2, 2), (2, 2)),),
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_batch_norm_without_a_layer_of_weights_before_it(before):
    rng = np.random.default_rng(0)
    middle = {f"before{i}": layer for i, layer in enumerate(before)}
    # padding after the offset: the convolution cannot take the offset over
    graph = chain((3, 6, 6), **middle, norm=normalisation(rng, 3), conv=convolution(rng, 2, 3))
    folded = fold_batch_normalisation(graph)
    assert folded.nodes["norm"].layer.groups == 3
    same_scores(graph, folded)


@pytest.mark.parametrize("join", [layers.Add(), layers.Concatenate()], ids=["sum", "concatenation"])
def test_batch_norm_after_two_branches(join):
    rng = np.random.default_rng(0)
    graph = graph_of(
        ("input", layers.Input((2, 5, 5))),
        ("conv", convolution(rng, 2, 2), "input"),
        ("join", join, "conv", "input"),
        ("norm", normalisation(rng, 2 if isinstance(join, layers.Add) else 4), "join"),
        ("relu", layers.ReLU(), "norm"),
    )
    assert fold_batch_normalisation(graph).names(layers.BatchNormalisation) == []
    same_scores(graph, fold_batch_normalisation(graph))


def test_batch_norm_of_features_goes_into_the_dense_layers_after_it():
    rng = np.random.default_rng(0)
    graph = graph_of(
        ("input", layers.Input((6,))),
        ("relu", layers.ReLU(), "input"),
        ("norm", normalisation(rng, 6), "relu"),
        ("a", dense(rng, 2, 6), "norm"),
        ("b", dense(rng, 2, 6), "norm"),
        ("after", normalisation(rng, 2), "b"),
        ("sum", layers.Add(), "a", "after"),
    )
    folded = fold_batch_normalisation(graph)
    assert list(folded.nodes) == ["input", "relu", "a", "b", "sum", "output"]
    same_scores(graph, folded)


def test_batch_norm_of_features_elsewhere_takes_a_number_for_each():
    rng = np.random.default_rng(0)
    graph = chain((6,), norm=normalisation(rng, 6), relu=layers.ReLU(), two=normalisation(rng, 6))
    folded = fold_batch_normalisation(graph)
    assert max(array.size for node in folded.nodes.values() for array in node.layer.arrays().values()) == 6
    same_scores(graph, folded)


def test_batch_norm_of_sequences():
    graph = chain((4, 5), norm=normalisation(np.random.default_rng(0), 4))
    same_scores(graph, simplify(graph))


@pytest.mark.parametrize("padding, offset, gone", [(0, True, True), (1, False, True), (1, True, False)])
def test_a_factor_goes_into_the_convolution_after_it_and_an_offset_unless_that_pads(padding, offset, gone):
    rng = np.random.default_rng(0)
    factor = Affine(rng.normal(size=4), offset * rng.normal(size=4))
    after = convolution(rng, 6, 2, padding=padding, groups=2)
    graph = chain((4, 5, 5), relu=layers.ReLU(), factor=factor, after=after)
    folded = fold_batch_normalisation(graph)
    assert ("factor" not in folded.nodes) == gone
    same_scores(graph, folded)


def test_an_all_zero_layer_stays_zero_up_to_the_offset():
    rng = np.random.default_rng(0)
    zero = layers.Convolution(np.zeros((3, 2, 3, 3)), np.zeros(3))
    graph = chain((2, 5, 5), zero=zero, norm=normalisation(rng, 3), relu=layers.ReLU())
    assert not simplify(graph).nodes["zero"].layer.weights.any()
    same_scores(graph, simplify(graph))


@pytest.mark.parametrize("softmax", [layers.Softmax(), layers.LogSoftmax()])
def test_the_final_softmax_is_split_off_and_the_order_of_scores_stays(softmax):
    graph = chain((6,), fc=dense(np.random.default_rng(0), 4, 6), softmax=softmax)
    simple = split_softmax(graph)
    assert list(simple.nodes) == ["input", "fc", "output"]
    images = np.random.default_rng(1).normal(size=(20, 6))
    np.testing.assert_array_equal(scores(simple, images).argsort(axis=1), scores(graph, images).argsort(axis=1))


def test_a_softmax_elsewhere_is_refused():
    graph = chain((6,), attention=layers.Softmax(), relu=layers.ReLU())
    with pytest.raises(ConversionError, match="attention: a softmax before relu; expected it before the output only"):
        simplify(graph)


KINDS = ("conv", "grouped", "norm", "affine", "relu", "drop", "map", "mean", "maximum", "sum", "both")


@settings(max_examples=60, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(0, 99)), max_size=10))
def test_random_graphs_compute_the_same(plan):
    """Each step takes one or two of the nodes so far, by number; what is left over is summed at the end."""
    rng = np.random.default_rng(len(plan))
    make = {
        "conv": lambda c: convolution(rng, 4, c),
        "grouped": lambda c: convolution(rng, 4, c // 2, groups=2),
        "norm": lambda c: normalisation(rng, c),
        "affine": lambda c: Affine(*rng.normal(size=(2, c))),
        "map": lambda c: linear_map(rng, (4, 4, 4), (4, 4, 4)),
        "relu": lambda c: layers.ReLU(),
        "drop": lambda c: layers.Dropout(),
        "mean": lambda c: layers.AveragePooling((3, 3), (1, 1), (1, 1)),
        "maximum": lambda c: layers.MaxPooling((3, 3), (1, 1), (1, 1)),
    }
    nodes = {"input": Node(layers.Input((4, 4, 4)))}
    for i, (kind, first, second) in enumerate(plan):
        four = [name for name in nodes if "joined" not in name]  # nodes of four channels
        a, b = (four[number % len(four)] for number in (first, second))
        if kind == "both":
            nodes[f"{i}joined"] = Node(layers.Concatenate(), (a, b))
            nodes[f"{i}both"] = Node(convolution(rng, 4, 8, 1, 0), (f"{i}joined",))
        else:
            nodes[f"{i}{kind}"] = Node(layers.Add(), (a, b)) if kind == "sum" else Node(make[kind](4), (a,))
    taken = {source for node in nodes.values() for source in node.inputs}
    ends = tuple(name for name in nodes if name not in taken)
    if len(ends) > 1:
        nodes["ends"] = Node(layers.Add(), ends)
        ends = ("ends",)
    graph = Graph({**nodes, "output": Node(layers.Output(), ends)})
    simple = simplify(graph)
    assert simple.names(*GONE) == []
    same_scores(graph, simple)
