"""Everything that changes in the course of a training with labels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from stdpnet.base.errors import ConfigError
from stdpnet.base.labelled.checkpoints import fitting
from stdpnet.base.labelled.held_out import split as held_out_split
from stdpnet.conversion.ann.activations import with_activation
from stdpnet.conversion.ann.architectures import build
from stdpnet.conversion.ann.images import as_input
from stdpnet.conversion.ann.initialisation import unit_variance
from stdpnet.conversion.ann.optimisers import optimiser_of, schedule_of

Part = tuple[torch.Tensor, torch.Tensor]
#: Images on which the variance of each layer is measured.
MEASURED = 500


def split(dataset: Any) -> tuple[Part, Part]:
    """Return images and labels to train on, and those held out, as tensors; see `stdpnet.base.labelled.held_out`."""
    training, held_out = held_out_split(dataset)
    return _tensors(*training), _tensors(*held_out)


def _tensors(images, labels):
    return torch.tensor(images), torch.tensor(labels)


class TrainingState:
    """A network, its optimiser and the schedule of its learning rate; on a GPU where there is one.

    Random numbers come from a generator of its own: PyTorch's stays as it was, but for that of a GPU.

    Parameters
    ----------
    config : TrainingConfig
    dataset : Dataset

    Attributes
    ----------
    config : TrainingConfig
    batch, steps : int
        Images for one change of the weights, and changes in an epoch.
    device : torch.device
        Of the network.
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
        (images, _), _ = held_out_split(dataset)
        n, shape = len(images), dataset.image_shape
        if config.shift >= min(shape[-2:]):
            raise ConfigError(f"shift is {config.shift} px; expected less than the sides of the images, {shape[-2:]}")
        self.config, self.batch = config, min(config.batch, n)
        self.steps = n // self.batch
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.model = build(config.architecture, (1, *shape)[-3:], dataset.n_classes)
            if config.unit_variance:
                unit_variance(self.model, as_input(torch.tensor(images[:MEASURED])))
            with_activation(self.model, config.activation)
            self.generator = torch.get_rng_state()
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model.to(self.device)
        self.optimiser = optimiser_of(config, self.model.parameters())
        self.schedule = schedule_of(config, self.optimiser, config.epochs * self.steps)
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
        with fitting():
            for name in ("model", "optimiser", "schedule"):
                getattr(self, name).load_state_dict(checkpoint[name])
            self.epoch, self.best = checkpoint["epoch"], checkpoint["best"]
            self.generator = checkpoint["generator"]
            with self.own_generator():  # or what is no state of a generator would be found later
                pass
