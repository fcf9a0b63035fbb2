"""Two hidden layers, fully connected, without biases."""

from collections import OrderedDict
from math import prod

from torch import nn


def dense(input_shape: tuple[int, ...], n_classes: int) -> OrderedDict[str, nn.Module]:
    """Return two hidden layers of 1,200 units without biases, so that scaling the image changes no answer.

    Diehl et al. 2015, doi:10.1109/IJCNN.2015.7280696.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    layers: dict[str, nn.Module] = {
        "flatten": nn.Flatten(),
        "dense1": nn.Linear(prod(input_shape), 1200, bias=False),
        "relu1": nn.ReLU(),
        "drop1": nn.Dropout(0.3),
        "dense2": nn.Linear(1200, 1200, bias=False),
        "relu2": nn.ReLU(),
        "drop2": nn.Dropout(0.3),
        "dense3": nn.Linear(1200, n_classes, bias=False),
    }
    return OrderedDict(layers)
