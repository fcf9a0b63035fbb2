"""Public architectures are imported exactly, and the rates of their spiking networks approach what they compute."""

import numpy as np
import pytest
import torch
from architectures import ARCHITECTURES
from nets import random_statistics

from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.simulators import simulate


def made(name):
    shape, make = ARCHITECTURES[name]
    torch.manual_seed(0)
    return shape, random_statistics(make()).eval()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_an_architecture_computes_the_same(name):
    shape, model = made(name)
    graph = import_model(model, shape)
    images = np.random.default_rng(0).normal(size=(3, *shape))
    with torch.no_grad():
        expected = model.double()(torch.tensor(images)).numpy()
    tolerance = 1e-12 * max(1, np.abs(expected).max())
    np.testing.assert_allclose(scores(graph, images), expected, rtol=0, atol=tolerance)
    np.testing.assert_allclose(scores(simplify(graph), images), expected, rtol=0, atol=10 * tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_rates_of_an_architecture(name):
    shape, model = made(name)
    images = np.random.default_rng(0).normal(size=(10, *shape))
    graph = import_model(model, shape)
    result = simulate(convert(graph, images, normalisation="maximum"), images, steps=256)
    expected = scores(graph, images)
    # 0.6 % at most: rates are multiples of 1 / 256, and the first steps of the residual ones mislead
    assert np.abs(result.scores / 256 - expected).max() < 0.01 * np.abs(expected).max()
