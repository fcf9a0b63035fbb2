"""FitNet-4: thin and deep, 17 convolutions without batch normalisation, for which unit variance was made."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

import torch
from torch import nn

#: Channels of the convolutions of each stage.
STAGES = ((32, 32, 32, 48, 48), (80,) * 6, (128,) * 6)


class ResidualPair(nn.Module):
    """Two convolutions with a shortcut around them, rectified after the sum.

    Parameters
    ----------
    before, channels : int
        Of the input, and of the output; where they differ, the shortcut is a convolution of 1 x 1.
    """

    def __init__(self, before: int, channels: int):
        super().__init__()
        self.conv1, self.conv2 = (nn.Conv2d(n, channels, 3, padding=1) for n in (before, channels))
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()
        self.shortcut = nn.Identity() if before == channels else nn.Conv2d(before, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the rectified sum of both ways."""
        return self.relu2(self.conv2(self.relu1(self.conv1(x))) + self.shortcut(x))


def fitnet4(input_shape: tuple[int, ...], n_classes: int, *, residual: bool = False) -> OrderedDict[str, nn.Module]:
    """Return FitNet-4 (Romero et al. 2015, arXiv:1412.6550) with ReLU, as Mishkin & Matas (2016) train it.

    For images of any size of at least 8 x 8 pixels. It needs the start of `unit_variance`.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int
    residual : bool
        With a shortcut around every two convolutions: their FitResNet-4.

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    layers: dict[str, nn.Module] = {}
    before = input_shape[0]
    for stage, widths in enumerate(STAGES, 1):
        number = 0
        while number < len(widths):
            channels, name = widths[number], f"{stage}_{number + 1}"
            if residual and number + 1 < len(widths) and widths[number + 1] == channels:
                layers[f"pair{name}"] = ResidualPair(before, channels)
                number += 2
            else:
                layers |= {f"conv{name}": nn.Conv2d(before, channels, 3, padding=1), f"relu{name}": nn.ReLU()}
                number += 1
            before = channels
        layers[f"pool{stage}"] = nn.MaxPool2d(2) if stage < len(STAGES) else nn.AdaptiveMaxPool2d(1)
    layers |= {"flatten": nn.Flatten(), "dense": nn.Linear(before, n_classes)}
    return OrderedDict(layers)


FITNETS: dict[str, Callable[..., OrderedDict[str, nn.Module]]] = {
    "fitnet4": fitnet4,
    "fitresnet4": partial(fitnet4, residual=True),
}
