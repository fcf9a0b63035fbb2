"""The network for CIFAR-10 of cuda-convnet: two convolutions, then two layers whose every place has its own weights."""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


class LocallyConnected(nn.Module):
    """A convolution whose window has other weights at every place; the image keeps its size.

    Parameters
    ----------
    before, channels : int
    size : int
        Odd, of the window.
    sides : tuple of int
        Height and width of the image.
    """

    def __init__(self, before: int, channels: int, size: int, sides: tuple[int, ...]):
        super().__init__()
        self.size, self.sides, places = size, tuple(sides), sides[0] * sides[1]
        # a group for each place, of an image of one pixel: its window lies in the channels
        self.each = nn.Conv2d(places * before * size * size, places * channels, 1, groups=places)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what each place's weights make of its window."""
        windows = F.unfold(x, self.size, padding=self.size // 2).transpose(1, 2)
        found = self.each(windows.reshape(len(x), -1, 1, 1))
        height, width = self.sides
        return found.reshape(len(x), height * width, -1).transpose(1, 2).reshape(len(x), -1, height, width)


def local(input_shape: tuple[int, ...], n_classes: int) -> OrderedDict[str, nn.Module]:
    """Return five layers: 64 and 64 channels of 5 x 5, locally connected 64 and 32 of 3 x 3, and one dense.

    Krizhevsky's cuda-convnet, as Hunsberger & Eliasmith 2015, arXiv:1510.08829, change it for spikes: without response
    normalisation, with average pooling. For images of any size of at least 8 x 8 pixels; theirs were crops of 24 x 24.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    before, *sides = input_shape
    layers: dict[str, nn.Module] = {}
    for stage in (1, 2):
        layers[f"conv{stage}"] = nn.Conv2d(before, 64, 5, padding=2)
        layers |= {f"relu{stage}": nn.ReLU(), f"pool{stage}": nn.AvgPool2d(3, 2, 1)}
        before, sides = 64, [(side - 1) // 2 + 1 for side in sides]
    for stage, channels in ((3, 64), (4, 32)):
        layers[f"local{stage}"] = LocallyConnected(before, channels, 3, tuple(sides))
        layers |= {f"relu{stage}": nn.ReLU(), f"drop{stage}": nn.Dropout(0.5)}
        before = channels
    layers |= {"flatten": nn.Flatten(), "dense5": nn.Linear(before * sides[0] * sides[1], n_classes)}
    return OrderedDict(layers)
