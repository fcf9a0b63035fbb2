"""Everything that changes in the course of a training."""

from typing import Any

import numpy as np
import torch

from stdpnet.backprop.network import Network
from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.base.labelled.checkpoints import fitting
from stdpnet.base.labelled.held_out import split

#: By name.
OPTIMISERS: dict[str, Any] = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}

#: What random numbers are for. Each use and each epoch has a stream of its own, so that none has to be stored.
STREAMS = ("training", "held out", "test")


def stream(seed: int, use: str, epoch: int = 0) -> np.random.Generator:
    """Return the random numbers of a use.

    Parameters
    ----------
    seed : int
    use : {"training", "held out", "test"}
    epoch : int

    Returns
    -------
    numpy.random.Generator
    """
    return np.random.default_rng((seed, STREAMS.index(use), epoch))


class TrainingState:
    """A network and its optimiser.

    Parameters
    ----------
    config : SpikingConfig
    dataset : Dataset

    Attributes
    ----------
    network : Network
    batch, steps : int
        Images for one change of the weights, and changes in an epoch.
    epoch : int
        Epochs done.
    best : dict or None
        What `stdpnet.backprop.training.train` yielded for the best epoch so far.

    Raises
    ------
    ConfigError
        When the data set has too few images, or a name is unknown.
    DataError
        When it has no labels.
    """

    def __init__(self, config: Any, dataset: Any):
        (images, _), _ = split(dataset)
        self.config, self.batch = config, min(config.batch, len(images))
        self.steps = len(images) // self.batch
        self.network = Network(config.description(dataset), config.seed)
        if config.optimiser not in OPTIMISERS:
            raise ConfigError(
                f"optimiser is {config.optimiser!r}{did_you_mean(config.optimiser, OPTIMISERS)}; expected one of "
                f"{', '.join(OPTIMISERS)}"
            )
        layers = self.network.layers
        weights = [layer.weights for layer in layers] + [layer.kappa for layer in layers if layer.kappa is not None]
        self.rates = config.learning_rate, config.learning_rate * config.threshold_rate
        self.optimiser = OPTIMISERS[config.optimiser](
            [{"params": weights}, {"params": [layer.thresholds for layer in layers]}], lr=config.learning_rate
        )
        self.epoch = 0
        self.best: dict[str, float] | None = None

    def set_rates(self) -> None:
        """Set the learning rates of the epoch that begins."""
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * self.config.decay**self.epoch

    @property
    def presented(self) -> int:
        """Images shown so far."""
        return self.epoch * self.steps * self.batch

    def checkpoint(self) -> dict:
        """Return the state as tensors and plain data."""
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "epoch": self.epoch,
            "best": self.best,
        }

    def restore(self, checkpoint: dict) -> None:
        """Take over a checkpoint.

        Parameters
        ----------
        checkpoint : dict
            From `checkpoint`.

        Raises
        ------
        RunFolderError
            When it does not fit.
        """
        with fitting():
            for name in ("network", "optimiser"):
                getattr(self, name).load_state_dict(checkpoint[name])
            self.epoch, self.best = checkpoint["epoch"], checkpoint["best"]
