"""The estimators: the script's training to the bit, noise that follows from the image, any labels, company."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from tiny import CHANGES, QUICK, TRIPLET, digits

from stdpnet import ConfigError, DataError, LabelAssigner, STDPClassifier, STDPTransformer
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.readouts import assign, predict

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = digits()
#: The network that all tests share.
TINY = {"neurons": 10, "epochs": 1, "drive": "grey"}
TINY["parameters"] = {name: value for name, value in (CHANGES | TRIPLET).items() if name not in TINY}


@pytest.fixture(scope="module")
def transformer(first_build):
    """Return one that has seen the 60 images. Do not change it."""
    return STDPTransformer(**TINY).fit(IMAGES)


@pytest.fixture(scope="module")
def classifier(first_build):
    """Return one that has seen the 60 images. Do not change it."""
    return STDPClassifier(**TINY).fit(IMAGES, LABELS)


def same(one, other):
    assert one.state_.keys() == other.state_.keys()
    for name in one.state_:
        np.testing.assert_array_equal(one.state_[name], other.state_[name], err_msg=name)


def test_a_fit_is_the_training_of_the_script_to_the_bit(transformer, classifier, trained_run):
    run = RunFolder(trained_run)
    for estimator in (transformer, classifier):
        for name, array in estimator.state_.items():
            np.testing.assert_array_equal(array, run.checkpoint()[name], err_msg=name)
        assert estimator.config_.to_dict() | {"batch": 20} == run.config().to_dict() | {"dataset": "mnist-5k"}
    assert transformer.weights_.shape == transformer.delays_.shape == (64, 10)
    assert transformer.theta_.mean() == pytest.approx(1e3 * run.checkpoint()["excitatory.theta"].mean(), rel=1e-5)
    assert transformer.n_presentations_ == 60 and transformer.n_features_in_ == 64


FORMS = {
    "rows": IMAGES.reshape(60, 64),
    "0 to 1": IMAGES / 255,
    "int": IMAGES.astype(np.int64),
    "list": IMAGES.tolist(),
}


@pytest.mark.parametrize("given", FORMS.values(), ids=FORMS)
def test_the_form_of_the_images_does_not_matter(transformer, given):
    other = STDPTransformer(**TINY).fit(given)
    same(other, transformer)
    assert other.image_shape_ == (8, 8)
    np.testing.assert_array_equal(other.transform(given[:3]), transformer.transform(IMAGES[:3]))


def test_partial_fit_goes_on_where_fit_ended(transformer):
    twice = clone(transformer).set_params(epochs=2).fit(IMAGES)
    same(STDPTransformer(**TINY).fit(IMAGES).partial_fit(IMAGES), twice)
    same(STDPTransformer(**TINY).partial_fit(IMAGES[:25]).partial_fit(IMAGES[25:]), transformer)


def test_a_stream_is_compared_with_its_mean_so_far():
    quick = {"backend": "numpy", "drive": "contrast"}
    quick["parameters"] = TINY["parameters"] | {"presentation": QUICK["presentation"]}
    stream = STDPTransformer(**TINY | quick).partial_fit(IMAGES[:4])
    np.testing.assert_allclose(stream.state_["drive.mean"], IMAGES[:4].reshape(4, -1).mean(axis=0))
    stream.partial_fit(IMAGES[4:7])
    np.testing.assert_allclose(stream.state_["drive.mean"], IMAGES[:7].reshape(7, -1).mean(axis=0))
    assert stream.n_presentations_ == 7


def test_an_image_has_the_same_noise_wherever_it_stands(transformer):
    counts = transformer.transform(TEST_IMAGES)
    assert counts.any(axis=1).all()
    order = np.random.default_rng(0).permutation(30)
    np.testing.assert_array_equal(transformer.transform(TEST_IMAGES[order]), counts[order])
    for alone in (0, 11, 29):
        np.testing.assert_array_equal(transformer.transform(TEST_IMAGES[alone : alone + 1]), counts[alone : alone + 1])
    np.testing.assert_array_equal(clone(transformer).set_params(n_jobs=2).fit(IMAGES).transform(TEST_IMAGES), counts)
    twins = transformer.transform(np.repeat(TEST_IMAGES[:1], 3, axis=0))
    assert (twins == twins[0]).all()


def test_the_seed_decides_everything(transformer):
    other = clone(transformer).set_params(random_state=1).fit(IMAGES)
    assert not np.array_equal(other.weights_, transformer.weights_)
    drawn = [clone(transformer).set_params(random_state=np.random.RandomState(3)).fit(IMAGES[:2]) for _ in range(2)]
    same(*drawn)
    free = [clone(transformer).set_params(random_state=None).fit(IMAGES[:2]).config_.seed for _ in range(2)]
    assert free[0] != free[1]


def test_a_classifier_is_a_transformer_with_names(classifier, transformer):
    counts, tests = transformer.transform(IMAGES), transformer.transform(TEST_IMAGES)
    np.testing.assert_array_equal(classifier.assignments_, assign(counts, LABELS))
    expected = predict(tests, assign(counts, LABELS))
    assert (expected >= 0).all() and len(np.unique(expected)) > 3
    np.testing.assert_array_equal(classifier.predict(TEST_IMAGES), expected)
    assert classifier.score(TEST_IMAGES, TEST_LABELS) == np.mean(expected == TEST_LABELS)
    piped = make_pipeline(STDPTransformer(**TINY), LabelAssigner()).fit(IMAGES, LABELS)
    np.testing.assert_array_equal(piped.predict(TEST_IMAGES), expected)


@pytest.mark.parametrize(
    "names", [[f"digit {k}" for k in range(10)], [10 * k - 40 for k in range(10)]], ids=["texts", "negative, with gaps"]
)
def test_labels_are_of_any_kind(classifier, names):
    named = STDPClassifier(**TINY).fit(IMAGES, np.array(names)[LABELS])
    assert named.classes_.tolist() == sorted(names)
    np.testing.assert_array_equal(named.predict(TEST_IMAGES), np.array(names)[classifier.predict(TEST_IMAGES)])


def test_sorted_images_are_shuffled_as_by_the_script(first_build):
    order = np.argsort(LABELS, kind="stable")
    free = TINY | {"parameters": TINY["parameters"] | {"shuffle": "auto"}}
    assert STDPClassifier(**free).fit(IMAGES[order], LABELS[order]).config_.shuffle == "on"
    assert STDPTransformer(**free).fit(IMAGES[order]).config_.shuffle == "off"


def test_partial_fit_of_a_classifier_counts_responses_on(first_build):
    with pytest.raises(ValueError, match="y holds the label 9; expected one of"):
        STDPClassifier(**TINY).partial_fit(IMAGES[:8], LABELS[:8]).partial_fit(IMAGES[9:10], LABELS[9:10])
    parts = STDPClassifier(**TINY).partial_fit(IMAGES[:30], LABELS[:30], classes=range(10))
    before = parts.transform(IMAGES[:30])
    parts.partial_fit(IMAGES[30:], LABELS[30:])
    counts = np.concatenate([before, parts.transform(IMAGES[30:])])
    np.testing.assert_array_equal(parts.assignments_, assign(counts, LABELS))


def test_they_work_with_their_kind(classifier, first_build):
    search = GridSearchCV(STDPClassifier(**TINY), {"epochs": np.array([1, 2])}, cv=2).fit(IMAGES, LABELS)
    assert search.best_params_["epochs"] in (1, 2) and search.best_score_ > 0.2
    shares = CalibratedClassifierCV(STDPClassifier(**TINY), cv=2).fit(IMAGES, LABELS).predict_proba(TEST_IMAGES)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    table = clone(classifier).set_output(transform="pandas").fit(IMAGES, LABELS).transform(TEST_IMAGES[:2])
    assert list(table.columns) == [f"stdpclassifier{k}" for k in range(10)]


REFUSED = {
    "seed": ({"parameters": {"seed": 1}}, ConfigError, "parameters holds 'seed'; expected it as random_state"),
    "neurons": ({"parameters": {"neurons": 1}}, ConfigError, "parameters holds 'neurons'; expected it as neurons"),
    "data": ({"parameters": {"dataset": "mnist"}}, ConfigError, "parameters holds 'dataset'; expected it as X of fit"),
    "a name": ({"parameters": {"neuron": 1}}, ConfigError, r"unknown parameter neuron \(did you mean 'neurons'\?\)"),
    "a rule": ({"rule": "tripled"}, ConfigError, "unknown rule 'tripled'"),
}


@pytest.mark.parametrize("changes, error, words", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_by_fit(changes, error, words):
    with pytest.raises(error, match=words):
        STDPTransformer(**TINY | changes).fit(IMAGES)


def test_images_of_another_form_are_refused(transformer):
    with pytest.raises(DataError, match=r"X holds images of \(4, 16\); expected \(8, 8\), as in fit"):
        transformer.transform(IMAGES.reshape(60, 4, 16))
    with pytest.raises(ValueError, match="X has 49 features, but STDPTransformer is expecting 64"):
        transformer.transform(IMAGES[:, 1:, 1:])
    with pytest.raises(DataError, match="values up to 1, and training images on a scale up to 255, expected one scale"):
        transformer.transform(IMAGES / 255)
