"""Large networks: weights in single precision change nothing, and memory does not grow with what it need not."""

import numpy as np
import pytest
import torch
from torch import nn

import stdpnet
from stdpnet.conversion.graph import forward, layers, lean
from stdpnet.conversion.passes import normalise
from stdpnet.conversion.simulators import torch_network
from stdpnet.conversion.spiking import fixed_point


@pytest.fixture
def model():
    torch.manual_seed(0)
    convolutions = nn.Conv2d(2, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()
    return nn.Sequential(*convolutions, nn.Linear(96, 40), nn.ReLU(), nn.Linear(40, 5)).eval()


@pytest.fixture
def all_is_large(monkeypatch):
    """Treat every layer as a large one, and take it in small parts."""
    for place in (lean, normalise, fixed_point):
        monkeypatch.setattr(place, "LARGE", 1)
    monkeypatch.setattr(lean, "TOGETHER", 200)
    monkeypatch.setattr(forward, "MANY", 1)
    monkeypatch.setattr(torch_network, "STATE", 1)


def test_large_weights_are_held_in_single_precision(model, all_is_large):
    images = torch.rand(60, 2, 8, 8)
    graph = stdpnet.import_model(model, (2, 8, 8))
    assert {graph.nodes[name].layer.weights.dtype for name in graph.names(layers.Dense)} == {np.dtype("float32")}
    with torch.no_grad():
        expected = model.double()(images.double()).numpy()
    np.testing.assert_allclose(forward.scores(graph, images.double().numpy()), expected, rtol=1e-12)
    np.testing.assert_allclose(forward.scores(graph, images.numpy()), expected, rtol=1e-4, atol=1e-6)
    network = stdpnet.convert(graph, images).graph
    assert {network.nodes[name].layer.weights.dtype for name in network.names(layers.Dense)} == {np.dtype("float32")}


def test_a_network_treated_as_large_answers_as_one_that_is_not(model, request):
    images = torch.rand(60, 2, 8, 8)
    plain = stdpnet.convert(model, images)
    request.getfixturevalue("all_is_large")
    large = stdpnet.convert(model, images)
    assert large.chosen["recent"] == plain.chosen["recent"]
    for name, node in plain.graph.nodes.items():
        for field, values in node.layer.arrays().items():
            found = large.graph.nodes[name].layer.arrays()[field]
            np.testing.assert_allclose(found, values, rtol=0, atol=1e-5 * np.abs(values).max())
    np.testing.assert_allclose(large.values(images, 64), plain.values(images, 64), atol=0.02)


def test_weights_of_a_module_in_double_precision_stay_as_they_are(model, all_is_large):
    graph = stdpnet.import_model(model.double(), (2, 8, 8))
    assert graph.nodes["5"].layer.weights.dtype == np.float32  # it was single, and is no other for it
    with torch.no_grad():
        model[5].weight += 1e-9
    assert stdpnet.import_model(model, (2, 8, 8)).nodes["5"].layer.weights.dtype == np.float64
