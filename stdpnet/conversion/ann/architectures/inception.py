"""A small network of Inception modules: convolutions of several sizes side by side, concatenated."""

from collections import OrderedDict

import torch
from torch import nn


def _convolution(before: int, channels: int, size: int) -> nn.Sequential:
    """Return a convolution that keeps the size of the image, normalised and rectified."""
    parts = nn.Conv2d(before, channels, size, padding=size // 2, bias=False), nn.BatchNorm2d(channels), nn.ReLU()
    return nn.Sequential(*parts)


class InceptionModule(nn.Module):
    """Four ways side by side: 1 x 1, 3 x 3, twice 3 x 3, and average pooling.

    Szegedy et al. 2016, arXiv:1512.00567, figure 5.

    Parameters
    ----------
    before, channels : int
        Of the input, and of each of the four ways.
    """

    def __init__(self, before: int, channels: int):
        super().__init__()
        half = channels // 2
        self.single = _convolution(before, channels, 1)
        self.once = nn.Sequential(_convolution(before, half, 1), _convolution(half, channels, 3))
        self.twice = nn.Sequential(
            _convolution(before, half, 1), _convolution(half, channels, 3), _convolution(channels, channels, 3)
        )
        self.pooled = nn.Sequential(nn.AvgPool2d(3, 1, 1), _convolution(before, channels, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return all channels, one way after the other."""
        return torch.cat([self.single(x), self.once(x), self.twice(x), self.pooled(x)], dim=1)


def inception(input_shape: tuple[int, ...], n_classes: int) -> OrderedDict[str, nn.Module]:
    """Return three stages of Inception modules for images of any size of at least 8 x 8 pixels.

    The modules of Inception-v3 (Szegedy et al. 2016, arXiv:1512.00567) in small, as Rueckauer et al. (2017,
    doi:10.3389/fnins.2017.00682) convert them.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    layers: dict[str, nn.Module] = {"stem": _convolution(input_shape[0], 64, 3)}
    before = 64
    for stage, channels in enumerate((32, 64, 96), 1):
        if stage > 1:
            layers[f"pool{stage}"] = nn.MaxPool2d(2)
        for number in (1, 2):
            layers[f"module{stage}_{number}"] = InceptionModule(before, channels)
            before = 4 * channels
    layers |= {"pool": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten(), "drop": nn.Dropout(0.2)}
    layers["dense"] = nn.Linear(before, n_classes)
    return OrderedDict(layers)
