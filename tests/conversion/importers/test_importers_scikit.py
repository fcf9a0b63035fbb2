"""Perceptrons of scikit-learn: the graph gives their probabilities, or one error says why it cannot."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.graph.layers import Dense, ReLU, Softmax
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify

X = np.random.default_rng(0).normal(size=(40, 6))


def fitted(kind, y, hidden=(5, 4), **settings):
    """Return a perceptron after a few iterations."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return kind(hidden_layer_sizes=hidden, max_iter=20, random_state=0, **settings).fit(X, y)


def agree(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("hidden", [(), (5,), (5, 4, 3)])
def test_probabilities_of_several_classes(hidden):
    model = fitted(MLPClassifier, np.arange(40) % 3, hidden)
    graph = import_model(model)
    agree(scores(graph, X), model.predict_proba(X))
    assert len(graph.names(ReLU)) == len(hidden)
    assert [graph.shapes[name] for name in graph.names(Dense)] == [(size,) for size in (*hidden, 3)]


def test_two_classes_have_two_outputs_with_the_same_probabilities():
    model = fitted(MLPClassifier, np.array(["no", "yes"])[(X[:, 0] * X[:, 1] > 0).astype(int)])
    assert model.coefs_[-1].shape == (4, 1)
    graph = import_model(model)
    agree(scores(graph, X), model.predict_proba(X))
    predicted = model.classes_[scores(simplify(graph), X).argmax(axis=1)]  # the scores alone decide alike
    np.testing.assert_array_equal(predicted, model.predict(X))


@pytest.mark.parametrize("y", [X @ np.arange(6), X @ np.eye(6, 2)], ids=["one output", "two outputs"])
def test_regression(y):
    model = fitted(MLPRegressor, y)
    graph = import_model(model)
    agree(scores(graph, X).squeeze(), model.predict(X))
    assert graph.names(Softmax) == []


def test_identity_has_no_relu():
    model = fitted(MLPRegressor, X[:, 0], activation="identity")
    graph = import_model(model)
    agree(scores(graph, X)[:, 0], model.predict(X))
    assert graph.names(ReLU) == []


def test_images_are_flattened_in_the_order_of_their_pixels():
    model = fitted(MLPClassifier, np.arange(40) % 3)
    agree(scores(import_model(model, (1, 2, 3)), X.reshape(-1, 1, 2, 3)), model.predict_proba(X))


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_the_graph_keeps_its_weights_when_the_model_learns_on(kind):
    model = fitted(kind, np.arange(40) % 3)
    answer = model.predict_proba if kind is MLPClassifier else lambda x: model.predict(x)[:, None]
    graph, before = import_model(model), answer(X)
    model.partial_fit(X, np.zeros(40, int))
    assert not np.allclose(answer(X), before)
    agree(scores(graph, X), before)


@pytest.mark.parametrize("activation", ["logistic", "tanh"])
def test_another_activation_is_refused(activation):
    with pytest.raises(ConversionError) as error:
        import_model(fitted(MLPClassifier, np.arange(40) % 3, activation=activation))
    assert f"has activation '{activation}'; expected 'relu'" in str(error.value)
    assert "fit it again with activation='relu'" in str(error.value)


def test_several_labels_for_an_image_are_refused():
    labels = np.arange(40)[:, None] % [2, 3] == 0
    with pytest.raises(ConversionError, match=r"each of 2 labels a logistic output .* fit one classifier for each"):
        import_model(fitted(MLPClassifier, labels))


def test_an_exponential_output_is_refused():
    model = fitted(MLPRegressor, X[:, 0] ** 2)
    model.out_activation_ = "exp"  # as after a fit with loss="poisson", which older versions do not have
    with pytest.raises(ConversionError, match=r"has the output activation 'exp'; .* fit it with loss='squared_error'"):
        import_model(model)


OTHERS = {
    "not fitted": (MLPClassifier(), None, "MLPClassifier is not fitted; call its fit first"),
    "another model": (LogisticRegression(), None, "model is a LogisticRegression; of scikit-learn's models, expected"),
    "weights alone": ({"fc.weight": X}, (6,), "model is a dict; expected a torch.nn.Module (load weights into it"),
}


@pytest.mark.parametrize("model, shape, message", OTHERS.values(), ids=OTHERS)
def test_other_models_are_refused(model, shape, message):
    with pytest.raises(ConversionError) as error:
        import_model(model, shape)
    assert message in str(error.value)


@pytest.mark.parametrize("shape", [(5,), (1, 2, 2), (0, 6)])
def test_images_of_another_size_are_refused(shape):
    with pytest.raises(ConversionError, match=r"input_shape is \("):
        import_model(fitted(MLPClassifier, np.arange(40) % 3), shape)


def test_pytorch_is_not_imported():
    program = (
        "import sys; import numpy as np; from sklearn.neural_network import MLPRegressor\n"
        "from stdpnet.conversion import storage; from stdpnet.conversion.passes import simplify\n"
        "from stdpnet.conversion.importers import import_model; from stdpnet.conversion.graph.forward import scores\n"
        "model = MLPRegressor(hidden_layer_sizes=[2], max_iter=300, tol=1).fit(np.eye(3), np.ones(3))\n"
        "print(scores(simplify(import_model(model)), np.eye(3)).shape, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "(3, 1) False", done.stderr
