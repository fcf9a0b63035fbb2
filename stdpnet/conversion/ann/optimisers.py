"""How weights are changed: by AdamW or stochastic gradient descent, with a learning rate that falls on a schedule."""

from collections.abc import Iterable
from typing import Any

import torch
from torch.optim import SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, OneCycleLR

from stdpnet.conversion.ann.schedules import SCHEDULES

#: Of stochastic gradient descent, by Nesterov's rule.
MOMENTUM = 0.9


def optimiser_of(config: Any, parameters: Iterable[torch.nn.Parameter]) -> Optimizer:
    """Return the optimiser of a `TrainingConfig`."""
    if config.optimiser == "sgd":
        options = {"momentum": MOMENTUM, "nesterov": True, "weight_decay": config.weight_decay}
        return SGD(parameters, config.learning_rate, **options)
    return AdamW(parameters, config.learning_rate, weight_decay=config.weight_decay)


def schedule_of(config: Any, optimiser: Optimizer, steps: int) -> LRScheduler:
    """Return the schedule of the learning rate.

    Parameters
    ----------
    config : TrainingConfig
    optimiser : Optimizer
    steps : int
        Changes of the weights in the whole training.

    Returns
    -------
    LRScheduler
    """
    if config.schedule == "one-cycle":
        return OneCycleLR(optimiser, config.learning_rate, steps, cycle_momentum=config.optimiser == "adamw")
    factor = SCHEDULES[config.schedule]
    return LambdaLR(optimiser, lambda step: factor(min(step / steps, 1.0)))
