"""AlexNet, and CaffeNet: five convolutions, some in two groups, overlapping pooling, three dense layers."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from torch import nn

from stdpnet.base.errors import ConfigError

#: Least side of the images for which the first convolution is that of the paper, 11 x 11 in strides of 4.
LARGE = 128
#: Least side at all: three poolings of 3 x 3 leave something.
LEAST = 16
#: Channels and groups of the convolutions after the first, and which a pooling follows.
CONVOLUTIONS = {2: (256, 5, 2), 3: (384, 3, 1), 4: (384, 3, 2), 5: (256, 3, 2)}
POOLED = 1, 2, 5


def alexnet(
    input_shape: tuple[int, ...], n_classes: int, *, norm: bool = True, norm_first: bool = True, hidden: int = 4096
) -> OrderedDict[str, nn.Module]:
    """Return the network of Krizhevsky, Sutskever & Hinton (2012) for images of any size of at least 16 x 16 pixels.

    Images of less than 128 pixels have a first convolution of 5 x 5 without strides, as AlexNet's networks for CIFAR-10
    had, since 11 x 11 in strides of 4 would leave nothing of them.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int
    norm : bool
        With response normalisation across channels, which no neurons do: `convert` refuses it.
    norm_first : bool
        Before the pooling, as in AlexNet; else after it, as in CaffeNet.
    hidden : int
        Units of the dense layers.

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
        raise ConfigError(f"images are {sides[0]} x {sides[1]}; alexnet expects at least {LEAST} x {LEAST}: use lenet")
    large = min(sides) >= LARGE
    layers: dict[str, nn.Module] = {}
    for stage in range(1, 6):
        channels, size, groups = CONVOLUTIONS.get(stage, (96, 11 if large else 5, 1))
        stride, padding = (4, 2) if stage == 1 and large else (1, size // 2)
        layers[f"conv{stage}"] = nn.Conv2d(before, channels, size, stride, padding, groups=groups)
        layers[f"relu{stage}"] = nn.ReLU()
        sides = [(side + 2 * padding - size) // stride + 1 for side in sides]
        after: dict[str, nn.Module] = {}
        if norm and stage < 3:
            after[f"norm{stage}"] = nn.LocalResponseNorm(5, 1e-4, 0.75, 2.0 if norm_first else 1.0)
        if stage in POOLED:
            after[f"pool{stage}"] = nn.MaxPool2d(3, 2)
            sides = [(side - 3) // 2 + 1 for side in sides]
        layers |= after if norm_first else dict(reversed(after.items()))
        before = channels
    layers["flatten"], before = nn.Flatten(), before * sides[0] * sides[1]
    for stage in (6, 7):
        layers[f"drop{stage}"] = nn.Dropout(0.5)
        layers |= {f"dense{stage}": nn.Linear(before, hidden), f"relu{stage}": nn.ReLU()}
        before = hidden
    return OrderedDict(layers | {"dense8": nn.Linear(before, n_classes)})


ALEXNETS: dict[str, Callable[..., OrderedDict[str, nn.Module]]] = {
    "alexnet": alexnet,
    "alexnet-plain": partial(alexnet, norm=False),
    "caffenet": partial(alexnet, norm_first=False),
}
