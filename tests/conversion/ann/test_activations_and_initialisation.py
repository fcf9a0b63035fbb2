"""What networks are trained with for conversion, and the weights that they begin with."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from stdpnet.base.errors import ConfigError
from stdpnet.conversion.ann.activations import ClipFloorShift, with_activation
from stdpnet.conversion.ann.architectures import build
from stdpnet.conversion.ann.initialisation import unit_variance


@pytest.mark.parametrize("levels, bound", [(1, 1.0), (4, 2.5), (8, 0.7)])
def test_the_staircase_is_what_neurons_say_in_as_many_steps(levels, bound):
    """Integrate-and-fire neurons of threshold `bound`, half of it to begin with, under a constant current."""
    currents = np.random.default_rng(0).uniform(-bound, 2 * bound, 2000)
    potential, spikes = np.full(2000, bound / 2), np.zeros(2000)
    for _ in range(levels):
        potential += currents
        fires = potential >= bound
        potential -= bound * fires
        spikes += fires
    with torch.no_grad():
        found = ClipFloorShift(levels, bound).double()(torch.tensor(currents))
    np.testing.assert_allclose(found.numpy(), spikes / levels * bound, atol=1e-6)


def test_gradients_pass_the_staircase_between_its_ends_alone():
    activation, x = ClipFloorShift(4, 2.0), torch.tensor([-1.0, 0.3, 1.7, 3.0], requires_grad=True)
    activation(x).sum().backward()
    assert x.grad.tolist() == [0, 1, 1, 0]
    steps_less_input = np.array([0, 0.25 - 0.15, 0.75 - 0.85, 1])  # of x / bound, and 1 where it is cut off
    assert activation.bound.grad.item() == pytest.approx(steps_less_input.sum(), abs=1e-6)


def test_every_relu_is_replaced():
    model = with_activation(build("resnet20", (1, 8, 8), 3), "qcfs:4")
    kinds = [type(part) for part in model.modules()]
    assert nn.ReLU not in kinds and kinds.count(ClipFloorShift) == 19
    with pytest.raises(ConfigError, match="'qcfs:0'; expected relu, qcfs:LEVELS"):
        with_activation(model, "qcfs:0")


def test_layers_begin_orthonormal_and_with_outputs_of_variance_1():
    torch.manual_seed(0)
    sizes = (1, 8, 24, 24, 8)
    convolutions = [part for a, b in pairwise(sizes) for part in (nn.Conv2d(a, b, 3, padding=1), nn.ReLU())]
    model, images = nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(8 * 64, 10)), torch.rand(64, 1, 8, 8)
    variances = unit_variance(model, images)
    assert len(variances) == 5 and model.training
    model.eval()
    x = images
    for part in model:
        x = part(x)
        if isinstance(part, nn.Conv2d | nn.Linear):
            assert x.var().item() == pytest.approx(1, abs=0.011)
            rows = part.weight.flatten(1)
            square = rows @ rows.T if len(rows) <= rows.shape[1] else rows.T @ rows
            np.testing.assert_allclose((square / square[0, 0]).detach(), np.eye(len(square)), atol=1e-4)
