"""Supervised training in epochs, with a checkpoint after each, and the best network kept."""

import logging
import math

import numpy as np
import torch
import torch.nn.functional as F

from stdpnet.base.errors import ConfigError
from stdpnet.base.progress import progress_bar
from stdpnet.conversion.ann.images import as_input, randomly_shifted
from stdpnet.conversion.ann.model_file import save_model, write_tensors
from stdpnet.conversion.ann.state import TrainingState, split

log = logging.getLogger(__name__)

#: Images at a time where nothing is learned.
TOGETHER = 500


def train(config, dataset, folder, checkpoint=None, show_progress=True):
    """Train a network and keep the one that answers best.

    The best is the one with the most right answers on the held-out training images, the later one of
    equals. With the same configuration and data, on the same machine with the same number of threads,
    the weights are the same to the bit, whatever the interruptions.

    Parameters
    ----------
    config : TrainingConfig
    dataset : Dataset
        Its test part is not used.
    folder : TrainingFolder
    checkpoint : dict, optional
        Of the folder, to continue from.
    show_progress : bool

    Returns
    -------
    dict
        The row of ``metrics.csv`` of the best epoch.

    Raises
    ------
    ConfigError
        When the data set does not fit the configuration, or the training diverges.
    RunFolderError
        When the checkpoint does not fit.
    """
    training, held_out = split(dataset)
    with torch.random.fork_rng(devices=[]):
        state = TrainingState(config, dataset)
        if checkpoint is not None:
            state.restore(checkpoint)
        rows = folder.metrics()[: state.epoch]  # one for each epoch; a stopped one may have left another
        while state.epoch < config.epochs:
            what = f"epoch {state.epoch + 1} of {config.epochs}"
            with progress_bar(state.steps * state.batch, 0, what, show_progress) as bar:
                loss = train_epoch(state, *training, config.shift, bar)
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
                save_model(folder.model_file, state.model, config.architecture)
            rows.append(row)
            folder.write_metrics(rows)
            write_tensors(folder.checkpoint_file, state.checkpoint())
    return state.best


def train_epoch(state, images, labels, reach, bar):
    """Show all images once, in random order, each moved by up to `reach` pixels; return the mean loss.

    What does not fill a last batch is left out, other images each time.
    """
    state.model.train()
    order, total = torch.randperm(len(images))[: state.steps * state.batch], 0.0
    for which in order.view(state.steps, state.batch):
        loss = F.cross_entropy(state.model(as_input(randomly_shifted(images[which], reach))), labels[which])
        state.optimiser.zero_grad()
        loss.backward()
        state.optimiser.step()
        state.schedule.step()
        total += loss.item()
        bar.update(state.batch)
    return total / state.steps


@torch.no_grad()
def predict(model, images):
    """Return the class of each image, ndarray of int64, in evaluation mode."""
    model.eval()
    return np.concatenate([model(as_input(part)).argmax(dim=1).numpy() for part in images.split(TOGETHER)])


def accuracy_on(model, images, labels):
    """Return the share of right answers."""
    return float(np.mean(predict(model, images) == labels.numpy()))
