"""Modules of PyTorch that several test files look at, and how they are compared with their graphs."""

import copy

import numpy as np
import torch
from torch import nn

from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify

IMAGE = (3, 8, 8)


class Net(nn.Module):
    """A module that runs a function of itself and the images."""

    def __init__(self, run, **parts):
        super().__init__()
        self.run = run
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self.run(self, x)


def random_statistics(model):
    """Give batch norms what a training would leave in them."""
    generator = torch.Generator().manual_seed(0)
    for part in model.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm) and part.running_mean is not None:
            for values in (part.running_mean, part.weight, part.bias):
                if values is not None:
                    values.data = torch.randn(values.shape, generator=generator)
            part.running_var.data = torch.rand(part.running_var.shape, generator=generator) + 0.1
    return model


def agrees(model, shape=IMAGE):
    """Compare with PyTorch on images with negative values too, and return the graph."""
    random_statistics(model)
    graph = import_model(model, shape)
    images = np.random.default_rng(5).normal(size=(3, *shape))
    expected = copy.deepcopy(model).eval().double()(torch.tensor(images)).detach().numpy()
    np.testing.assert_allclose(scores(graph, images), expected, rtol=1e-10, atol=1e-10)
    if not graph.names(layers.Softmax):
        np.testing.assert_allclose(scores(simplify(graph), images), expected, rtol=1e-10, atol=1e-10)
    return graph
