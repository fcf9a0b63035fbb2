"""What people write in a module, and whether it is converted: for the tests, and for the table of the documentation.

Each line is Python: a module, or an expression of ``x``, a tensor that depends on the images and has the shape of its
heading, and of ``net``, which has layers, parameters and buffers. Refused is what has words of the error behind it.
`torch_own` has what does not fit into a line.
"""

import operator

import torch
import torch.nn.functional as F
from torch import nn
from torch_own import OWN, REFUSED_OWN

IMAGES, FEATURES, SEQUENCES, VOLUMES = (4, 8, 8), (12,), (4, 9), (2, 4, 5, 6)

CONVERTED = {
    "Constants and parameters": (
        IMAGES,
        """
        x / 255
        2 * x - 1
        (x - net.mean) / net.std
        1 - x
        -x
        x + net.b
        x * net.b
        x * torch.rand(4, 1, 1, generator=torch.Generator().manual_seed(0))
        x + torch.arange(64).reshape(1, 8, 8) / 64
        x * torch.linspace(-1, 1, 256).reshape(4, 8, 8)
        torch.add(x, net.conv(x), alpha=0.3)
        torch.sub(x, 2.5)
        torch.sub(net.conv(x), x, alpha=2)
        torch.rsub(x, 1)
        torch.mul(x, 0.5)
        torch.div(x, net.std)
        torch.neg(x)
        net.conv(x) - x
        sum([x, net.conv(x), x])
        net.conv(x).mul_(2).add_(1)
        x.sub(0.1307).div(0.3081)
        operator.isub(net.conv(x), x)
        x + x.mean((2, 3), keepdim=True)
        x + net.conv(x).mean(1, keepdim=True)
        net.conv(x / 2) * 2
        0.5 * (x + net.conv(x))
        x * (1 + net.b)
        x * True
        """,
    ),
    "ReLU and what is made of it": (
        IMAGES,
        """
        nn.ReLU()
        nn.ReLU(inplace=True)
        x.clamp(min=0)
        torch.clamp_min(x, 0)
        F.threshold(x, 0, 0)
        nn.Threshold(0.5, 0.5)
        torch.maximum(x, torch.tensor(0.0))
        torch.max(x, torch.zeros_like(x))
        torch.where(x > 0, x, 0)
        torch.where(x > 0, x, torch.zeros_like(x))
        torch.where(x < 0, 0.1 * x, x)
        x * (x > 0)
        (x >= 0).float() * x
        x.masked_fill(x < 0, 0)
        nn.LeakyReLU(0.2)
        F.leaky_relu(x, 0.1)
        torch.max(x, 0.1 * x)
        nn.PReLU()
        nn.PReLU(4)
        nn.RReLU()
        nn.ReLU6()
        nn.Hardtanh()
        nn.Hardtanh(0, 2)
        x.clamp(0, 1)
        torch.clip(x, -0.5, 0.7)
        x.clamp(-net.b.abs(), net.b.abs())
        x.clamp(max=1)
        nn.Hardsigmoid()
        nn.Softshrink(0.3)
        x.abs()
        torch.maximum(x, net.conv(x))
        torch.minimum(x, net.conv(x))
        torch.cat([F.relu(x), F.relu(-x)], 1)
        """,
    ),
    "Pooling": (
        IMAGES,
        """
        nn.MaxPool2d(3, 2, ceil_mode=True)
        nn.MaxPool2d(3, 2, padding=1, ceil_mode=True)
        nn.MaxPool2d(2, dilation=2)
        nn.MaxPool2d(3, 2, 1, dilation=2, ceil_mode=True)
        nn.AvgPool2d(3, 2, ceil_mode=True)
        nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False)
        nn.AvgPool2d(3, 1, 1, count_include_pad=False)
        nn.AvgPool2d(2, divisor_override=3)
        nn.AdaptiveAvgPool2d(3)
        nn.AdaptiveAvgPool2d((11, 5))
        nn.AdaptiveMaxPool2d((3, 5))
        nn.AdaptiveMaxPool2d(16)
        F.max_pool2d(x, 2, return_indices=True)[0]
        nn.MaxPool2d((1, 3), stride=(2, 1))
        """,
    ),
    "Global pooling": (
        IMAGES,
        """
        x.mean([2, 3])
        x.mean((-2, -1), keepdim=True)
        x.mean(-1).mean(-1)
        F.adaptive_avg_pool2d(x, 1)
        F.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1)
        F.avg_pool2d(x, x.size(2))
        F.avg_pool2d(x, x.size()[2:])
        x.sum((2, 3))
        x.sum((2, 3)) / (x.shape[2] * x.shape[3])
        x.amax((2, 3))
        x.amin((2, 3))
        x.flatten(2).mean(2)
        x.view(x.size(0), x.size(1), -1).max(dim=2)[0]
        x.max(3).values.max(2).values
        torch.mean(x, dim=[2, 3])
        F.max_pool2d(x, x.shape[-2:])
        x.mean(1)
        x.sum(dim=1, keepdim=True)
        x.flatten(1).mean(1, keepdim=True)
        """,
    ),
    "Borders": (
        IMAGES,
        """
        nn.ZeroPad2d((1, 2, 0, 3))
        F.pad(x, (1, 1, 2, 2))
        F.pad(x, (1, 0), value=0.7)
        F.pad(x, (-1, -1, -1, -1))
        F.pad(x, (0, 0, 0, 0, 2, 2))
        nn.ReflectionPad2d(2)
        nn.ReplicationPad2d(1)
        nn.CircularPad2d(1)
        nn.ConstantPad2d(1, -0.5)
        nn.Conv2d(4, 3, 3, padding=1, padding_mode="reflect")
        nn.Conv2d(4, 3, 3, padding=1, padding_mode="replicate")
        nn.Conv2d(4, 3, 5, padding=2, padding_mode="circular")
        nn.Conv2d(4, 3, 2, padding="same")
        nn.Conv2d(4, 3, (4, 3), padding="same", dilation=2)
        """,
    ),
    "Selection": (
        IMAGES,
        """
        x[:, :2]
        x[:, 1]
        x[..., ::2, 1:]
        x[:, [3, 1]]
        x[:, :, 0, 0]
        x.chunk(2, 1)[1]
        torch.cat(x.split([1, 3], 1)[::-1], 1)
        torch.split(x, 2, dim=1)[0] + torch.split(x, 2, dim=1)[1]
        torch.maximum(*x.chunk(2, dim=1))
        x.view(-1, 2, 2, 8, 8).transpose(1, 2).reshape(-1, 4, 8, 8)
        nn.ChannelShuffle(2)
        nn.PixelShuffle(2)
        nn.PixelUnshuffle(2)
        torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1)
        x.permute(0, 2, 3, 1).flatten(1)
        x.permute(0, 2, 3, 1).contiguous().view(x.shape[0], -1)
        F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2))
        torch.cat([x, torch.zeros_like(x)], 1)
        torch.cat([x, x.mul(0)], 1)
        torch.cat([x, torch.ones(x.shape[0], 1, 8, 8)], 1)
        torch.cat([x, x], 2)
        torch.stack([x, net.conv(x)], 1).flatten(1, 2)
        torch.stack([x, net.conv(x)]).sum(0)
        x.flip(3)
        torch.roll(x, 3, 2)
        x.repeat(1, 2, 1, 1)
        x.transpose(2, 3)
        torch.rot90(x, 1, (2, 3))
        x.index_select(1, torch.tensor([2, 0]))
        F.unfold(x, 3, stride=2)
        x.unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5))
        """,
    ),
    "Larger images": (
        IMAGES,
        """
        nn.Upsample(scale_factor=2)
        F.interpolate(x, size=(5, 13))
        F.interpolate(x, scale_factor=2, mode="nearest-exact")
        nn.Upsample(scale_factor=2, mode="bilinear")
        F.interpolate(x, size=(13, 5), mode="bilinear", align_corners=True)
        F.interpolate(x, scale_factor=1.3, mode="bilinear")
        F.interpolate(x, size=4, mode="bicubic", antialias=True)
        F.interpolate(x, size=(3, 5), mode="area")
        F.interpolate(net.conv(x), size=x.shape[2:]) + x
        nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1)
        nn.ConvTranspose2d(4, 6, (2, 4), stride=2, groups=2, dilation=(1, 2), bias=False)
        nn.ConvTranspose2d(4, 2, 1, stride=3, padding=1)
        """,
    ),
    "Shapes": (
        FEATURES,
        """
        net.small(x.view(-1, 3, 2, 2))
        net.small(x.unflatten(1, (3, 2, 2)))
        net.small(torch.unsqueeze(x.reshape(len(x), 3, 4), 2))
        nn.Unflatten(1, (3, 4))
        nn.Linear(12, 5)
        x @ net.matrix
        torch.addmm(net.matrix[0], x, net.matrix)
        F.linear(x, net.matrix.T, net.matrix[0])
        nn.BatchNorm1d(12)
        x[:, None]
        x.split(4, 1)[2].relu()
        x.expand(2, *x.shape).mean(0)
        x.narrow(1, 2, 3)
        torch.squeeze(x.unsqueeze(-1).unsqueeze(-1))
        x.to(torch.float32).type_as(x).cpu().detach().clone().contiguous()
        x.float() + x.double()
        nn.Flatten()
        torch.hstack((x, 2 * x))
        """,
    ),
    "Sequences": (
        SEQUENCES,
        """
        nn.Conv1d(4, 5, 3, padding=1)
        nn.Conv1d(4, 6, 2, stride=2, groups=2)
        nn.Conv1d(4, 4, 4, padding="same")
        nn.Conv1d(4, 4, 3, padding=1, padding_mode="circular")
        nn.ConvTranspose1d(4, 3, 3, stride=2)
        nn.MaxPool1d(2)
        nn.MaxPool1d(3, 2, 1, ceil_mode=True)
        nn.AvgPool1d(3, 2, 1)
        nn.AdaptiveAvgPool1d(4)
        nn.AdaptiveMaxPool1d(2)
        nn.BatchNorm1d(4)
        nn.Linear(9, 3)
        nn.Sequential(nn.Linear(9, 5), nn.ReLU(), nn.Linear(5, 9))
        net.tokens(x.transpose(1, 2)).transpose(1, 2)
        nn.Upsample(scale_factor=2, mode="linear")
        x.mean(2)
        torch.matmul(torch.ones(3, 4) / 4, x)
        """,
    ),
    "Volumes": (
        VOLUMES,
        """
        nn.Conv3d(2, 3, 2)
        nn.Conv3d(2, 4, (3, 2, 3), stride=(1, 2, 2), padding=(1, 0, 1), dilation=(1, 2, 1), groups=2)
        nn.BatchNorm3d(2)
        x.mean((2, 3, 4))
        x.flatten(1, 2).relu()
        """,
    ),
    "At the end": (
        FEATURES,
        """
        nn.Softmax(1)
        nn.LogSoftmax(1)
        F.softmax(x, -1)
        torch.sigmoid(x)
        nn.Tanh()
        x.argmax(1)
        x.max(1)[1]
        torch.sigmoid(x[:, :1])
        x.sum(1)
        """,
    ),
}

