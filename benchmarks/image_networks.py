"""Networks of the size of ImageNet's, with random weights: ResNet-18, VGG-16, Inception-v3."""

import torch
from torch import nn

from stdpnet.conversion.ann.architectures import build


def layer(inputs, outputs, size, stride=1, padding=0):
    """Return a convolution without a bias, its batch normalisation and a ReLU."""
    convolution = nn.Conv2d(inputs, outputs, size, stride, padding, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class Basic(nn.Module):
    """The block of ResNet-18 (He et al. 2016, arXiv:1512.03385, figure 5 left)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = layer(inputs, outputs, 3, stride, 1)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        same = inputs == outputs and stride == 1
        projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity() if same else nn.Sequential(*projection)
        self.act = nn.ReLU()

    def forward(self, x):
        """Return the rectified sum."""
        return self.act(self.second(self.first(x)) + self.shortcut(x))


def resnet18(side):
    """Return ResNet-18 (table 1); for images of 32 pixels with a first convolution of 3 x 3 and no pooling."""
    small = side < 64
    first = [layer(3, 64, 3, 1, 1)] if small else [layer(3, 64, 7, 2, 3), nn.MaxPool2d(3, 2, 1)]
    sizes = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]
    blocks = [Basic(*part) for a, b, stride in sizes for part in ((a, b, stride), (b, b, 1))]
    return nn.Sequential(*first, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10 if small else 1000))


def vgg16(side):
    """Return VGG-16 with batch normalisation (Simonyan & Zisserman 2015, arXiv:1409.1556, table 1 D)."""
    if side < 64:
        return build("vgg16", (3, side, side), 10)
    parts, before = [], 3
    for count, channels in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(count):
            parts.append(layer(before, channels, 3, 1, 1))
            before = channels
        parts.append(nn.MaxPool2d(2))
    wide = 512 * (side // 32) ** 2
    dense = [nn.Linear(wide, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout()]
    return nn.Sequential(*parts, nn.Flatten(), *dense, nn.Linear(4096, 1000))


class Ways(nn.Module):
    """Ways side by side, concatenated."""

    def __init__(self, *ways):
        super().__init__()
        self.ways = nn.ModuleList(ways)

    def forward(self, x):
        """Return all channels, one way after the other."""
        return torch.cat([way(x) for way in self.ways], 1)


def pooled(inputs, outputs):
    """Return the way of an Inception module with average pooling."""
    return nn.Sequential(nn.AvgPool2d(3, 1, 1), layer(inputs, outputs, 1))


def module5(inputs, pool):
    """Return a module of figure 5 of Szegedy et al. 2016, as published with the weights: one way has 5 x 5."""
    return Ways(
        layer(inputs, 64, 1),
        nn.Sequential(layer(inputs, 48, 1), layer(48, 64, 5, padding=2)),
        nn.Sequential(layer(inputs, 64, 1), layer(64, 96, 3, padding=1), layer(96, 96, 3, padding=1)),
        pooled(inputs, pool),
    )


def module6(channels):
    """Return a module of figure 6, n = 7."""
    row, column = ((1, 7), (0, 3)), ((7, 1), (3, 0))

    def line(a, b, c):
        size, padding = c
        return layer(a, b, size, padding=padding)

    c = channels
    return Ways(
        layer(768, 192, 1),
        nn.Sequential(layer(768, c, 1), line(c, c, row), line(c, 192, column)),
        nn.Sequential(layer(768, c, 1), *(line(c, c, way) for way in (column, row, column)), line(c, 192, row)),
        pooled(768, 192),
    )


def split(inputs):
    """Return the two halves with 1 x 3 and 3 x 1 of figure 7."""
    return Ways(layer(inputs, 384, (1, 3), padding=(0, 1)), layer(inputs, 384, (3, 1), padding=(1, 0)))


def module7(inputs):
    """Return a module of figure 7."""
    return Ways(
        layer(inputs, 320, 1),
        nn.Sequential(layer(inputs, 384, 1), split(384)),
        nn.Sequential(layer(inputs, 448, 1), layer(448, 384, 3, padding=1), split(384)),
        pooled(inputs, 192),
    )


def inception3(side):
    """Return Inception-v3 (Szegedy et al. 2016, arXiv:1512.00567, table 1), without the auxiliary classifier."""
    stem = [layer(3, 32, 3, 2), layer(32, 32, 3), layer(32, 64, 3, padding=1), nn.MaxPool2d(3, 2)]
    stem += [layer(64, 80, 1), layer(80, 192, 3), nn.MaxPool2d(3, 2)]
    double = nn.Sequential(layer(288, 64, 1), layer(64, 96, 3, padding=1), layer(96, 96, 3, 2))
    first = Ways(layer(288, 384, 3, 2), double, nn.MaxPool2d(3, 2))
    lines = layer(192, 192, (1, 7), padding=(0, 3)), layer(192, 192, (7, 1), padding=(3, 0))
    second = Ways(
        nn.Sequential(layer(768, 192, 1), layer(192, 320, 3, 2)),
        nn.Sequential(layer(768, 192, 1), *lines, layer(192, 192, 3, 2)),
        nn.MaxPool2d(3, 2),
    )
    modules = [module5(192, 32), module5(256, 64), module5(288, 64), first, *map(module6, (128, 160, 160, 192)), second]
    end = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(), nn.Linear(2048, 1000)
    return nn.Sequential(*stem, *modules, module7(1280), module7(2048), *end)


NETWORKS = {
    "ResNet-18 at 32": (resnet18, 32),
    "ResNet-18 at 224": (resnet18, 224),
    "VGG-16 at 32": (vgg16, 32),
    "VGG-16 at 224": (vgg16, 224),
    "Inception-v3 at 299": (inception3, 299),
}


def network(name):
    """Return a network by its name, in evaluation mode, with weights that neither raise nor lower activations."""
    torch.manual_seed(0)
    make, side = NETWORKS[name]
    model = make(side)
    for part in model.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight)
    return model.eval(), (3, side, side)
