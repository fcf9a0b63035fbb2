"""Public architectures as their papers describe them, with few channels and blocks."""

import torch
import torch.nn.functional as F
from torch import nn


def conv(inputs, outputs, size=3, stride=1, groups=1, act=True, **others):
    """Return a convolution with batch normalisation, and ReLU."""
    layer = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False, **others)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), *([nn.ReLU(inplace=True)] if act else []))


def head(channels, classes=5):
    """Return global average pooling and a linear layer."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class Residual(nn.Module):
    """He et al. 2016, with shortcuts of option A or B; of Xie et al. 2017 with groups."""

    def __init__(self, inputs, outputs, stride=1, option="B", groups=1):
        super().__init__()
        self.body = nn.Sequential(conv(inputs, outputs, 3, stride), conv(outputs, outputs, groups=groups, act=False))
        self.plain, self.option, self.added = (inputs, stride) == (outputs, 1), option, outputs - inputs
        self.shortcut = conv(inputs, outputs, 1, stride, act=False) if option == "B" and not self.plain else None

    def forward(self, x):
        y = self.body(x)
        if self.shortcut is not None:
            x = self.shortcut(x)
        elif not self.plain:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added // 2, self.added - self.added // 2))
        y += x
        return F.relu(y)


class PreActivation(nn.Module):
    """He et al. 2016b: normalisation and ReLU before each convolution."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        if stride != 1:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        out = F.relu(self.bn1(x))
        shortcut = self.shortcut(out) if hasattr(self, "shortcut") else x
        return self.conv2(F.relu(self.bn2(self.conv1(out)))) + shortcut


class Dense(nn.Module):
    """Huang et al. 2017: each layer takes all before it."""

    def __init__(self, inputs, growth, layers):
        super().__init__()
        sizes = [inputs + growth * k for k in range(layers)]
        self.layers = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(n), nn.ReLU(), nn.Conv2d(n, growth, 3, padding=1, bias=False)) for n in sizes
        )

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, 1)))
        return torch.cat(features, 1)


class Inception(nn.Module):
    """Szegedy et al. 2015: four branches."""

    def __init__(self, inputs, each):
        super().__init__()
        self.branches = nn.ModuleList([
            conv(inputs, each, 1),
            nn.Sequential(conv(inputs, each, 1), conv(each, each, 3)),
            nn.Sequential(conv(inputs, each, 1), conv(each, each, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), conv(inputs, each, 1)),
        ])  # fmt: skip

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class InceptionThree(nn.Module):
    """Szegedy et al. 2016: factorised convolutions, and average pooling without its border."""

    def __init__(self, inputs, each):
        super().__init__()
        self.split = conv(inputs, each, 1)
        self.across = nn.Conv2d(each, each, (1, 7), padding=(0, 3))
        self.down = nn.Conv2d(each, each, (7, 1), padding=(3, 0))
        self.pooled = conv(inputs, each, 1)

    def forward(self, x):
        y = self.split(x)
        pooled = F.avg_pool2d(x, kernel_size=3, stride=1, padding=1, count_include_pad=False)
        return torch.cat([F.relu(self.across(y)), F.relu(self.down(y)), self.pooled(pooled)], dim=1)


class Fire(nn.Module):
    """Iandola et al. 2016."""

    def __init__(self, inputs, squeeze, expand):
        super().__init__()
        self.squeeze, self.one = nn.Conv2d(inputs, squeeze, 1), nn.Conv2d(squeeze, expand, 1)
        self.three = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x):
        x = self.squeeze(x).relu()
        return torch.cat((self.one(x).relu(), self.three(x).relu()), 1)


