"""From trained models to graphs: scikit-learn's multi-layer perceptrons and PyTorch modules."""

from typing import Any

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph


def import_model(model: Any, input_shape: tuple[int, ...] | None = None) -> Graph:
    """Turn a trained model into a `Graph` that computes the same, in evaluation mode.

    Parameters
    ----------
    model : torch.nn.Module, MLPClassifier or MLPRegressor
        It is not changed. PyTorch is imported for a model of PyTorch only.
    input_shape : tuple of int, optional
        Shape of one image without the batch, such as ``(3, 32, 32)`` or ``(784,)``. A model of
        scikit-learn knows its number of features and may leave it out.

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        Naming the layer, where it stands and what to use instead, when a layer cannot be
        converted. None is left out silently.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.neural_network import MLPClassifier
    >>> model = MLPClassifier((4,), tol=1).fit(np.eye(3), [0, 1, 2])
    >>> import_model(model)
    Graph of 6 nodes: (3,) to (3,), 31 weights and biases
      input    Input    (3,)
      dense1   Dense    (4,)
      relu1    ReLU     (4,)
      dense2   Dense    (3,)
      softmax  Softmax  (3,)
      output   Output   (3,)
    """
    families = {base.__module__.partition(".")[0] for base in type(model).__mro__}
    if "torch" in families:
        from stdpnet.conversion.importers.pytorch import import_module

        return import_module(model, input_shape)
    if "sklearn" in families:
        from stdpnet.conversion.importers.scikit import import_perceptron

        return import_perceptron(model, input_shape)
    raise ConversionError(
        f"model is a {type(model).__name__}; expected a torch.nn.Module (load weights into it first), or an "
        "MLPClassifier or MLPRegressor of scikit-learn"
    )
