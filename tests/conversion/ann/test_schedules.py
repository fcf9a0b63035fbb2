"""How learning rates fall, and the optimisers they belong to."""

import numpy as np
import pytest
import torch

from stdpnet.base.errors import ConfigError
from stdpnet.conversion.ann.optimisers import optimiser_of, schedule_of
from stdpnet.conversion.ann.schedules import SCHEDULES
from stdpnet.experiments.ann.config import TrainingConfig

DONE = np.arange(6) / 6
#: Written apart.
EXPECTED = {
    "step": [1, 1, 0.1, 0.1, 0.01, 0.01],
    "square-root": np.sqrt(1 - DONE),
    "linear": 1 - DONE,
    "cosine": np.cos(np.pi * DONE / 2) ** 2,
    "linear-cosine": (1 - DONE) * np.cos(np.pi * DONE / 2) ** 2,
}


def rates(config, steps=6):
    """Return the learning rate of each step."""
    optimiser = optimiser_of(config, [torch.nn.Parameter(torch.zeros(1))])
    schedule, found = schedule_of(config, optimiser, steps), []
    for _ in range(steps):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return found, optimiser


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_learning_rates_fall_as_their_formula_says(schedule, optimiser):
    found, made = rates(TrainingConfig(schedule=schedule, optimiser=optimiser, learning_rate=0.5))
    np.testing.assert_allclose(found, 0.5 * np.array(EXPECTED[schedule]))
    assert type(made).__name__.lower() == optimiser


def test_every_schedule_has_its_formula():
    assert SCHEDULES.keys() == EXPECTED.keys()
    found, _ = rates(TrainingConfig(optimiser="sgd", learning_rate=0.5), 100)  # one cycle: up, then down
    assert max(found) == pytest.approx(0.5, rel=0.01) and 20 < np.argmax(found) < 40 and found[-1] < 0.001


def test_a_step_of_gradient_descent_with_momentum():
    weight = torch.nn.Parameter(torch.tensor([2.0]))
    config = TrainingConfig(optimiser="sgd", schedule="linear", learning_rate=0.1, weight_decay=0.5)
    optimiser = optimiser_of(config, [weight])
    expected, momentum = 2.0, 0.0
    for _ in range(3):
        weight.grad = torch.tensor([1.0])
        gradient = 1.0 + 0.5 * expected
        momentum = 0.9 * momentum + gradient
        expected -= 0.1 * (gradient + 0.9 * momentum)  # Nesterov's
        optimiser.step()
        assert weight.item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name, value", [("optimiser", "adam"), ("schedule", "cosin"), ("label_smoothing", 2.0)])
def test_what_is_unknown_is_refused(name, value):
    with pytest.raises(ConfigError, match=f"{name} is .*{value}"):
        TrainingConfig(**{name: value})
