"""Training with labels in epochs: one result after each, and nothing written."""

import logging
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from stdpnet.base.errors import ConfigError
from stdpnet.base.progress import progress_bar
from stdpnet.conversion.ann.images import as_input, randomly_mirrored, randomly_shifted
from stdpnet.conversion.ann.state import TrainingState, split

log = logging.getLogger(__name__)

#: Images at a time where nothing is learned.
TOGETHER = 500


def train(state: TrainingState, dataset: Any, show_progress: bool = True) -> Iterator[dict]:
    """Train a network for the epochs that are left, and yield what came out of each.

    The best epoch is the one with the most right answers on the held-out training images, the later one of
    equals: ``state.best`` is the row just yielded if it is that one so far. With the same configuration and
    data, on the same machine with the same number of threads, the weights are the same to the bit, whatever the
    interruptions, on a CPU. PyTorch's own generator stays as it was.

    Parameters
    ----------
    state : TrainingState
        It moves on; fresh, or restored from a checkpoint.
    dataset : Dataset
        Its test part is not used.
    show_progress : bool

    Yields
    ------
    dict of str to float
        A row of ``metrics.csv``: ``presented``, ``epoch``, ``loss``, ``validation_accuracy``.

    Raises
    ------
    ConfigError
        When the training diverges.
    """
    training, held_out = split(dataset)
    config = state.config
    while state.epoch < config.epochs:
        what = f"epoch {state.epoch + 1} of {config.epochs}"
        with progress_bar(state.steps * state.batch, 0, what, show_progress) as bar:
            with state.own_generator():
                loss = train_epoch(state, *training, bar)
            if not math.isfinite(loss):
                raise ConfigError(
                    f"learning_rate is {config.learning_rate}; the loss is not finite in {what}: lower it"
                )
            accuracy = accuracy_on(state.model, *held_out)
            bar.set_postfix_str(f"loss {loss:.4f}, validation accuracy {accuracy:.2%}")
        state.epoch += 1
        row = {"presented": state.presented, "epoch": state.epoch, "loss": loss, "validation_accuracy": accuracy}
        log.debug("%s", row)
        if state.best is None or accuracy >= state.best["validation_accuracy"]:
            state.best = row
        yield row


def train_epoch(state: TrainingState, images: torch.Tensor, labels: torch.Tensor, bar: Any) -> float:
    """Show all images once, in random order, each moved and mirrored at random, as the configuration says.

    What does not fill a last batch is left out, other images each time.

    Parameters
    ----------
    state : TrainingState
    images : tensor of uint8, shape (n, height, width) or (n, planes, height, width)
    labels : tensor of int64, shape (n,)
    bar : tqdm
        Moves on by each batch.

    Returns
    -------
    float
        The mean loss.
    """
    config = state.config
    state.model.train()
    order, total = torch.randperm(len(images))[: state.steps * state.batch], 0.0
    for which in order.view(state.steps, state.batch):
        shown = randomly_shifted(images[which], config.shift)
        shown = randomly_mirrored(shown) if config.mirror else shown
        scores, right = state.model(as_input(shown).to(state.device)), labels[which].to(state.device)
        loss = F.cross_entropy(scores, right, label_smoothing=config.label_smoothing)
        state.optimiser.zero_grad()
        loss.backward()
        state.optimiser.step()
        state.schedule.step()
        total += loss.item()
        bar.update(state.batch)
    return total / state.steps


@torch.no_grad()
def predict(model: torch.nn.Module, images: torch.Tensor) -> np.ndarray:
    """Return the class of each image, ndarray of int64, in evaluation mode."""
    model.eval()
    device = next(model.parameters()).device
    return np.concatenate([model(as_input(part).to(device)).argmax(1).cpu().numpy() for part in images.split(TOGETHER)])


def accuracy_on(model: torch.nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the share of right answers, in evaluation mode.

    Parameters
    ----------
    model : torch.nn.Module
    images : tensor of uint8, shape (n, height, width) or (n, planes, height, width)
    labels : tensor of int64, shape (n,)

    Returns
    -------
    float
    """
    return float(np.mean(predict(model, images) == labels.numpy()))
