"""Everything that changes in the course of a training with labels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR

from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.conversion.ann.architectures import build

#: The last one of so many training images is held out: 5,000 of MNIST's 60,000.
HELD_OUT = 12


def split(dataset: Any) -> tuple[tuple[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Return images and labels to train on, and those held out to choose the best epoch.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    two tuples of tensor of uint8 and tensor of int64
        Shapes (n, height, width) and (n,).
    """
    images, labels = torch.tensor(dataset.train_images), torch.tensor(dataset.train_labels, dtype=torch.int64)
    n = len(images) - len(images) // HELD_OUT
    return (images[:n], labels[:n]), (images[n:], labels[n:])


class TrainingState:
    """A network, its AdamW optimiser and the one-cycle schedule of its learning rate.

    Random numbers come from a generator of its own: PyTorch's stays as it was.

    Parameters
    ----------
    config : TrainingConfig
    dataset : Dataset

    Attributes
    ----------
    config : TrainingConfig
    batch, steps : int
        Images for one change of the weights, and changes in an epoch.
    epoch : int
        Epochs done.
    best : dict or None
        The row of ``metrics.csv`` of the best epoch so far.

    Raises
    ------
    ConfigError
        When the data set has too few or too small images.
    DataError
        When it has no labels.
    """

    def __init__(self, config: Any, dataset: Any):
        dataset.check_there("train_labels", "test_labels", what="a training with labels needs")
        n, shape = len(dataset.train_images), dataset.image_shape
        if n < 2 * HELD_OUT:
            raise ConfigError(f"{dataset.name} has {n} training images; expected at least {2 * HELD_OUT}")
        if config.shift >= min(shape):
            raise ConfigError(f"shift is {config.shift} px; expected less than the sides of the images, {shape}")
        n -= n // HELD_OUT
        self.config, self.batch = config, min(config.batch, n)
        self.steps = n // self.batch
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.model = build(config.architecture, (1, *shape), dataset.n_classes)
            self.generator = torch.get_rng_state()
        self.optimiser = AdamW(self.model.parameters(), config.learning_rate, weight_decay=config.weight_decay)
        self.schedule = OneCycleLR(self.optimiser, config.learning_rate, total_steps=config.epochs * self.steps)
        self.epoch = 0
        self.best: dict[str, float] | None = None

    @contextmanager
    def own_generator(self) -> Iterator[None]:
        """Let PyTorch draw from the training's own generator in a ``with`` block."""
        with torch.random.fork_rng(devices=[]):
            torch.set_rng_state(self.generator)
            yield
            self.generator = torch.get_rng_state()

    @property
    def presented(self) -> int:
        """Images shown so far."""
        return self.epoch * self.steps * self.batch

    def checkpoint(self) -> dict:
        """Return the state, its generator included, as tensors and plain data."""
        return {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "generator": self.generator,
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
        try:
            for name in ("model", "optimiser", "schedule"):
                getattr(self, name).load_state_dict(checkpoint[name])
            self.epoch, self.best = checkpoint["epoch"], checkpoint["best"]
            self.generator = checkpoint["generator"]
            with self.own_generator():  # or what is no state of a generator would be found later
                pass
        except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError) as error:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            raise RunFolderError(
                f"the checkpoint does not fit the network ({what}); train anew in another folder"
            ) from None
