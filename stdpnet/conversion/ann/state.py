"""Everything that changes in the course of a supervised training."""

import torch
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR

from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.conversion.ann.architectures import build

#: The last one of so many training images is held out: 5,000 of MNIST's 60,000.
HELD_OUT = 12


def split(dataset):
    """Return images and labels to train on, and those held out to choose the best epoch.

    Returns
    -------
    two tuples of tensor of uint8 and tensor of int64
        Shapes (n, height, width) and (n,).
    """
    images, labels = torch.tensor(dataset.train_images), torch.tensor(dataset.train_labels, dtype=torch.int64)
    n = len(images) - len(images) // HELD_OUT
    return (images[:n], labels[:n]), (images[n:], labels[n:])


class TrainingState:
    """A network, its AdamW optimiser and the one-cycle schedule of its learning rate; seeds PyTorch's generator.

    Parameters
    ----------
    config : TrainingConfig
    dataset : Dataset

    Attributes
    ----------
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
    """

    def __init__(self, config, dataset):
        n, shape = len(dataset.train_images), dataset.image_shape
        if n < 2 * HELD_OUT:
            raise ConfigError(f"{dataset.name} has {n} training images; expected at least {2 * HELD_OUT}")
        if config.shift >= min(shape):
            raise ConfigError(f"shift is {config.shift} px; expected less than the sides of the images, {shape}")
        torch.manual_seed(config.seed)
        n -= n // HELD_OUT
        self.batch = min(config.batch, n)
        self.steps = n // self.batch
        self.model = build(config.architecture, (1, *shape), int(dataset.train_labels.max()) + 1)
        self.optimiser = AdamW(self.model.parameters(), config.learning_rate, weight_decay=config.weight_decay)
        self.schedule = OneCycleLR(self.optimiser, config.learning_rate, total_steps=config.epochs * self.steps)
        self.epoch, self.best = 0, None

    @property
    def presented(self):
        """Images shown so far."""
        return self.epoch * self.steps * self.batch

    def checkpoint(self):
        """Return the state, PyTorch's generator included, as tensors and plain data."""
        return {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "generator": torch.get_rng_state(),
            "epoch": self.epoch,
            "best": self.best,
        }

    def restore(self, checkpoint):
        """Take over a checkpoint, PyTorch's generator included.

        Raises
        ------
        RunFolderError
            When it does not fit.
        """
        try:
            for name in ("model", "optimiser", "schedule"):
                getattr(self, name).load_state_dict(checkpoint[name])
            self.epoch, self.best = checkpoint["epoch"], checkpoint["best"]
            torch.set_rng_state(checkpoint["generator"])
        except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError) as error:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            raise RunFolderError(
                f"the checkpoint does not fit the network ({what}); train anew in another folder"
            ) from None
