"""Maps of single values: by hand, and what they may not be."""

import numpy as np
import pytest
from graphs import chain, dense, linear_map

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import endings, layers
from stdpnet.conversion.graph.forward import compute, scores
from stdpnet.conversion.graph.maps import Affine, LinearMap, scaled
from stdpnet.conversion.passes.normalise import normalise
from stdpnet.conversion.thresholds.model_based import relu_bounds

ONE, NONE = np.ones((1, 1)), np.zeros(1)


def test_a_map_by_hand():
    layer = LinearMap((2, 2), np.array([[3, -1], [0, 1]]), np.array([[2.0, 5.0], [1.0, -1.0]]), np.array([0.5, 0.0]))
    x = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    np.testing.assert_array_equal(compute(layer, x), [[2 * 4 + 1 + 0.5, -2.0]])
    assert not layer.selects


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_stays(dtype):
    layer = linear_map(np.random.default_rng(0), (2, 3), (4, 2, 2))
    found = compute(layer, np.ones((5, 2, 3), dtype))
    assert found.dtype == dtype
    assert found.shape == (5, 4, 2, 2)


def test_what_selects_and_what_only_reshapes():
    turned = LinearMap((3,), np.array([[2, 1, 0]]), ONE, NONE)
    assert turned.selects and not turned.reshapes
    straight = LinearMap((4,), np.arange(4).reshape(1, 2, 2), np.ones((1, 1, 1)), np.zeros((1, 1)))
    assert straight.selects and straight.reshapes
    np.testing.assert_array_equal(compute(straight, np.arange(4.0)[None]), [[[0, 1], [2, 3]]])
    assert not scaled(np.array([1.0, 2.0])).selects
    assert not scaled(np.ones(2), np.array([1.0, 0.0])).selects


@pytest.mark.parametrize("place", [-2, 6])
def test_places_that_an_image_does_not_have_are_refused(place):
    with pytest.raises(ConversionError, match=r"turn \(LinearMap\): takes places that shape \(2, 3\) does not have"):
        chain((2, 3), turn=LinearMap((2, 3), np.array([[0, place]]), ONE, NONE))


def test_images_of_another_shape_are_refused():
    with pytest.raises(ConversionError, match=r"expects shape \(3, 2\), gets \(2, 3\)"):
        chain((2, 3), turn=LinearMap((3, 2), np.array([[0, 1]]), ONE, NONE))
    with pytest.raises(ConversionError, match=r"expects 3 channels, gets shape \(2, 3\)"):
        chain((2, 3), factor=Affine(np.ones(3), np.ones(3)))


def test_places_are_no_weights():
    graph = chain((4,), turn=scaled(np.arange(1.0, 5.0)))
    assert "5 weights and biases" in repr(graph)


def test_a_selection_keeps_scales_where_a_channel_has_one_and_mixes_them_elsewhere():
    rng = np.random.default_rng(0)
    swap = LinearMap((4,), np.array([[3, 2, -1, 0, 0]]), ONE, NONE)
    mix = LinearMap((5,), np.array([[[0, 1]]]), np.ones((1, 1, 1)), np.zeros((1, 1)))
    graph = chain(
        (3,),
        first=dense(rng, 4, 3),
        relu=layers.ReLU(),
        swap=swap,
        mix=mix,
        flat=layers.Flatten(),
        last=dense(rng, 2, 2),
    )
    new, scales = normalise(graph, {"relu": np.array([1.0, 2.0, 3.0, 4.0])}, np.ones(3))
    np.testing.assert_array_equal(scales["swap"][[0, 1, 3, 4]], [4, 3, 1, 1])
    assert new.nodes["swap"].layer is swap
    np.testing.assert_array_equal(new.nodes["mix"].layer.weights.ravel(), [4, 3])
    images = rng.normal(size=(6, 3))
    np.testing.assert_allclose(scores(new, images), scores(graph, images), rtol=1e-12)


def test_bounds_hold_for_every_image_of_the_range():
    rng = np.random.default_rng(0)
    graph = chain((2, 3), turn=linear_map(rng, (2, 3), (3, 4), 3), relu=layers.ReLU(), flat=layers.Flatten())
    bounds = relu_bounds(graph, -1.0, 2.0, per_channel=True)["relu"]
    corners = rng.choice([-1.0, 2.0], size=(3000, 2, 3))
    highest = np.maximum(compute(graph.nodes["turn"].layer, corners), 0).max(axis=(0, 2))
    assert (highest <= bounds + 1e-12).all()
    np.testing.assert_allclose(highest, bounds, rtol=1e-12)


def test_endings_are_those_of_mathematics():
    x = np.array([[-700.0, -1.0, 0.0, 3.0, 700.0]])
    np.testing.assert_allclose(compute(endings.Sigmoid(), x)[0, 1:], 1 / (1 + np.exp(-x[0, 1:])), rtol=1e-14)
    assert compute(endings.Sigmoid(), x)[0, 0] == 0
    np.testing.assert_array_equal(compute(endings.Tanh(), x), np.tanh(x))
