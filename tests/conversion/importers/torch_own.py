"""Modules that people write, of more than one line; each docstring's first line is for the table."""
# ruff: noqa: D400, D401

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations, prune


class Binarised(nn.Conv2d):
    """A subclass of Conv2d with binarised weights, computed in `forward`"""

    def __init__(self):
        super().__init__(4, 3, 3)

    def forward(self, x):
        return F.conv2d(x, self.weight.sign() * self.weight.abs().mean((1, 2, 3), keepdim=True), self.bias)


class Standardised(nn.Conv2d):
    """A subclass of Conv2d with standardised weights (weight standardisation)"""

    def __init__(self):
        super().__init__(4, 4, 3, padding=1, groups=2)

    def forward(self, x):
        weight = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
        return self._conv_forward(x, weight / (weight.flatten(1).std(1).view(-1, 1, 1, 1) + 1e-5), self.bias)


class Plain(nn.Linear):
    """A subclass of Linear that changes nothing"""

    def __init__(self):
        super().__init__(8, 3)


class OwnBatchNorm(nn.Module):
    """Batch normalisation by hand, with statistics in buffers"""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.randn(4))
        self.register_buffer("variance", torch.rand(4) + 0.1)

    def forward(self, x):
        return (x - self.mean[None, :, None, None]) / torch.sqrt(self.variance + 1e-5)[None, :, None, None]


class Asserting(nn.Module):
    """Control flow over shapes: `assert`, `len(x)`, `x.dim()`, loops over sizes"""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(4, 4, 3, padding=1) for _ in range(3)])

    def forward(self, x, scale=1.5, return_all=False):
        assert x.dim() == 4 and x.shape[1] == 4, f"images of shape {x.shape}"
        for number in range(int(math.log2(x.shape[-1]))):
            if x.size(2) > 2 and len(x) > 0:
                x = F.relu(self.layers[number % len(self.layers)](x)) * scale
        return x.view(len(x), -1)


class MadeInForward(nn.Module):
    """Modules that are made in `forward`"""

    def forward(self, x):
        return nn.MaxPool2d(2)(nn.ReLU()(nn.ZeroPad2d(1)(x)))


class Written(nn.Module):
    """A new tensor that values are written into"""

    def forward(self, x):
        out = torch.zeros(x.shape[0], 6, 8, 8, device=x.device, dtype=x.dtype)
        out[:, 1:5] = x
        out[:, 5] = x[:, 0]
        return out


class InPlace(nn.Module):
    """Changes in place, whose results nobody takes"""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 1)

    def forward(self, x):
        y = self.conv(x)
        F.relu(y, inplace=True)
        y += x
        return y


class Shaped(nn.Module):
    """A change of shape by `nn.Sequential` of own modules, and `squeeze` of what has size 1"""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 8, 1), nn.ReLU(), nn.Conv2d(8, 3, 1))

    def forward(self, x):
        return self.body(x).squeeze(3).squeeze(2)


class Maxout(nn.Module):
    """Maxout: the largest of groups of channels"""

    def forward(self, x):
        return x.view(x.shape[0], 2, 2, 8, 8).max(dim=2)[0]


class ChannelShuffle(nn.Module):
    """Channel shuffle and split, as in ShuffleNet v2"""

    def __init__(self):
        super().__init__()
        self.branch = nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2), nn.ReLU())

    def forward(self, x):
        kept, changed = x.chunk(2, dim=1)
        x = torch.cat((kept, self.branch(changed)), dim=1)
        batch, channels, height, width = x.size()
        return (
            x.view(batch, 2, channels // 2, height, width).transpose(1, 2).contiguous().view(batch, -1, height, width)
        )


class OptionA(nn.Module):
    """A residual block whose shortcut skips places and adds channels of zeros (option A of ResNet)"""

    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(4, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8)
        self.shortcut = Lambda(lambda x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2), "constant", 0))

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)) + self.shortcut(x))


class Lambda(nn.Module):
    """A function as a module"""

    def __init__(self, run):
        super().__init__()
        self.run = run

    def forward(self, x):
        return self.run(x)


class Unused(nn.Module):
    """What is computed and not used may be anything"""

    def forward(self, x):
        self.seen = x.detach().pow(2).mean()
        auxiliary = F.gelu(x).sum()  # noqa: F841
        return x.relu()


class Mixer(nn.Module):
    """A mixer of tokens and channels, with ReLU"""

    def __init__(self):
        super().__init__()
        self.tokens, self.channels = nn.Linear(16, 16), nn.Linear(16, 8)

    def forward(self, x):
        x = F.unfold(x, 2, stride=2).transpose(1, 2)  # images, patches, features
        x = x + F.relu(self.tokens(x.transpose(1, 2))).transpose(1, 2)
        return F.relu(self.channels(x)).mean(1)


