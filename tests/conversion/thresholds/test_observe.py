"""Statistics of activations, gathered batch by batch, equal those of all values at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from spiking_graphs import images_for, residual

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.forward import forward
from stdpnet.conversion.graph.layers import ReLU
from stdpnet.conversion.thresholds.data_based import relu_scales
from stdpnet.conversion.thresholds.histogram import BINS, BINS_PER_OCTAVE, ERROR_BOUND, Histogram
from stdpnet.conversion.thresholds.observe import observe

#: Values within the factor of 2 ** 16 that a histogram resolves.
POSITIVE = st.floats(2.0**-7, 2.0**8)


def exact(values, percent):
    """Return the least positive value that `percent` of the positive values do not exceed."""
    positive = np.sort(values[values > 0])
    return positive[max(int(np.ceil(len(positive) * (percent / 100))), 1) - 1] if len(positive) else 0.0


def filled(batches):
    histogram = Histogram(batches[0].shape[1])
    for batch in batches:
        histogram.add(batch)
    return histogram


BATCHES = st.lists(
    arrays(float, st.tuples(st.integers(0, 20), st.just(3)), elements=st.one_of(st.just(0.0), st.just(-1.0), POSITIVE)),
    min_size=1,
    max_size=5,
)


@given(batches=BATCHES, percent=st.floats(0.01, 100))
def test_percentiles_of_a_stream_are_within_the_bound_of_sorted_values(batches, percent):
    histogram, values = filled(batches), np.concatenate(batches)
    expected = [exact(column, percent) for column in values.T]
    np.testing.assert_allclose(histogram.percentile(percent), expected, rtol=ERROR_BOUND * (1 + 1e-9))
    np.testing.assert_allclose(
        histogram.of_all().percentile(percent)[0], exact(values, percent), rtol=ERROR_BOUND * (1 + 1e-9)
    )


@given(batches=BATCHES)
def test_the_maximum_is_exact(batches):
    values = np.concatenate([*batches, np.zeros((1, 3))])
    np.testing.assert_array_equal(filled(batches).maximum, np.maximum(values, 0).max(axis=0))


@given(batches=BATCHES, data=st.data())
def test_neither_order_nor_size_of_the_batches_matters(batches, data):
    values = data.draw(st.permutations(list(np.concatenate(batches)))) or [np.zeros(3)]
    one_by_one, together = filled([row[None] for row in values]), filled([np.concatenate(batches).reshape(-1, 3)])
    for percent in (1, 50, 99.9):
        np.testing.assert_array_equal(one_by_one.percentile(percent), together.percentile(percent))


def test_values_far_below_the_largest_share_the_lowest_bin():
    histogram = filled([np.array([[1e-30], [1e-20], [1.0], [2.0]])])
    octaves = BINS / BINS_PER_OCTAVE
    assert 0 < histogram.percentile(10)[0] < 2 * 2**-octaves * 1.02
    assert histogram.percentile(75)[0] == pytest.approx(1, rel=ERROR_BOUND)


def test_the_memory_does_not_grow_with_the_data():
    histogram, rng = Histogram(2), np.random.default_rng(0)
    size = histogram._counts.nbytes
    for scale in 10.0 ** np.arange(-6, 7):
        histogram.add(scale * rng.random((100, 2)))
    assert histogram._counts.nbytes == size


@pytest.fixture(scope="module")
def observed():
    graph = residual(np.random.default_rng(3))
    images = images_for(graph, 120)  # three batches, the last one smaller
    return graph, images, forward(graph, images)


@pytest.mark.parametrize("percent", [50, 99, 99.9])
def test_scales_are_percentiles_of_the_positive_activations(observed, percent):
    graph, images, values = observed
    by_channel = relu_scales(graph, images, f"percentile:{percent}", True)
    by_layer = relu_scales(graph, images, f"percentile:{percent}", False)
    assert list(by_channel) == list(by_layer) == graph.names(ReLU)
    for name, scales in by_channel.items():
        channels = np.moveaxis(values[name], 1, 0)
        expected = [exact(channel, percent) for channel in channels]
        np.testing.assert_allclose(scales, expected, rtol=ERROR_BOUND * (1 + 1e-9))
        np.testing.assert_allclose(by_layer[name], exact(channels, percent), rtol=ERROR_BOUND * (1 + 1e-9))


def test_the_maximum_is_that_of_the_activations(observed):
    graph, images, values = observed
    for name, scales in relu_scales(graph, images, "maximum", True).items():
        np.testing.assert_allclose(scales, values[name].max(axis=(0, 2, 3)), rtol=1e-6)  # in single precision
    for name, scales in relu_scales(graph, images, "maximum", False).items():
        np.testing.assert_allclose(scales, values[name].max(), rtol=1e-6)


def test_only_the_nodes_asked_for_are_kept(observed):
    graph, images, _ = observed
    assert list(observe(graph, images, ["pool"])) == ["pool"]


@settings(max_examples=20)
@given(text=st.sampled_from(["percentile", "percentile:0", "percentile:101", "percentile:x", "max", "", "model:1"]))
def test_an_unknown_normalisation_is_reported(text):
    graph = residual(np.random.default_rng(3))
    with pytest.raises(ConversionError, match=r"normalisation is .*; expected 'model', 'maximum', 'percentile:P'"):
        relu_scales(graph, images_for(graph, 1), text, True)
