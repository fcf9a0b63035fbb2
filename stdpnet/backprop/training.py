"""Training with labels in epochs: one result after each, and nothing written."""

import logging
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from stdpnet.backprop.constants import Regularisation
from stdpnet.backprop.encoding import encode
from stdpnet.backprop.evaluation.responses import accuracy_on
from stdpnet.backprop.network import Network
from stdpnet.backprop.regularisation import threshold_change, weight_penalty
from stdpnet.backprop.state import TrainingState, stream
from stdpnet.base.errors import ConfigError
from stdpnet.base.labelled.held_out import Part, split
from stdpnet.base.progress import progress_bar

log = logging.getLogger(__name__)

#: Least threshold, in units of the first one: what the regulariser takes from silent neurons it takes without end.
LEAST_THRESHOLD = 1e-3


def train(state: TrainingState, dataset: Any, show_progress: bool = True) -> Iterator[dict]:
    """Train a network for the epochs that are left, and yield what came out of each.

    The best epoch is the one with the most right answers on the held-out training images, the later one of equals:
    ``state.best`` is the row just yielded if it is that one so far. With the same configuration and data, on the same
    machine with the same number of threads, the weights are the same to the bit, whatever the interruptions.

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
        ``presented``, ``epoch``, ``training_accuracy`` (of the network as it was at each image),
        ``validation_accuracy``.

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
            learned = train_epoch(state, training, bar)
            if not all(bool(one.isfinite().all()) for one in state.network.parameters()):
                raise ConfigError(
                    f"learning_rate is {config.learning_rate}; weights are not finite in {what}: lower it"
                )
            accuracy = accuracy_on(state.network, held_out, config.presentation, stream(config.seed, "held out"))
            bar.set_postfix_str(f"training accuracy {learned:.2%}, validation accuracy {accuracy:.2%}")
        state.epoch += 1
        row = {
            "presented": state.presented,
            "epoch": state.epoch,
            "training_accuracy": learned,
            "validation_accuracy": accuracy,
        }
        log.debug("%s", row)
        if state.best is None or accuracy >= state.best["validation_accuracy"]:
            state.best = row
        yield row


def train_epoch(state: TrainingState, part: Part, bar: Any) -> float:
    """Show all images once, in random order; what does not fill a last batch is left out, others each time.

    Parameters
    ----------
    state : TrainingState
    part : tuple of ndarray of uint8 and ndarray of int64
        Images and labels.
    bar : tqdm
        Moves on by each batch.

    Returns
    -------
    float
        The share of right answers, each before the network learned from it.
    """
    images, labels = part
    random, right = stream(state.config.seed, "training", state.epoch), 0
    order = random.permutation(len(images))[: state.steps * state.batch]
    state.set_rates()
    for which in order.reshape(state.steps, state.batch):
        events = encode(images[which], state.config.presentation, random)
        right += learn(state.network, state.optimiser, events, labels[which], state.config.regularisation)
        bar.update(state.batch)
    return right / len(order)


def learn(
    network: Network, optimiser: torch.optim.Optimizer, events: Any, labels: np.ndarray, constants: Regularisation
) -> int:
    """Change a network by a batch of images.

    Parameters
    ----------
    network : Network
    optimiser : torch.optim.Optimizer
        Of its parameters.
    events : Events
    labels : ndarray of int64, shape (n_images,)
    constants : Regularisation

    Returns
    -------
    int
        How many answers were right before.
    """
    signals = network.signals(events, network.spikes(events))
    error = output_error(signals[-1].detach(), torch.from_numpy(labels))
    optimiser.zero_grad()
    signals[-1].backward(error / len(labels))
    for layer in network.layers:
        weight_penalty(layer.weights, constants).backward()
    optimiser.step()
    with torch.no_grad():
        for layer, signal in zip(network.layers[:-1], signals, strict=False):
            layer.thresholds.add_(threshold_change(signal > 0, constants))
        for layer in network.layers:
            layer.thresholds.clamp_(min=LEAST_THRESHOLD * layer.first_threshold)
            if layer.kappa is not None:
                layer.kappa.clamp_(max=0).fill_diagonal_(0)
    return int((signals[-1].argmax(dim=1).numpy() == labels).sum())


def output_error(signals: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    r"""Return the error of the output layer, :math:`o_i - y_i`, which goes back through the network.

    :math:`y_i` is 1 for the class of the image, else 0; :math:`o_i` the softmax of the filtered spikes, so that it is
    the gradient of the cross entropy. How the paper normalises its output is not known for sure; of two ways that were
    tried here on held-out images (the other divided by the greatest) this one learned faster.

    Parameters
    ----------
    signals : tensor, shape (n_images, n_classes)
        Filtered spikes.
    labels : tensor of int64, shape (n_images,)

    Returns
    -------
    tensor, shape (n_images, n_classes)

    Examples
    --------
    >>> output_error(torch.tensor([[3.0, 3.0]]), torch.tensor([1]))
    tensor([[ 0.5000, -0.5000]])
    """
    return torch.softmax(signals, dim=1) - torch.nn.functional.one_hot(labels, signals.shape[1])