class GrowsBranches(nn.Module):
    """A dictionary of branches, and a generator in `sum`"""

    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleDict({str(k): nn.Conv2d(4, 4, k, padding=k // 2) for k in (1, 3, 5)})

    def forward(self, x):
        return sum(F.relu(branch(x)) for branch in self.branches.values()) / len(self.branches)


class Straight(torch.autograd.Function):
    """Identity with a gradient of its own."""

    @staticmethod
    def forward(context, x):
        return x.clamp(0, 1)

    @staticmethod
    def backward(context, gradient):
        return gradient


def hooked():
    """A forward hook that scales the output"""
    module = nn.Conv2d(4, 3, 3)
    module.register_forward_hook(lambda module, inputs, output: 2 * output)
    return nn.Sequential(module)


def pruned():
    """Pruning masks (`torch.nn.utils.prune`)"""
    module = nn.Conv2d(4, 3, 3)
    prune.l1_unstructured(module, "weight", amount=0.5)
    return nn.Sequential(module)


def weight_norm():
    """`weight_norm`, new"""
    return nn.Sequential(parametrizations.weight_norm(nn.Conv2d(4, 3, 3)))


def old_weight_norm():
    """`weight_norm`, old"""
    return nn.Sequential(nn.utils.weight_norm(nn.Conv2d(4, 3, 3)))


def spectral_norm():
    """`spectral_norm`, new"""
    return nn.Sequential(parametrizations.spectral_norm(nn.Conv2d(4, 3, 3)))


def old_spectral_norm():
    """`spectral_norm`, old"""
    model = nn.Sequential(nn.utils.spectral_norm(nn.Conv2d(4, 3, 3)))
    model(torch.randn(2, 4, 8, 8))
    return model.eval()


def sync_batch_norm():
    """`SyncBatchNorm`"""
    return nn.Sequential(nn.Conv2d(4, 3, 3), nn.SyncBatchNorm(3))


def straight():
    """`torch.autograd.Function` with a gradient of its own around operations that are known"""
    return Lambda(Straight.apply)


def half():
    """A model in half precision"""
    return nn.Sequential(nn.Conv2d(4, 3, 3), nn.ReLU()).half()


class Casting(nn.Module):
    """Casts to single precision in `forward`, and a constant of single precision"""

    def forward(self, x):
        kernel = torch.ones(4, 1, 3, 3, dtype=torch.float32, device=x.device) / 9
        return F.conv2d(x.float().to(torch.float32), kernel.float(), padding=1, groups=4)


def transfer():
    """`nn.Sequential` cut out of another network"""
    body = nn.Sequential(nn.Conv2d(4, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3))
    return nn.Sequential(*list(body.children())[:-2], nn.AdaptiveAvgPool2d(1), nn.Flatten())


OWN = [
    Binarised, Standardised, Plain, OwnBatchNorm, Asserting, MadeInForward, Written, InPlace, Shaped, Maxout,
    ChannelShuffle, OptionA, Unused, Mixer, GrowsBranches, hooked, pruned, weight_norm, old_weight_norm, spectral_norm,
    old_spectral_norm, sync_batch_norm, straight, half, Casting, transfer,
]  # fmt: skip


class SqueezeExcite(nn.Module):
    """Squeeze-and-excitation: multiplies two tensors that both depend on the images"""

    def __init__(self):
        super().__init__()
        self.fc = nn.Sequential(nn.Conv2d(4, 2, 1), nn.ReLU(), nn.Conv2d(2, 4, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3), keepdim=True))


class Loops(nn.Module):
    """A loop over images: puts values of several images together"""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 3, 3)

    def forward(self, x):
        return torch.stack([self.conv(image[None])[0] for image in x])


class Fails(nn.Module):
    """A module that raises an error of its own: itself cannot be run"""

    def forward(self, x):
        if x.shape[1] != 3:
            raise ValueError("three channels, please")
        return x


class ViewChanged(nn.Module):
    """A view that is changed in place, while others hold the tensor: changed in place through a view of it"""

    def forward(self, x):
        y = x * 2
        y[:, 0].relu_()
        return y


class Keeps(nn.Module):
    """Something that is kept from call to call: computes something else on other images"""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return x * self.calls


class Outside(nn.Module):
    """A function of TorchScript, which cannot be seen into: takes a constant that differs between images"""

    def forward(self, x):
        return scripted(x) + x


@torch.jit.script
def scripted(x: torch.Tensor) -> torch.Tensor:
    return torch.sin(x)


class TwoInputs(nn.Module):
    """A forward of two inputs: expected images only"""

    def forward(self, x, mask):
        return x * mask


REFUSED_OWN = [SqueezeExcite, Loops, Fails, ViewChanged, Keeps, Outside, TwoInputs]
