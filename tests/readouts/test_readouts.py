"""Readouts other than the mean response: by hand, by law, and against a slow loop that says the same."""

from collections import Counter
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.learning.presentation.responses import Responses, TrainingResponses
from stdpnet.readouts import READOUTS, LogisticRegressionProbe, MeanResponse, NGram, ProportionWeighting

N_NEURONS = 4


def responses(images, labels=None):
    """Return the responses of four neurons; an image is a list of time steps, a step a list of neurons."""
    spikes = [
        (i, step, neuron) for i, image in enumerate(images) for step, fired in enumerate(image) for neuron in fired
    ]
    image, step, neuron = np.array(spikes, np.int32).reshape(-1, 3).T
    counts = np.zeros((len(images), N_NEURONS), np.int32)
    np.add.at(counts, (image, neuron), 1)
    arguments = counts, (image, step, neuron)
    return Responses(*arguments) if labels is None else TrainingResponses(*arguments, labels=np.array(labels))


def counted(*counts, labels=None):
    """Return responses with given spike counts of four neurons, one spike in a step."""
    return responses([[[n] for n in range(N_NEURONS) for _ in range(row[n])] for row in counts], labels)


def test_proportion_weighting_by_hand():
    # mean responses to 2 and 5: (4, 0), (1, 3), (2, 1), (0, 0)
    readout = ProportionWeighting(counted([4, 1, 2, 0], [0, 3, 1, 0], labels=[2, 5]))
    np.testing.assert_array_equal(readout.assignments, [2, 5, 2, NO_ANSWER])
    np.testing.assert_allclose(readout.proportions, [[1, 1 / 4, 2 / 3, 0], [0, 3 / 4, 1 / 3, 0]])
    # votes for 2 and 5: (0 + 2/3 * 3) / 2 = 1 and 3/4, where the plain means 3/2 and 1 agree;
    # (0 + 2/3 * 2) / 2 = 2/3 and 3/4, where the plain means are equal; none at all
    test = counted([0, 1, 3, 0], [0, 1, 2, 0], [0, 0, 0, 9])
    np.testing.assert_array_equal(readout.predict(test), [2, 5, NO_ANSWER])


def test_n_gram_by_hand():
    # class 7: 0 then 1 and 2 together, then 0: pairs 01, 02, 10, 20. Class 1: 3 then 1, twice, far apart
    training = responses([[[0], [], [1, 2], [0]], [[3], [1], [], [], [3], [1]]], labels=[7, 1])
    readout = NGram(training)
    found = {divmod(int(pair), N_NEURONS): tuple(row) for pair, row in zip(readout.pairs, readout.scores, strict=True)}
    assert found == {(0, 1): (0, 1), (0, 2): (0, 1), (1, 0): (0, 1), (2, 0): (0, 1), (3, 1): (2, 0), (1, 3): (1, 0)}
    # 31 and 10: 2 to 1 for class 1; the last spike of one image and the first of the next are no pair
    test = responses([[[3], [1], [0]], [[1]], [[0]], [[0], [2]], [], [[3], [3]]])
    np.testing.assert_array_equal(readout.predict(test), [1, NO_ANSWER, NO_ANSWER, 7, NO_ANSWER, NO_ANSWER])


steps = st.lists(st.lists(st.integers(0, N_NEURONS - 1), unique=True, max_size=3).map(sorted), max_size=6)
trains = st.lists(st.tuples(steps, st.integers(0, 2)), min_size=1, max_size=8)


@given(train=trains, test=st.lists(steps, max_size=4))
def test_n_gram_equals_a_loop_over_dictionaries(train, test):
    score = {c: Counter() for c in sorted({label for _, label in train})}
    for image, label in train:
        for one, other in pairwise([fired for fired in image if fired]):
            score[label].update(product(one, other))
    expected = []
    for image in test:
        row = [neuron for fired in image for neuron in fired]
        votes = {c: sum(score[c][pair] for pair in pairwise(row)) for c in score}
        expected.append(max(votes, key=votes.get) if any(votes.values()) else NO_ANSWER)
    readout = NGram(responses([image for image, _ in train], [label for _, label in train]))
    np.testing.assert_array_equal(readout.predict(responses(test)), expected)


