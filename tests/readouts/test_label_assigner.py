"""The estimator of the mean response: that of the function, for labels of any kind."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stdpnet import LabelAssigner
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.readouts import assign, predict

responses = arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(1, 6)), elements=st.integers(0, 20))


@given(counts=responses, data=st.data())
def test_it_is_the_mean_response(counts, data):
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(counts), max_size=len(counts))))
    classes, codes, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    assigner = LabelAssigner().fit(counts, np.array(["ant", "bee", "cat", "dog"])[labels])
    np.testing.assert_array_equal(assigner.assignments_, assign(counts, codes))
    places = predict(counts, assign(counts, codes))
    expected = np.where(places == NO_ANSWER, sizes.argmax(), places)
    np.testing.assert_array_equal(assigner.predict(counts), assigner.classes_[expected])
    split = data.draw(st.integers(1, len(counts)))
    parts = LabelAssigner().partial_fit(counts[:split], labels[:split], classes=classes)
    if split < len(counts):
        parts.partial_fit(counts[split:], labels[split:])
    np.testing.assert_array_equal(parts.assignments_, assigner.assignments_)
    np.testing.assert_array_equal(parts.mean_response_, assigner.mean_response_)


def test_votes_are_mean_spikes():
    assigner = LabelAssigner().fit([[9, 0, 0, 4], [0, 8, 0, 0], [0, 0, 7, 0]], [30, 20, 10])
    np.testing.assert_array_equal(assigner.decision_function([[3, 1, 0, 2], [0, 0, 0, 0]]), [[0, 1, 2.5], [0, 0, 0]])
    two = LabelAssigner().fit([[9, 0], [0, 8]], [0, 1])
    np.testing.assert_array_equal(two.decision_function([[3, 1], [0, 2]]), [-2, 2])


def test_without_an_answer_the_most_frequent_class_is_given():
    assigner = LabelAssigner().fit([[9, 0], [0, 8], [0, 7]], ["few", "many", "many"])
    assert assigner.predict([[0, 0]]) == ["many"]


def test_what_are_no_counts_or_new_classes_is_refused():
    with pytest.raises(ValueError, match="Negative values in data passed to LabelAssigner, which takes spike counts"):
        LabelAssigner().fit([[-1, 0], [0, 1]], [0, 1])
    assigner = LabelAssigner().partial_fit([[1, 0], [0, 1]], [3, 5])
    with pytest.raises(ValueError, match=r"y holds the label 4; expected one of \[3 5\]: give all classes"):
        assigner.partial_fit([[1, 1]], [4])
    with pytest.raises(ValueError, match=r"classes is \[3, 4, 5\]; expected \[3 5\], as at the first call"):
        assigner.partial_fit([[1, 1]], [3], classes=[3, 4, 5])
