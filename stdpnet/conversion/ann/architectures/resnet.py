"""Residual networks: stages of blocks, a shortcut around each."""

from collections import OrderedDict
from functools import partial

import torch
from torch import nn

#: Channels of the stages for small images (He et al. 2016, arXiv:1512.03385, section 4.2).
CHANNELS = (16, 32, 64)
#: Channels of the stages for large ones, and how many blocks are in each of ResNet-34 (table 1).
WIDE, BLOCKS = (64, 128, 256, 512), (3, 4, 6, 3)


class ResidualBlock(nn.Module):
    """Two convolutions, added to the block's input, then rectified.

    The ReLU stands after the sum, so that what leaves a block are spikes (Sengupta et al. 2019,
    doi:10.3389/fnins.2019.00095). Where the shape changes, the shortcut is a convolution of 1 x 1.

    Parameters
    ----------
    before, channels : int
        Of the input, and of the output.
    stride : int
    norm : bool
        With batch normalisation; without, a dropout stands between the convolutions.
    """

    def __init__(self, before: int, channels: int, stride: int, norm: bool):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels) if norm else nn.Dropout(0.1)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels) if norm else nn.Identity()
        self.shortcut = nn.Sequential()
        if before != channels or stride != 1:
            self.shortcut.append(nn.Conv2d(before, channels, 1, stride, bias=False))
            if norm:
                self.shortcut.append(nn.BatchNorm2d(channels))
        self.relu2 = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the rectified sum of both ways."""
        residual = self.norm2(self.conv2(self.relu1(self.norm1(self.conv1(x)))))
        return self.relu2(residual + self.shortcut(x))


def _stages(
    before: int, channels: tuple[int, ...], blocks: tuple[int, ...], n_classes: int, norm: bool
) -> dict[str, nn.Module]:
    """Return blocks in stages, each after the first in half the size, then the mean of the image and a dense layer."""
    layers: dict[str, nn.Module] = {}
    for stage, (width, count) in enumerate(zip(channels, blocks, strict=True), 1):
        for number in range(1, count + 1):
            stride = 2 if stage > 1 and number == 1 else 1
            layers[f"block{stage}_{number}"] = ResidualBlock(before, width, stride, norm)
            before = width
    layers |= {"pool": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten()}
    return layers | {"dense": nn.Linear(before, n_classes, bias=norm)}


def resnet(
    depth: int, input_shape: tuple[int, ...], n_classes: int, *, norm: bool = True
) -> OrderedDict[str, nn.Module]:
    """Return a residual network for images of any size of at least 8 x 8 pixels.

    He et al. 2016, arXiv:1512.03385, with convolutions as shortcuts (option B).

    Parameters
    ----------
    depth : int
        6 n + 2 layers, for n blocks in each stage.
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int
    norm : bool
        With batch normalisation. Without, there are no biases either, and dropout regularises, as Sengupta et al.
        (2019) have it for conversion.

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    blocks = (depth - 2) // 6
    layers: dict[str, nn.Module] = {"conv0": nn.Conv2d(input_shape[0], CHANNELS[0], 3, 1, 1, bias=False)}
    if norm:
        layers["norm0"] = nn.BatchNorm2d(CHANNELS[0])
    layers["relu0"] = nn.ReLU()
    layers |= _stages(CHANNELS[0], CHANNELS, (blocks,) * len(CHANNELS), n_classes, norm)
    return OrderedDict(layers)


def large_resnet(
    blocks: tuple[int, ...], input_shape: tuple[int, ...], n_classes: int, *, norm: bool = True
) -> OrderedDict[str, nn.Module]:
    """Return a residual network for large images, of at least 64 x 64 pixels.

    With what Sengupta et al. (2019, doi:10.3389/fnins.2019.00095) ask for: a stem of three convolutions of 3 x 3 in
    place of one of 7 x 7, average pooling, and a ReLU after each sum.

    Parameters
    ----------
    blocks : tuple of int
        In each of four stages.
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int
    norm : bool
        See `resnet`.

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    layers: dict[str, nn.Module] = {}
    before = input_shape[0]
    for number in (1, 2, 3):
        layers[f"conv0_{number}"] = nn.Conv2d(before, WIDE[0], 3, 2 if number == 1 else 1, 1, bias=False)
        if norm:
            layers[f"norm0_{number}"] = nn.BatchNorm2d(WIDE[0])
        layers[f"relu0_{number}"] = nn.ReLU()
        before = WIDE[0]
    layers["pool0"] = nn.AvgPool2d(2)
    return OrderedDict(layers | _stages(WIDE[0], WIDE, blocks, n_classes, norm))


RESNETS = {f"resnet{depth}": partial(resnet, depth) for depth in (20, 32)}
RESNETS["resnet20-plain"] = partial(resnet, 20, norm=False)
RESNETS |= {"resnet34": partial(large_resnet, BLOCKS), "resnet34-plain": partial(large_resnet, BLOCKS, norm=False)}