class Inverted(nn.Module):
    """Sandler et al. 2018, with ReLU6."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        wide, self.same = 3 * inputs, (inputs, stride) == (outputs, 1)
        self.body = nn.Sequential(
            *(conv(inputs, wide, 1, act=False), nn.ReLU6(inplace=True)),
            *(conv(wide, wide, 3, stride, wide, act=False), nn.ReLU6(inplace=True)),
            conv(wide, outputs, 1, act=False),
        )

    def forward(self, x):
        return x + self.body(x) if self.same else self.body(x)


class Shuffle(nn.Module):
    """Zhang et al. 2018 and Ma et al. 2018: half of the channels, shuffled with the others."""

    def __init__(self, channels, stride):
        super().__init__()
        half, self.stride = channels // 2, stride
        taken = channels if stride == 2 else half
        self.right = nn.Sequential(
            conv(taken, half, 1), conv(half, half, 3, stride, half, act=False), conv(half, half, 1)
        )
        if stride == 2:
            self.left = nn.Sequential(conv(taken, taken, 3, 2, taken, act=False), conv(taken, half, 1))

    def forward(self, x):
        if self.stride == 1:
            left, x = x.chunk(2, dim=1)
        else:
            left = self.left(x)
        x = torch.cat((left, self.right(x)), dim=1)
        batch, channels, height, width = x.size()
        x = x.view(batch, 2, channels // 2, height, width)
        return torch.transpose(x, 1, 2).contiguous().view(batch, -1, height, width)


class Aggregated(nn.Module):
    """Yu et al. 2018 (DLA): a tree of two blocks and a root that takes both."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.left, self.right = Residual(inputs, outputs), Residual(outputs, outputs)
        self.root = conv(2 * outputs + inputs, outputs, 1)

    def forward(self, x):
        left = self.left(x)
        return self.root(torch.cat([left, self.right(left), x], 1))


def alexnet():
    """Krizhevsky et al. 2012, without its local response normalisation."""
    features = [nn.Conv2d(3, 8, 11, 4, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2), nn.Conv2d(8, 6, 5, padding=2)]
    classifier = [nn.Dropout(), nn.Linear(6 * 36, 12), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(12, 5)]
    return nn.Sequential(*features, nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((6, 6)), nn.Flatten(), *classifier)


LARGE, SMALL = (3, 63, 63), (3, 16, 16)
#: Shape of an image, and a function that makes the network.
ARCHITECTURES = {
    "AlexNet": (LARGE, alexnet),
    "VGG": (
        SMALL,
        lambda: nn.Sequential(conv(3, 6), conv(6, 6), nn.MaxPool2d(2), conv(6, 8), nn.MaxPool2d(2), head(8)),
    ),
    "ResNet, option A": (SMALL, lambda: nn.Sequential(conv(3, 4), Residual(4, 4), Residual(4, 8, 2, "A"), head(8))),
    "ResNet, option B": (SMALL, lambda: nn.Sequential(conv(3, 4), Residual(4, 4), Residual(4, 8, 2, "B"), head(8))),
    "PreActResNet": (
        SMALL,
        lambda: nn.Sequential(nn.Conv2d(3, 4, 3, 1, 1), PreActivation(4, 4), PreActivation(4, 8, 2), head(8)),
    ),
    "ResNeXt, RegNetX": (SMALL, lambda: nn.Sequential(conv(3, 8), Residual(8, 8, 2, groups=4), head(8))),
    "DenseNet": (
        SMALL,
        lambda: nn.Sequential(
            conv(3, 4), Dense(4, 3, 3), nn.BatchNorm2d(13), nn.ReLU(), nn.Conv2d(13, 6, 1), nn.AvgPool2d(2), head(6)
        ),
    ),
    "GoogLeNet": (
        LARGE,
        lambda: nn.Sequential(
            *(conv(3, 4, 7, 2), nn.MaxPool2d(3, 2, ceil_mode=True), Inception(4, 2)),
            *(nn.MaxPool2d(3, 2, ceil_mode=True), Inception(8, 2), nn.MaxPool2d(2, 2, ceil_mode=True), head(8)),
        ),
    ),
    "Inception-v3": (SMALL, lambda: nn.Sequential(conv(3, 4, 3, 2), InceptionThree(4, 3), nn.MaxPool2d(3, 2), head(9))),
    "SqueezeNet": (
        LARGE,
        lambda: nn.Sequential(
            *(nn.Conv2d(3, 6, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(6, 2, 3), nn.Dropout()),
            *(nn.Conv2d(6, 5, 1), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(1)),
        ),
    ),
    "MobileNet v1": (SMALL, lambda: nn.Sequential(conv(3, 4, 3, 2), conv(4, 4, 3, 1, 4), conv(4, 8, 1), head(8))),
    "MobileNet v2": (SMALL, lambda: nn.Sequential(conv(3, 4, 3, 2), Inverted(4, 4, 1), Inverted(4, 6, 2), head(6))),
    "ShuffleNet": (SMALL, lambda: nn.Sequential(conv(3, 8), Shuffle(8, 2), Shuffle(8, 1), head(8))),
    "DLA": (SMALL, lambda: nn.Sequential(conv(3, 4), Aggregated(4, 6), nn.MaxPool2d(2), head(6))),
}
