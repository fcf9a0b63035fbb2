"""Networks of PyTorch to be trained and converted: ReLUs, no activation without a spiking counterpart."""

from collections import OrderedDict
from math import prod

from torch import nn

from stdpnet.errors import ConfigError

#: Least height and width that two windows of 5 x 5, each followed by a pooling of 2 x 2, leave something of.
LENET_SIDE = 16


def lenet(input_shape, n_classes):
    """Return two stages of convolution and max pooling, then two dense layers.

    After LeNet-5 (LeCun et al. 1998, doi:10.1109/5.726791), with what conversion has to cope with: batch
    normalisation, biases, max pooling (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682).

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int

    Returns
    -------
    torch.nn.Sequential

    Raises
    ------
    ConfigError
        When the images are too small.
    """
    channels, height, width = input_shape
    if min(height, width) < LENET_SIDE:
        raise ConfigError(
            f"images are {height} x {width}; lenet expects at least {LENET_SIDE} x {LENET_SIDE}: use dense"
        )
    rows, columns = (((side - 4) // 2 - 4) // 2 for side in (height, width))
    layers = {
        "conv1": nn.Conv2d(channels, 16, 5),
        "norm1": nn.BatchNorm2d(16),
        "relu1": nn.ReLU(),
        "pool1": nn.MaxPool2d(2),
        "conv2": nn.Conv2d(16, 32, 5),
        "norm2": nn.BatchNorm2d(32),
        "relu2": nn.ReLU(),
        "pool2": nn.MaxPool2d(2),
        "flatten": nn.Flatten(),
        "drop3": nn.Dropout(0.25),
        "dense3": nn.Linear(32 * rows * columns, 128),
        "relu3": nn.ReLU(),
        "drop4": nn.Dropout(0.25),
        "dense4": nn.Linear(128, n_classes),
    }
    return nn.Sequential(OrderedDict(layers))


def dense(input_shape, n_classes):
    """Return two hidden layers of 1,200 units without biases, so that scaling the image changes no answer.

    Diehl et al. 2015, doi:10.1109/IJCNN.2015.7280696.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int

    Returns
    -------
    torch.nn.Sequential
    """
    layers = {
        "flatten": nn.Flatten(),
        "dense1": nn.Linear(prod(input_shape), 1200, bias=False),
        "relu1": nn.ReLU(),
        "drop1": nn.Dropout(0.3),
        "dense2": nn.Linear(1200, 1200, bias=False),
        "relu2": nn.ReLU(),
        "drop2": nn.Dropout(0.3),
        "dense3": nn.Linear(1200, n_classes, bias=False),
    }
    return nn.Sequential(OrderedDict(layers))


ARCHITECTURES = {"lenet": lenet, "dense": dense}


def build(architecture, input_shape, n_classes):
    """Return an untrained network, its weights drawn from PyTorch's global generator.

    Parameters
    ----------
    architecture : {"lenet", "dense"}
    input_shape : tuple of int
        Channels, height and width of an image.
    n_classes : int

    Returns
    -------
    torch.nn.Sequential
        With the attributes ``input_shape`` and ``n_classes``.

    Raises
    ------
    ConfigError
        When there is no such architecture, or the images are too small for it.
    """
    if architecture not in ARCHITECTURES:
        raise ConfigError(f"architecture is {architecture!r}; expected one of {', '.join(ARCHITECTURES)}")
    model = ARCHITECTURES[architecture](input_shape, n_classes)
    model.input_shape, model.n_classes = tuple(input_shape), n_classes
    return model
