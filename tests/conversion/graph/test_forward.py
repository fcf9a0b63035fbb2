"""The analogue network against PyTorch's functions, and against sums done by hand."""

import weakref

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from graphs import chain, convolution, dense, every_kind
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import MOST, ROOM, forward, images_at_once, outputs, scores
from stdpnet.conversion.graph.graph import Graph, Node

pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
paddings = st.tuples(st.integers(0, 3), st.integers(0, 3))
sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))
quick = settings(max_examples=60, derandomize=True)


def through(layer, images):
    """Return what one layer makes of images."""
    return scores(chain(images.shape[1:], layer=layer), images)


def same(found, tensor):
    np.testing.assert_allclose(found, tensor.numpy(), rtol=1e-11, atol=1e-12)


@quick
@given(sizes, pairs, pairs, paddings, pairs, st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
def test_convolution_is_that_of_pytorch(size, window, stride, padding, dilation, groups, inputs, outputs):
    rng = np.random.default_rng(0)
    spans = [d * (w - 1) + 1 for w, d in zip(window, dilation, strict=True)]
    assume(all(n + 2 * p >= span for n, p, span in zip(size, padding, spans, strict=True)))
    images = rng.normal(size=(2, inputs * groups, *size))
    weights, bias = rng.normal(size=(outputs * groups, inputs, *window)), rng.normal(size=outputs * groups)
    layer = layers.Convolution(weights, bias, stride, padding, dilation, groups)
    tensors = (torch.from_numpy(array) for array in (images, weights, bias))
    same(through(layer, images), F.conv2d(*tensors, stride, padding, dilation, groups))


@quick
@given(sizes, pairs, pairs, paddings)
def test_pooling_is_that_of_pytorch(size, window, stride, padding):
    rng = np.random.default_rng(0)
    assume(all(2 * p <= w <= n + 2 * p for n, w, p in zip(size, window, padding, strict=True)))
    images = rng.normal(size=(2, 3, *size))
    tensor = torch.from_numpy(images)
    same(through(layers.MaxPooling(window, stride, padding), images), F.max_pool2d(tensor, window, stride, padding))
    same(through(layers.AveragePooling(window, stride, padding), images), F.avg_pool2d(tensor, window, stride, padding))


def test_a_convolution_by_hand():
    image = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]])
    layer = layers.Convolution(np.array([[[[1.0, -1.0]]]]), np.array([0.5]))  # each pixel minus its right neighbour
    np.testing.assert_array_equal(through(layer, image[None, None]), [[[[-0.5, 2.5], [-2.5, 2.5]]]])


def test_padding_lowers_a_mean_and_never_raises_a_maximum():
    image = np.full((1, 1, 2, 2), -4.0)
    mean = through(layers.AveragePooling((2, 2), (2, 2), (1, 1)), image)
    maximum = through(layers.MaxPooling((2, 2), (2, 2), (1, 1)), image)
    np.testing.assert_array_equal(mean, np.full((1, 1, 2, 2), -1.0))  # one pixel and three places of padding
    np.testing.assert_array_equal(maximum, np.full((1, 1, 2, 2), -4.0))


@pytest.mark.parametrize("shape", [(4,), (4, 3, 2)])
def test_batch_normalisation_is_that_of_pytorch(shape):
    rng = np.random.default_rng(0)
    images, variance = rng.normal(size=(3, *shape)), rng.uniform(0, 2, 4)
    scale, shift, mean = rng.normal(size=(3, 4))
    expected = F.batch_norm(*(torch.from_numpy(a) for a in (images, mean, variance, scale, shift)), eps=0.01)
    same(through(layers.BatchNormalisation(scale, shift, mean, variance, 0.01), images), expected)


def test_softmax_is_that_of_pytorch_for_large_scores_too():
    features = np.array([[1000.0, 999.0, 0.0], [-1000.0, -1000.0, -1000.0], [0.1, 0.2, -0.3]])
    same(through(layers.Softmax(), features), torch.softmax(torch.from_numpy(features), 1))
    same(through(layers.LogSoftmax(), features), torch.log_softmax(torch.from_numpy(features), 1))


