"""BinaryConnect and BinaryNet: weights of -1 and 1, and activations of two values."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

import torch
from torch import nn
from torch.nn import functional as F

from stdpnet.conversion.ann.activations import clip_floor_shift

#: Channels of the three stages of two convolutions each, and units of the dense layers.
STAGES, HIDDEN = (128, 256, 512), 1024


def binary(weights: torch.Tensor) -> torch.Tensor:
    """Return the signs of weights, 1 for 0, whose gradients pass where weights are between -1 and 1."""
    clipped = weights.clamp(-1, 1)
    return clipped + (torch.where(weights < 0, -1.0, 1.0) - clipped).detach()


class BinaryConvolution(nn.Conv2d):
    """A convolution by the signs of its weights."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the convolution."""
        return F.conv2d(x, binary(self.weight), self.bias, self.stride, self.padding)


class BinaryLinear(nn.Linear):
    """A dense layer of the signs of its weights."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the product."""
        return F.linear(x, binary(self.weight), self.bias)


class TwoValues(nn.Module):
    """The sign of an input, or 1 where it is not below 0 and 0 elsewhere: a staircase of one step.

    Gradients pass between -1 and 1, as in BinaryNet (Courbariaux et al. 2016, arXiv:1602.02830). As neurons it is exact
    in one time step, which is all that a network of two values needs.

    Parameters
    ----------
    sign : bool
        -1 and 1; else 0 and 1.
    """

    bound: torch.Tensor

    def __init__(self, sign: bool):
        super().__init__()
        self.sign = sign
        self.bound: torch.Tensor
        self.register_buffer("bound", torch.tensor(2.0), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the two values."""
        step = clip_floor_shift(x + 1, self.bound, 1)
        return step - 1 if self.sign else step / 2


def binarynet(input_shape: tuple[int, ...], n_classes: int, *, activation: str = "sign") -> OrderedDict[str, nn.Module]:
    """Return three stages of two convolutions and three dense layers, all with weights of -1 and 1.

    BinaryConnect (Courbariaux et al. 2015, arXiv:1511.00363) and BinaryNet (2016), as Rueckauer et al. (2017,
    doi:10.3389/fnins.2017.00682) convert them; for images of any size of at least 8 x 8 pixels.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int
    activation : {"relu", "sign", "heaviside"}
        BinaryConnect has ReLU.

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    layers: dict[str, nn.Module] = {}

    def add(name: str, layer: nn.Module, norm: nn.Module, pooled: bool = False) -> None:
        layers[f"layer{name}"] = layer
        if pooled:
            layers[f"pool{name}"] = nn.MaxPool2d(2)
        layers[f"norm{name}"] = norm
        layers[f"values{name}"] = nn.ReLU() if activation == "relu" else TwoValues(activation == "sign")

    before, *sides = input_shape
    for stage, channels in enumerate(STAGES, 1):
        for number in (1, 2):
            convolution = BinaryConvolution(before, channels, 3, padding=1, bias=False)
            add(f"{stage}_{number}", convolution, nn.BatchNorm2d(channels), number == 2)
            before = channels
    layers["flatten"] = nn.Flatten()
    before *= (sides[0] // 8) * (sides[1] // 8)
    for name in ("4", "5"):
        add(name, BinaryLinear(before, HIDDEN, bias=False), nn.BatchNorm1d(HIDDEN))
        before = HIDDEN
    layers |= {"layer6": BinaryLinear(before, n_classes, bias=False), "norm6": nn.BatchNorm1d(n_classes)}
    return OrderedDict(layers)


BINARY: dict[str, Callable[..., OrderedDict[str, nn.Module]]] = {
    "binaryconnect": partial(binarynet, activation="relu"),
    "binarynet-sign": partial(binarynet, activation="sign"),
    "binarynet-heaviside": partial(binarynet, activation="heaviside"),
}
