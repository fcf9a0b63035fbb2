"""Accuracy and its interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from stdpnet.base.scoring import NO_ANSWER, score, wilson_interval


@given(n=st.integers(1, 10_000), data=st.data())
def test_wilson_interval_equals_scipys(n, data):
    correct = data.draw(st.integers(0, n))
    expected = binomtest(correct, n).proportion_ci(method="wilson")
    np.testing.assert_allclose(wilson_interval(correct, n), expected, rtol=0, atol=1e-7)


def test_an_image_without_answer_counts_as_wrong():
    row = score(np.array([3, NO_ANSWER, 8, 8]), np.array([3, 3, 8, 7]))
    assert row["accuracy"] == 0.5
    assert row["unclassified"] == 1
    expected = binomtest(2, 4).proportion_ci(method="wilson")
    assert row["confidence_interval_95"] == pytest.approx(list(expected), abs=1e-7)
