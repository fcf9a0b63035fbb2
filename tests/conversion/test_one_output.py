"""Networks with one output: two classes told apart by its sign, or a value."""

import numpy as np
import pytest
from graphs import chain
from sklearn.neural_network import MLPClassifier, MLPRegressor

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.equivalence import check_stage
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.simulators import simulate
from stdpnet.conversion.simulators.stopping import Confidence, Margin


@pytest.fixture(scope="module")
def two_classes():
    """Return images of two classes, their labels, and a network whose output is one logit."""
    rng = np.random.default_rng(0)
    images = rng.random((200, 6))
    labels = (images[:, 0] + images[:, 1] > images[:, 2] + images[:, 3]).astype(int)
    trained = MLPClassifier((20,), solver="lbfgs", max_iter=300, random_state=0).fit(images, labels)
    (w1, w2), (b1, b2) = trained.coefs_, trained.intercepts_
    size = np.std(np.maximum(images @ w1 + b1, 0) @ w2 + b2) / 2  # else every answer is sure in the first step
    hidden, last = layers.Dense(w1.T, b1), layers.Dense(w2.T / size, b2 / size)
    return images, labels, chain((6,), hidden=hidden, relu=layers.ReLU(), last=last)


def test_one_logit_tells_two_classes_apart(two_classes):
    images, labels, model = two_classes
    network = convert(model, images)
    assert network.graph.shapes[network.output] == (1,)
    found = simulate(network, images, 64).predictions[:, -1]
    assert np.mean(found == labels) > 0.95
    assert set(found) == {0, 1}


@pytest.mark.parametrize("stop", [Margin(10.0), Confidence(0.9)])
def test_its_size_says_when_to_stop(two_classes, stop):
    images, _, model = two_classes
    network = convert(model, images, recent=1.0)
    result = simulate(network, images, 64, stop=stop)
    logits = scores(network.graph, images)[:, 0]
    assert np.corrcoef(np.abs(logits), result.steps)[0, 1] < -0.3
    assert 1 < result.steps.mean() < 64


def test_a_stage_that_changes_its_sign_is_seen():
    with pytest.raises(ConversionError, match="answers 1 of 2 images differently"):
        check_stage("after a stage", np.array([[1.0], [-1.0]]), np.array([[1.0], [1.0]]))


def test_a_softmax_of_one_output_is_refused(two_classes):
    images, _, model = two_classes
    with pytest.raises(ConversionError, match="one output says nothing, whatever its score; expected readout mem"):
        convert(model, images, readout="softmax")


def test_values_approach_those_of_a_regression():
    rng = np.random.default_rng(0)
    images = rng.random((300, 4))
    values = np.stack([images[:, 0] * images[:, 1], images[:, 2] - images[:, 3]], axis=1)
    model = MLPRegressor(hidden_layer_sizes=(30,), solver="lbfgs", max_iter=500, random_state=0).fit(images, values)
    network = convert(model, images, normalisation="maximum")
    errors = []
    for steps in (16, 64, 256):
        result = simulate(network, images[:50], steps)
        errors.append(np.abs(result.scores / steps - scores(import_model(model), images[:50])).max())
    assert errors[0] > 2 * errors[1] > 4 * errors[2]
    assert errors[2] < 0.05
