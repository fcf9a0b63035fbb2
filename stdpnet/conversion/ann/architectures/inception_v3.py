"""Inception-v3 with all its modules; names of parts are those of torchvision, so that its weights fit."""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import nn

from stdpnet.base.errors import ConfigError

#: Least side: the stem and two reductions leave something.
LEAST = 75
#: Height and width of a window.
Window = tuple[int, int]
#: A convolution: its channels, window and stride. It keeps the size of the image, or, with a stride, pads nothing.
Part = tuple[int, Window, int]


class BasicConv2d(nn.Module):
    """A convolution, normalised and rectified.

    Parameters
    ----------
    before, channels : int
    window : tuple of int
    stride : int
    padded : bool
        So that the image keeps its size.
    """

    def __init__(self, before: int, channels: int, window: Window, stride: int = 1, padded: bool = True):
        super().__init__()
        padding = (window[0] // 2, window[1] // 2) if padded else 0
        self.conv = nn.Conv2d(before, channels, window, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(channels, eps=0.001)
        self.relu = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the activations."""
        return self.relu(self.bn(self.conv(x)))


class Module(nn.Module):
    """Ways side by side, concatenated.

    Parameters
    ----------
    before : int
        Channels of the input.
    ways : dict of str to sequence of Part
        By the end of the name of each convolution: the ways in the order of their channels. A way's name is what its
        convolutions begin with; one that begins with ``pool`` starts with average pooling.
    reduced : bool
        With max pooling in strides of 2 as last way, and no padding where there is a stride.
    """

    def __init__(self, before: int, ways: dict[str, Sequence[Part]], reduced: bool = False):
        super().__init__()
        self.ways: list[list[str]] = []
        self.channels = before if reduced else 0
        for way, parts in ways.items():
            names, width = [], before
            for number, (channels, window, stride) in enumerate(parts, 1):
                name = f"branch{way}" if len(parts) == 1 else f"branch{way}_{number}"
                self.add_module(name, BasicConv2d(width, channels, window, stride, stride == 1))
                names.append(name)
                width = channels
            self.ways.append(names)
            self.channels += width
        self.mean = nn.AvgPool2d(3, 1, 1)
        self.largest = nn.MaxPool2d(3, 2) if reduced else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return all channels, one way after the other."""
        found = []
        for names in self.ways:
            y = self.mean(x) if names[0].startswith("branch_pool") else x
            for name in names:
                y = getattr(self, name)(y)
            found.append(y)
        return torch.cat([*found, self.largest(x)] if self.largest else found, dim=1)


class Split(nn.Module):
    """The widest module: ways that end in a row and a column side by side.

    Parameters
    ----------
    before : int
    """

    channels = 2048

    def __init__(self, before: int):
        super().__init__()
        self.branch1x1 = BasicConv2d(before, 320, (1, 1))
        self.branch3x3_1 = BasicConv2d(before, 384, (1, 1))
        self.branch3x3dbl_1 = BasicConv2d(before, 448, (1, 1))
        self.branch3x3dbl_2 = BasicConv2d(448, 384, (3, 3))
        for way in ("branch3x3_2", "branch3x3dbl_3"):
            self.add_module(f"{way}a", BasicConv2d(384, 384, (1, 3)))
            self.add_module(f"{way}b", BasicConv2d(384, 384, (3, 1)))
        self.mean = nn.AvgPool2d(3, 1, 1)
        self.branch_pool = BasicConv2d(before, 192, (1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return all channels, one way after the other."""
        once, twice = self.branch3x3_1(x), self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        pairs = [getattr(self, f"branch3x3_2{part}")(once) for part in "ab"]
        pairs += [getattr(self, f"branch3x3dbl_3{part}")(twice) for part in "ab"]
        return torch.cat([self.branch1x1(x), *pairs, self.branch_pool(self.mean(x))], dim=1)


ONE, THREE, FIVE, ROW, COLUMN = (1, 1), (3, 3), (5, 5), (1, 7), (7, 1)


def _inner(pooled: int) -> dict[str, Sequence[Part]]:
    """Return the ways of the modules of the first size."""
    return {
        "1x1": [(64, ONE, 1)],
        "5x5": [(48, ONE, 1), (64, FIVE, 1)],
        "3x3dbl": [(64, ONE, 1), (96, THREE, 1), (96, THREE, 1)],
        "_pool": [(pooled, ONE, 1)],
    }


def _factored(width: int) -> dict[str, Sequence[Part]]:
    """Return the ways of the modules of the second size, with windows of 1 x 7 and 7 x 1."""
    rows = [(width, COLUMN, 1), (width, ROW, 1), (width, COLUMN, 1), (192, ROW, 1)]
    return {
        "1x1": [(192, ONE, 1)],
        "7x7": [(width, ONE, 1), (width, ROW, 1), (192, COLUMN, 1)],
        "7x7dbl": [(width, ONE, 1), *rows],
        "_pool": [(192, ONE, 1)],
    }


def inception_v3(input_shape: tuple[int, ...], n_classes: int) -> OrderedDict[str, nn.Module]:
    """Return the network of Szegedy et al. (2016, arXiv:1512.00567) for images of at least 75 x 75 pixels.

    Without the second head, which only its training had. Rueckauer et al. (2017, doi:10.3389/fnins.2017.00682)
    convert it.

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
    if min(input_shape[1:]) < LEAST:
        sides = " x ".join(map(str, input_shape[1:]))
        raise ConfigError(f"images are {sides}; inception-v3 expects at least {LEAST} x {LEAST}: use inception")
    layers: dict[str, nn.Module] = {
        "Conv2d_1a_3x3": BasicConv2d(input_shape[0], 32, THREE, 2, padded=False),
        "Conv2d_2a_3x3": BasicConv2d(32, 32, THREE, padded=False),
        "Conv2d_2b_3x3": BasicConv2d(32, 64, THREE),
        "maxpool1": nn.MaxPool2d(3, 2),
        "Conv2d_3b_1x1": BasicConv2d(64, 80, ONE),
        "Conv2d_4a_3x3": BasicConv2d(80, 192, THREE, padded=False),
        "maxpool2": nn.MaxPool2d(3, 2),
    }
    reduction: dict[str, Sequence[Part]] = {
        "3x3": [(384, THREE, 2)],
        "3x3dbl": [(64, ONE, 1), (96, THREE, 1), (96, THREE, 2)],
    }
    last: dict[str, Sequence[Part]] = {
        "3x3": [(192, ONE, 1), (320, THREE, 2)],
        "7x7x3": [(192, ONE, 1), (192, ROW, 1), (192, COLUMN, 1), (192, THREE, 2)],
    }
    before = 192
    for name, ways in (("5b", _inner(32)), ("5c", _inner(64)), ("5d", _inner(64)), ("6a", reduction)):
        layers[f"Mixed_{name}"] = module = Module(before, ways, name == "6a")
        before = module.channels
    for name, width in (("6b", 128), ("6c", 160), ("6d", 160), ("6e", 192)):
        layers[f"Mixed_{name}"] = module = Module(before, _factored(width))
        before = module.channels
    layers["Mixed_7a"] = module = Module(before, last, reduced=True)
    layers |= {"Mixed_7b": Split(module.channels), "Mixed_7c": Split(Split.channels)}
    layers |= {"avgpool": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten(), "dropout": nn.Dropout()}
    return OrderedDict(layers | {"fc": nn.Linear(Split.channels, n_classes)})
