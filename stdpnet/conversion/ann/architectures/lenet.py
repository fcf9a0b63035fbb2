"""LeNet with batch normalisation and dropout."""

from collections import OrderedDict

from torch import nn

from stdpnet.base.errors import ConfigError

#: Least height and width that two windows of 5 x 5, each followed by a pooling of 2 x 2, leave something of.
LENET_SIDE = 16


def lenet(input_shape: tuple[int, ...], n_classes: int) -> OrderedDict[str, nn.Module]:
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
    OrderedDict of str to torch.nn.Module

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
    layers: dict[str, nn.Module] = {
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
    return OrderedDict(layers)