def test_sum_concatenation_and_flattening_keep_the_order():
    a = layers.Dense(np.array([[1.0], [2.0]]), np.zeros(2))
    b = layers.Dense(np.array([[10.0], [20.0]]), np.zeros(2))
    nodes = {"input": Node(layers.Input((1,))), "a": Node(a, ("input",)), "b": Node(b, ("input",))}
    nodes["sum"] = Node(layers.Add(), ("a", "b", "b"))
    nodes["both"] = Node(layers.Concatenate(), ("b", "sum"))
    graph = Graph({**nodes, "output": Node(layers.Output(), ("both",))})
    np.testing.assert_array_equal(scores(graph, np.ones((1, 1))), [[10, 20, 21, 42]])
    image = np.arange(12.0).reshape(1, 2, 3, 2)
    np.testing.assert_array_equal(through(layers.Flatten(), image), [np.arange(12)])


def test_negative_inputs_pass_and_relu_cuts_them():
    features = np.array([[-2.0, 0.0, 3.0]])
    np.testing.assert_array_equal(through(layers.Dropout(), features), features)
    np.testing.assert_array_equal(through(layers.ReLU(), features), [[0, 0, 3]])


def test_an_all_zero_layer_gives_its_bias():
    rng = np.random.default_rng(0)
    layer = layers.Convolution(np.zeros((2, 1, 3, 3)), np.array([0.0, -1.5]))
    found = through(layer, rng.normal(size=(4, 1, 5, 5)))
    np.testing.assert_array_equal(found[:, 0], 0)
    np.testing.assert_array_equal(found[:, 1], -1.5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_output_has_the_type_of_the_images_and_the_shape_of_its_node(dtype):
    rng = np.random.default_rng(0)
    graph = every_kind(rng)
    found = forward(graph, rng.normal(size=(3, 2, 8, 8)).astype(dtype))
    assert {name: array.shape for name, array in found.items()} == {n: (3, *s) for n, s in graph.shapes.items()}
    assert {array.dtype for array in found.values()} == {np.dtype(dtype)}


def test_images_do_not_change_each_other():
    rng = np.random.default_rng(0)
    graph, images = every_kind(rng), rng.normal(size=(3, 2, 8, 8))
    one_by_one = np.concatenate([scores(graph, images[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(scores(graph, images), one_by_one, rtol=1e-13)


def test_outputs_come_in_order_and_are_let_go():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2, 5))
    steps = outputs(chain((5,), a=dense(rng, 4, 5), b=dense(rng, 3, 4), c=layers.ReLU()), features)
    assert next(steps)[0] == "input"
    name, array = next(steps)
    assert name == "a"
    kept = weakref.ref(array)
    del array
    assert kept() is not None  # b needs it
    assert [next(steps)[0] for _ in range(2)] == ["b", "c"]
    assert kept() is None


def test_scores_are_the_last_output():
    rng = np.random.default_rng(0)
    graph, images = every_kind(rng), rng.normal(size=(2, 2, 8, 8))
    np.testing.assert_array_equal(scores(graph, images), forward(graph, images)["output"])


@pytest.mark.parametrize(
    "images, message",
    [
        (np.zeros((1, 2, 8, 8), np.uint8), "images are uint8; expected float32 or float64"),
        (np.zeros((2, 8, 8)), "images have shape (2, 8, 8); expected (n_images, *(2, 8, 8))"),
        (np.zeros((0, 2, 8, 8)), "images have shape (0, 2, 8, 8)"),
    ],
)
def test_images_of_another_kind_are_refused(images, message):
    rng = np.random.default_rng(0)
    with pytest.raises(ConversionError) as error:
        forward(every_kind(rng), images)
    assert message in str(error.value)


def test_a_layer_without_a_function_is_named():
    class Sigmoid(layers.Layer):
        """A layer that the reference does not know."""

    with pytest.raises(ConversionError, match="Sigmoid: the analogue network has no such layer"):
        through(Sigmoid(), np.zeros((1, 3)))


def test_fewer_images_at_once_where_windows_are_large():
    rng = np.random.default_rng(0)
    small = chain((1, 6, 6), only=convolution(rng, 2, 1))
    large = chain((64, 224, 224), only=convolution(rng, 64, 64))
    assert images_at_once(small) == MOST
    assert images_at_once(large) == max(1, ROOM // (64 * 9 * 224 * 224)) == 1
    middle = chain((32, 64, 64), only=convolution(rng, 4, 32))
    assert images_at_once(middle) == ROOM // (32 * 9 * 64 * 64) > 1
