"""Multi-layer perceptrons of scikit-learn."""

import math

from sklearn.neural_network import MLPClassifier, MLPRegressor

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import Dense, Flatten, Input, Layer, Output, ReLU, Softmax
from stdpnet.conversion.importers.shape import checked_shape


def import_perceptron(model: MLPClassifier | MLPRegressor, input_shape: tuple[int, ...] | None = None) -> Graph:
    """Turn a fitted perceptron into a graph of `Dense` and `ReLU` layers.

    Output i belongs to ``classes_[i]``, and the outputs are those of ``predict_proba`` or, for a
    regressor, of ``predict``. Two classes have one logistic output z in scikit-learn; here they
    have two, -z/2 and z/2, whose softmax is (1 - logistic(z), logistic(z)).

    Parameters
    ----------
    model : MLPClassifier or MLPRegressor
    input_shape : tuple of int, optional
        The default is ``(n_features_in_,)``; another shape of as many values is flattened first.

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        When the model is of another kind, is not fitted, or has another activation.
    """
    _check(model)
    shape = (model.n_features_in_,) if input_shape is None else checked_shape(input_shape)
    if math.prod(shape) != model.n_features_in_:
        raise ConversionError(f"input_shape is {shape}; the model was fitted to {model.n_features_in_} features")
    chain: dict[str, Layer] = {"input": Input(shape)}
    if len(shape) > 1:
        chain["flatten"] = Flatten()
    weights, biases = list(model.coefs_), list(model.intercepts_)
    if model.out_activation_ == "logistic":
        weights[-1] = weights[-1] * [-0.5, 0.5]
        biases[-1] = biases[-1] * [-0.5, 0.5]
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        chain[f"dense{i}"] = Dense(weight.T.copy(), bias.copy())
        if i < len(weights) and model.activation == "relu":
            chain[f"relu{i}"] = ReLU()
    if model.out_activation_ != "identity":
        chain["softmax"] = Softmax()
    chain["output"] = Output()
    sources = [(), *((name,) for name in chain)]
    return Graph({name: Node(layer, source) for (name, layer), source in zip(chain.items(), sources, strict=False)})


def _check(model):
    kind = type(model).__name__
    if not isinstance(model, MLPClassifier | MLPRegressor):
        raise ConversionError(f"model is a {kind}; of scikit-learn's models, expected an MLPClassifier or MLPRegressor")
    if not hasattr(model, "coefs_"):
        raise ConversionError(f"{kind} is not fitted; call its fit first")
    if model.activation not in ("relu", "identity"):
        raise ConversionError(
            f"{kind} has activation {model.activation!r}; expected 'relu' (or 'identity'), which integrate-and-fire "
            "neurons compute: fit it again with activation='relu'"
        )
    if model.out_activation_ not in ("identity", "softmax", "logistic"):
        raise ConversionError(
            f"{kind} has the output activation {model.out_activation_!r}; expected identity, softmax or logistic: "
            "fit it with loss='squared_error'"
        )
    if model.out_activation_ == "logistic" and model.n_outputs_ > 1:
        raise ConversionError(
            f"{kind} gives each of {model.n_outputs_} labels a logistic output of its own; expected one class for each "
            "image: fit one classifier for each label"
        )
