"""Naming neurons and classifying images by the mean response: by hand and by invariance."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.readouts import assign, predict

# Five images of classes 3, 3, 3, 8, 8; four neurons.
COUNTS = np.array([[6, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 5], [3, 0, 0, 2], [3, 0, 0, 2]])
LABELS = np.array([3, 3, 3, 8, 8])


def test_neurons_are_named_after_the_highest_mean_response():
    # mean responses to 3 and 8: (2, 3), (1, 0), (0, 0), (5/3, 2). Sums, or greatest counts,
    # would name the first and the last neuron otherwise.
    np.testing.assert_array_equal(assign(COUNTS, LABELS), [8, 3, NO_ANSWER, 8])


def test_a_silent_neuron_is_unassigned_and_never_digit_0():
    counts = np.array([[0, 4], [0, 0]])
    np.testing.assert_array_equal(assign(counts, [0, 1]), [-1, 0])
    assert NO_ANSWER == -1


def test_prediction_is_the_class_with_the_highest_mean_response():
    assignments = np.array([8, 3, NO_ANSWER, 8])
    counts = np.array([[2, 3, 0, 2], [4, 3, 0, 3], [0, 1, 9, 0]])
    # means for 3 and 8: (3, 2), (3, 3.5), (1, 0): sums would turn the first into 8, and the
    # unassigned neuron's nine spikes have no say in the last
    np.testing.assert_array_equal(predict(counts, assignments), [3, 8, 3])


def test_an_image_without_response_is_not_classified():
    counts = np.array([[0, 0, 0, 0], [0, 0, 7, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(predict(counts, np.array([0, 3, NO_ANSWER, 8])), [-1, -1, 0])


def test_without_named_neurons_nothing_is_classified():
    np.testing.assert_array_equal(predict(np.ones((2, 3)), np.full(3, NO_ANSWER)), [-1, -1])


@pytest.mark.parametrize("labels", [[], [1], [1, 2, 3]])
def test_labels_must_match_the_responses(labels):
    with pytest.raises(ValueError, match=f"{len(labels)} labels"):
        assign(np.ones((2, 3))[: len(labels) and 2], labels)


responses = arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(1, 6)), elements=st.integers(0, 20))


@given(counts=responses, data=st.data())
def test_naming_does_not_depend_on_the_order_of_the_images(counts, data):
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(counts), max_size=len(counts))))
    order = np.array(data.draw(st.permutations(range(len(counts)))))
    np.testing.assert_array_equal(assign(counts[order], labels[order]), assign(counts, labels))


@given(counts=responses, data=st.data(), names=st.permutations(range(4)))
def test_renaming_the_classes_renames_the_neurons_and_predictions(counts, data, names):
    names = np.array(names)
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(counts), max_size=len(counts))))
    sums = [[counts[labels == c].sum(axis=0) / np.sum(labels == c)] for c in np.unique(labels)]
    best = np.sort(np.concatenate(sums), axis=0)
    if len(best) > 1:  # a tie goes to the smaller class, whatever it is called
        assume((best[-1] > best[-2] + 1e-9)[counts.any(axis=0)].all())
    assignments = assign(counts, labels)
    expected = np.where(assignments == NO_ANSWER, NO_ANSWER, names[assignments])
    np.testing.assert_array_equal(assign(counts, names[labels]), expected)
