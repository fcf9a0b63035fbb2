"""The networks of the papers: what is special about each, and that spikes follow their activations."""

import numpy as np
import pytest
import torch
from nets import random_statistics
from torch import nn

from stdpnet.base.errors import ConfigError, ConversionError
from stdpnet.conversion.ann.activations import with_activation
from stdpnet.conversion.ann.architectures import build
from stdpnet.conversion.ann.architectures.binary import TwoValues, binary
from stdpnet.conversion.ann.architectures.local import LocallyConnected
from stdpnet.conversion.ann.initialisation import unit_variance
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph.forward import forward, scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.simulators import simulate

SMALL = {"diehl": (1, 16, 17), "local": (3, 8, 9), "resnet20-plain": (3, 8, 9)}
SLOW = {
    **dict.fromkeys(("nin", "fitnet4", "fitresnet4", "binaryconnect", "inception", "vgg16-plain"), (3, 16, 16)),
    "alexnet-plain": (3, 32, 32),
    "resnet34-plain": (3, 64, 64),
    "inception-v3": (3, 75, 75),
}


pytestmark = pytest.mark.usefixtures("one_thread")


def fresh(architecture, shape, n_images):
    """Return a network of unit variance, and smooth images."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = build(architecture, shape, 5)
        images = nn.functional.interpolate(torch.rand(n_images, shape[0], 4, 4), shape[1:], mode="bilinear")
        unit_variance(model, images)
    return model.eval(), images


def check_rates(architecture, shape, n_images):
    """Compare rates with activations, layer by layer, after 256 steps."""
    model, images = fresh(architecture, shape, n_images)
    network = convert(model, images.numpy(), recent=1.0, normalisation="maximum")
    found = simulate(network, images.numpy(), 256, keep="counts")
    given = forward(network.graph, images.numpy().astype(float))
    for name, counts in found.counts.items():
        correlation = np.corrcoef(counts.ravel() / 256, given[name].ravel())[0, 1]
        assert correlation > 0.99, f"{name}: {correlation:.4f}"


@pytest.mark.parametrize("architecture, shape", SMALL.items())
def test_rates_follow_activations(architecture, shape):
    check_rates(architecture, shape, 3)


@pytest.mark.slow
@pytest.mark.parametrize("architecture, shape", SLOW.items())
def test_rates_follow_activations_of_large_networks(architecture, shape):
    check_rates(architecture, shape, 2)


@pytest.mark.parametrize(
    "architecture", ["binarynet-sign", pytest.param("binarynet-heaviside", marks=pytest.mark.slow)]
)
def test_networks_of_two_values_are_exact_in_one_step(architecture):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model, images = build(architecture, (1, 8, 8), 5).eval(), torch.rand(6, 1, 8, 8)
    random_statistics(model)  # else sums of just 0 are common, and signs a matter of rounding
    network = convert(model, images.numpy(), recent=1.0)
    with torch.no_grad():
        expected = model(images).numpy()
    np.testing.assert_allclose(simulate(network, images.numpy(), 1).scores, expected, atol=0.01)


def test_weights_of_two_values_and_their_gradients():
    weights = torch.tensor([-2.0, -0.3, 0.0, 0.4, 3.0], requires_grad=True)
    values = binary(weights)
    values.sum().backward()
    assert values.tolist() == [-1, -1, 1, 1, 1] and weights.grad.tolist() == [0, 1, 1, 1, 0]
    x = torch.tensor([-3.0, -0.1, 0.0, 0.5, 3.0], requires_grad=True)
    TwoValues(sign=True)(x).sum().backward()
    assert TwoValues(sign=True)(x).tolist() == [-1, -1, 1, 1, 1] and x.grad.tolist() == [0, 1, 1, 1, 0]
    assert TwoValues(sign=False)(x).tolist() == [0, 0, 1, 1, 1]


def test_each_place_has_its_own_weights():
    layer, images = LocallyConnected(2, 3, 3, (4, 5)), torch.rand(2, 2, 4, 5)
    weights = layer.each.weight.detach().numpy().reshape(20, 3, 2, 3, 3)
    padded = np.pad(images.numpy(), ((0, 0), (0, 0), (1, 1), (1, 1)))
    found, bias = layer(images).detach().numpy(), layer.each.bias.detach().numpy().reshape(20, 3)
    for row in range(4):
        for column in range(5):
            window, place = padded[:, :, row : row + 3, column : column + 3], row * 5 + column
            expected = np.einsum("nchw,ochw->no", window, weights[place]) + bias[place]
            np.testing.assert_allclose(found[:, :, row, column], expected, atol=1e-5)


def test_local_networks_of_soft_lif_neurons_are_imported():
    model, images = fresh("local", (3, 8, 9), 2)
    with_activation(model, "softlif")
    with torch.no_grad():
        expected = model(images).numpy()
    np.testing.assert_allclose(scores(import_model(model, (3, 8, 9)), images.numpy()), expected, atol=1e-4)


def test_response_normalisation_is_refused_by_name():
    with torch.device("meta"):
        kinds = [type(part).__name__ for part in build("caffenet", (3, 227, 227), 10)]
    assert kinds[:4] == ["Conv2d", "ReLU", "MaxPool2d", "LocalResponseNorm"]
    with pytest.raises(ConversionError, match="LocalResponseNorm in norm1: cannot be converted"):
        import_model(build("alexnet", (1, 16, 16), 2), (1, 16, 16))


@pytest.mark.parametrize(
    "architecture, shape, millions",
    [
        ("alexnet", (3, 227, 227), 60.97),  # 60 million, says the paper
        ("inception-v3", (3, 299, 299), 23.83),  # without the second head
        ("resnet34", (3, 224, 224), 21.86),  # 21.80 with one convolution of 7 x 7 as stem
        ("nin", (3, 32, 32), 0.97),
    ],
)
def test_full_sizes_have_as_many_weights_as_published(architecture, shape, millions):
    with torch.device("meta"):
        model = build(architecture, shape, 10 if architecture == "nin" else 1000)
    assert sum(part.numel() for part in model.parameters()) / 1e6 == pytest.approx(millions, abs=0.01)


@pytest.mark.parametrize("architecture, least", [("alexnet", 16), ("diehl", 16), ("inception-v3", 75)])
def test_images_may_be_too_small(architecture, least):
    with pytest.raises(ConfigError, match=f"{architecture} expects at least {least} x {least}: use"):
        build(architecture, (3, 15, 40), 2)