REFUSED = {
    "Without a spiking counterpart": (
        IMAGES,
        """
        nn.GELU() | train with ReLU
        nn.SiLU() | train with ReLU
        nn.ELU() | train with ReLU
        nn.Hardswish() | train with ReLU
        nn.Softplus() | train with ReLU
        nn.Mish() | train with ReLU
        F.gelu(x) | train with ReLU
        nn.Hardshrink() | train with ReLU
        torch.exp(x) | train with ReLU
        x ** 2 | train with ReLU
        torch.sign(x) | train with ReLU
        net.conv(x.sigmoid()) | stands before other layers
        nn.Threshold(0.1, 0) | it jumps
        x.masked_fill(x > 0, 1) | it jumps
        x * net.conv(x) | multiplies two tensors
        x * net.conv(x).mean((2, 3), keepdim=True).sigmoid() | squeeze-and-excitation
        F.softmax(x.flatten(2), 2) @ x.flatten(2).transpose(1, 2) | over dim 2 of 3
        x / x.amax((2, 3), keepdim=True) | divides by a tensor
        1 / x | train with ReLU
        nn.GroupNorm(2, 4) | use BatchNorm1d or BatchNorm2d
        nn.LayerNorm(8) | use BatchNorm1d or BatchNorm2d
        nn.InstanceNorm2d(4) | use BatchNorm1d or BatchNorm2d
        nn.LocalResponseNorm(2) | use BatchNorm1d or BatchNorm2d
        F.normalize(x) | use BatchNorm1d or BatchNorm2d
        nn.BatchNorm2d(4, track_running_stats=False) | track_running_stats=True
        F.conv2d(x, x[:1, :, :3, :3]) | weights that depend on the images
        torch.round(x) | before it was quantised
        x.int() | before it was quantised
        F.dropout(x) | drops after training too
        nn.LPPool2d(2, 2) | use max or average pooling
        F.grid_sample(x, torch.zeros(x.shape[0], 4, 4, 2)) | use F.interpolate
        """,
    ),
    "Not the same for each image": (
        IMAGES,
        """
        x - x.mean(0) | the images
        x.view(1, -1) | puts values of several images together
        x.mean() | goes over all axes
        torch.flatten(x) | puts values of several images together
        x + torch.randn_like(x) | differs between images
        x + torch.randn(4, 8, 8) | computes something else on other images
        x if x.sum() > 0 else -x | reads the values of a tensor
        x * x.max().item() | reads the values of a tensor
        torch.from_numpy(x.numpy()) | reads the values of a tensor
        (x, net.conv(x)) | returns a tuple
        {"out": x} | returns a dict
        torch.ones(3, 4) | no tensor of numbers that depends on the images
        """,
    ),
    "Recurrent and attentive": (
        SEQUENCES,
        """
        nn.LSTM(9, 4) | use a feed-forward network
        nn.GRU(9, 4, batch_first=True) | use a feed-forward network
        net.attention(x, x, x)[0] | attention
        F.scaled_dot_product_attention(x, x, x) | attention
        torch.bmm(x, x.transpose(1, 2)) | attention
        torch.einsum("bcl,bdl->bcd", x, x) | attention
        """,
    ),
}


