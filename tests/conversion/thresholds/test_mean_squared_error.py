"""Scales of least error, against a search over the values themselves."""

import numpy as np
import pytest

from stdpnet.conversion.thresholds.histogram import ERROR_BOUND, Histogram
from stdpnet.conversion.thresholds.mean_squared_error import SHARES, least_error


def error(values, scale, levels):
    """Return the mean squared error of values that are rounded to levels / steps of a scale, step by step."""
    rounded = [min(range(levels + 1), key=lambda k: abs(value - k * scale / levels)) for value in values]
    return np.mean((values - np.array(rounded) * scale / levels) ** 2)


@pytest.mark.parametrize("levels", [1, 4, 16])
def test_the_error_is_hardly_more_than_the_least_of_all_scales(levels):
    values = np.abs(np.random.default_rng(levels).standard_t(3, size=(400, 2)))
    histogram = Histogram(2)
    histogram.add(values)
    for column, scale in zip(values.T, least_error(histogram, levels), strict=True):
        least = min(error(column, share * column.max(), levels) for share in SHARES)
        assert error(column, scale, levels) <= least * (1 + 1e-9) + (2 * ERROR_BOUND * column.max() / levels) ** 2


def test_more_steps_cut_off_less():
    histogram = Histogram(1)
    histogram.add(np.abs(np.random.default_rng(0).standard_t(3, size=(2000, 1))))
    scales = [least_error(histogram, levels)[0] for levels in (1, 4, 16, 64, 256)]
    assert scales == sorted(scales) and scales[0] < 0.5 * scales[-1]


def test_a_channel_that_is_never_active_has_no_scale():
    histogram = Histogram(2)
    histogram.add(np.array([[0.0, 3.0]]))
    np.testing.assert_array_equal(least_error(histogram, 4), [0.0, 3.0])
