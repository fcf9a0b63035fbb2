"""VGG: stages of 3 x 3 convolutions, the image halved between them."""

from collections import OrderedDict
from functools import partial

from torch import nn

#: Convolutions in each of the five stages (Simonyan & Zisserman 2015, arXiv:1409.1556, table 1: A, B, D).
STAGES = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3)}
#: Channels of the stages.
CHANNELS = (64, 128, 256, 512, 512)


def vgg(
    depth: int, input_shape: tuple[int, ...], n_classes: int, *, norm: bool = True, average: bool = False
) -> OrderedDict[str, nn.Module]:
    """Return the convolutions of VGG, a mean over the image, and one dense layer.

    For images of any size of at least 16 x 16 pixels; on CIFAR-10 this is what the literature calls VGG-16
    (Simonyan & Zisserman 2015, arXiv:1409.1556), whose three dense layers were made for ImageNet.

    Parameters
    ----------
    depth : {11, 13, 16}
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int
    norm : bool
        With batch normalisation. Without, there are no biases either, and dropout regularises, as Sengupta et al.
        (2019, doi:10.3389/fnins.2019.00095) have it for conversion.
    average : bool
        Average pooling instead of max pooling.

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    layers: dict[str, nn.Module] = {}
    before = input_shape[0]
    for stage, (count, channels) in enumerate(zip(STAGES[depth], CHANNELS, strict=True), 1):
        for name in (f"{stage}_{number}" for number in range(1, count + 1)):
            layers[f"conv{name}"] = nn.Conv2d(before, channels, 3, padding=1, bias=False)
            if norm:
                layers[f"norm{name}"] = nn.BatchNorm2d(channels)
            layers[f"relu{name}"] = nn.ReLU()
            if not norm and name != f"{stage}_{count}":
                layers[f"drop{name}"] = nn.Dropout(0.2)
            before = channels
        if stage < len(CHANNELS):
            layers[f"pool{stage}"] = nn.AvgPool2d(2) if average else nn.MaxPool2d(2)
    layers |= {"pool5": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten(), "drop6": nn.Dropout(0.2)}
    layers["dense6"] = nn.Linear(CHANNELS[-1], n_classes, bias=norm)
    return OrderedDict(layers)


VGGS = {f"vgg{depth}": partial(vgg, depth) for depth in STAGES}
VGGS["vgg16-plain"] = partial(vgg, 16, norm=False, average=True)
VGGS["vgg16-average"] = partial(vgg, 16, average=True)
