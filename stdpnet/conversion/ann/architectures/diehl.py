"""A small network without biases: two convolutions, each with average pooling, and one dense layer."""

from collections import OrderedDict

from torch import nn

from stdpnet.base.errors import ConfigError

#: Least height and width that two windows of 5 x 5, each followed by a pooling of 2 x 2, leave something of.
LEAST = 16


def diehl(input_shape: tuple[int, ...], n_classes: int) -> OrderedDict[str, nn.Module]:
    """Return 12c5-2s-64c5-2s of Diehl et al. (2015, doi:10.1109/IJCNN.2015.7280696); `dense` is their other network.

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
    before, *sides = input_shape
    if min(sides) < LEAST:
        raise ConfigError(f"images are {sides[0]} x {sides[1]}; diehl expects at least {LEAST} x {LEAST}: use dense")
    layers: dict[str, nn.Module] = {}
    for stage, channels in ((1, 12), (2, 64)):
        layers |= {f"conv{stage}": nn.Conv2d(before, channels, 5, bias=False), f"relu{stage}": nn.ReLU()}
        layers |= {f"pool{stage}": nn.AvgPool2d(2), f"drop{stage}": nn.Dropout(0.5)}
        before, sides = channels, [(side - 4) // 2 for side in sides]
    layers |= {"flatten": nn.Flatten(), "dense": nn.Linear(before * sides[0] * sides[1], n_classes, bias=False)}
    return OrderedDict(layers)