#: What lines may name.
NAMES = {"torch": torch, "nn": nn, "F": F, "operator": operator}


class Line(nn.Module):
    """A module that computes a line of Python of ``x``, and has what the lines take."""

    def __init__(self, text):
        super().__init__()
        self.code = compile(text, f"<{text}>", "eval")
        self.conv, self.small, self.tokens = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(3, 2, 1), nn.Linear(4, 4)
        self.attention = nn.MultiheadAttention(9, 3, batch_first=True)
        self.b, self.matrix = nn.Parameter(torch.randn(4, 1, 1)), nn.Parameter(torch.randn(12, 3))
        self.register_buffer("mean", torch.tensor([0.4, 0.5, 0.6, 0.1]).reshape(4, 1, 1))
        self.register_buffer("std", torch.tensor([0.2, 0.3, 0.1, 0.4]).reshape(4, 1, 1))

    def forward(self, x):
        return eval(self.code, {**NAMES, "net": self, "x": x})


def module(text):
    """Return the module of a line."""
    torch.manual_seed(0)
    return eval(text) if text.startswith("nn.") else Line(text)


def described(make):
    """Return the first line of a docstring."""
    return make.__doc__.splitlines()[0].rstrip(".")


def converted():
    """Return heading, shape, text and maker of each pattern that is converted."""
    found = [
        (heading, shape, line.strip(), lambda line=line: module(line.strip()))
        for heading, (shape, text) in CONVERTED.items()
        for line in text.strip().splitlines()
    ]
    return found + [("Own modules", IMAGES, described(make), make) for make in OWN]


def refused():
    """Return heading, shape, text, words of the error, and maker of each pattern that is refused."""
    found = []
    for heading, (shape, text) in REFUSED.items():
        for line in text.strip().splitlines():
            code, _, words = line.strip().rpartition(" | ")
            found.append((heading, shape, code, words, lambda code=code: module(code)))
    own = [(*described(make).rpartition(": ")[::2], make) for make in REFUSED_OWN]
    return found + [("Own modules", IMAGES, text, words, make) for text, words, make in own]