@pytest.mark.parametrize("many", [0, 1e9], ids=["full matrices", "sparse matrices"])
@given(train=trains, test=st.lists(steps, min_size=1, max_size=4), cut=st.integers(0, 8))
def test_n_grams_of_parts_add_up_to_that_of_all(train, test, cut, many):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stdpnet.readouts.ngram.MANY", many)
        patch.setattr("stdpnet.readouts.ngram.STEPS_AT_A_TIME", 2)
        whole, *parts = (
            NGram(responses([image for image, _ in some], [label for _, label in some]))
            for some in (train, train[:cut], train[cut:])
        )
    merged = parts[0].merged(parts[1])
    for name in ("classes", "pairs", "scores"):
        np.testing.assert_array_equal(getattr(merged, name), getattr(whole, name))
    np.testing.assert_array_equal(merged.predict(responses(test)), whole.predict(responses(test)))


def test_too_many_pairs_are_refused(monkeypatch):
    monkeypatch.setattr("stdpnet.readouts.ngram.MOST_SCORES", 3)
    small = NGram(responses([[[0], [1]], [[2], [3]]], labels=[0, 0]))
    with pytest.raises(MemoryError, match="3 pairs of neurons that fire one after the other and 2 classes are more"):
        small.merged(NGram(responses([[[1], [0]]], labels=[1])))


def random_counts(seed, n=120):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n)
    return counted(*rng.poisson(1 + 3 * (np.arange(N_NEURONS) == labels[:, None])), labels=labels)


def test_the_probe_is_scikit_learns_logistic_regression():
    training, test = random_counts(0), random_counts(1)
    readout = LogisticRegressionProbe(training)
    reference = LogisticRegression(max_iter=1000).fit(training.counts.astype(float), training.labels)
    np.testing.assert_allclose(readout.model.coef_, reference.coef_, atol=1e-3)
    answers = readout.predict(test)
    np.testing.assert_array_equal(answers, reference.predict(test.counts.astype(float)))
    assert 0.6 < np.mean(answers == test.labels) < 1


def test_the_probe_does_not_depend_on_the_number_of_threads():
    rng = np.random.default_rng(2)
    counts = rng.poisson(0.05, (300, 5000))
    training = TrainingResponses(counts, labels=rng.integers(0, 4, 300))
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(LogisticRegressionProbe(training).model.coef_)
    np.testing.assert_array_equal(*found)


def test_only_the_probe_is_supervised():
    assert {readout.name: readout.supervised for readout in READOUTS} == {
        "mean response": False,
        "proportion weighting": False,
        "n-gram": False,
        "logistic regression": True,
    }
    assert READOUTS[0] is MeanResponse


@pytest.mark.parametrize("readout", READOUTS)
def test_responses_without_labels_make_no_readout(readout):
    with pytest.raises(AttributeError, match="'Responses' object has no attribute 'labels'"):
        readout(counted([1, 0, 0, 0]))


@pytest.mark.parametrize("readout", READOUTS)
def test_one_class_is_always_right(readout):
    training = responses([[[0], [1]], [[0], [1]]], labels=[6, 6])
    np.testing.assert_array_equal(readout(training).predict(responses([[[0], [1]]])), [6])


@pytest.mark.parametrize("readout", [readout for readout in READOUTS if not readout.supervised])
@given(train=trains, test=st.lists(steps, min_size=1, max_size=4), data=st.data())
def test_the_order_of_the_training_images_does_not_matter(readout, train, test, data):
    predictions = []
    for order in (train, data.draw(st.permutations(train))):
        training = responses([image for image, _ in order], [label for _, label in order])
        predictions.append(readout(training).predict(responses(test)))
    np.testing.assert_array_equal(*predictions)


@pytest.mark.parametrize("readout", READOUTS)
def test_each_test_image_is_classified_by_itself(readout):
    images = [[[0], [1, 2]], [], [[3], [0], [1]], [[2], [2], [1]]]
    fitted = readout(responses(images, labels=[0, 1, 0, 1]))
    together = fitted.predict(responses(images))
    np.testing.assert_array_equal(together, np.concatenate([fitted.predict(responses([image])) for image in images]))
