"""Network in network: after each convolution two of 1 x 1, and no dense layer."""

from collections import OrderedDict

from torch import nn

#: Size of the first window of each stage, and the channels of its three layers; the last stage ends with the classes.
STAGES = ((5, (192, 160, 96)), (5, (192, 192, 192)), (3, (192, 192)))


def nin(input_shape: tuple[int, ...], n_classes: int) -> OrderedDict[str, nn.Module]:
    """Return the network of Lin, Chen & Yan (2014, arXiv:1312.4400) for CIFAR-10, for images from 8 x 8 pixels.

    Parameters
    ----------
    input_shape : tuple of int
        ``(channels, height, width)``.
    n_classes : int

    Returns
    -------
    OrderedDict of str to torch.nn.Module
    """
    layers: dict[str, nn.Module] = {}
    before = input_shape[0]
    for stage, (size, widths) in enumerate(STAGES, 1):
        for number, channels in enumerate(widths, 1):
            window = size if number == 1 else 1
            layers[f"conv{stage}_{number}"] = nn.Conv2d(before, channels, window, padding=window // 2)
            layers[f"relu{stage}_{number}"] = nn.ReLU()
            before = channels
        if stage < len(STAGES):
            layers[f"pool{stage}"] = (nn.MaxPool2d if stage == 1 else nn.AvgPool2d)(3, 2, 1)
            layers[f"drop{stage}"] = nn.Dropout(0.5)
    layers["conv3_3"] = nn.Conv2d(before, n_classes, 1)
    return OrderedDict(layers | {"pool3": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten()})
