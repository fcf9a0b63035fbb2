"""What a network answers, after each time step, and the spikes that it took."""

from dataclasses import dataclass

import numpy as np
import torch

from stdpnet.backprop.constants import Neuron, Presentation
from stdpnet.backprop.encoding import encode
from stdpnet.backprop.network import Network
from stdpnet.base.labelled.held_out import Part
from stdpnet.base.scoring import NO_ANSWER

#: Images at a time where nothing is learned.
TOGETHER = 500


@dataclass(frozen=True, eq=False)
class Responses:
    """What came of showing images.

    Attributes
    ----------
    predictions : ndarray of int, shape (n_images, n_steps)
        Class with the most output spikes so far, of equals the one with the later ones; `NO_ANSWER` before the first.
    events : ndarray of float, shape (n_steps,)
        Input events of a step, mean over the images.
    spikes : ndarray of float, shape (n_layers, n_steps)
        Spikes of each layer in a step, mean over the images.
    """

    predictions: np.ndarray
    events: np.ndarray
    spikes: np.ndarray


def respond(network: Network, images: np.ndarray, presentation: Presentation, random: np.random.Generator) -> Responses:
    """Show images to a network.

    Parameters
    ----------
    network : Network
    images : ndarray of uint8, shape (n_images, height, width)
    presentation : Presentation
    random : numpy.random.Generator

    Returns
    -------
    Responses

    Examples
    --------
    >>> from stdpnet.backprop.network import Description
    >>> network = Network(Description((30, 10), n_inputs=64), seed=0)
    >>> shown = np.full((2, 8, 8), 200, np.uint8)
    >>> responses = respond(network, shown, Presentation(time=20), np.random.default_rng(0))
    >>> responses.predictions.shape, responses.spikes.shape
    ((2, 20), (2, 20))
    """
    predictions = []
    sent, fired = np.zeros(presentation.steps), np.zeros((len(network.layers), presentation.steps))
    for first in range(0, len(images), TOGETHER):
        events = encode(images[first : first + TOGETHER], presentation, random)
        spikes = network.spikes(events)
        predictions.append(answers(spikes[-1], network.description.neuron).numpy().T)
        sent += np.bincount(events.step, minlength=presentation.steps)
        fired += [of_layer.sum(dim=(1, 2)).double().numpy() for of_layer in spikes]
    return Responses(np.concatenate(predictions), sent / len(images), fired / len(images))


def answers(spikes: torch.Tensor, neuron: Neuron) -> torch.Tensor:
    """Return the class with the most output spikes so far; of equals that with the greater low-passed signal.

    Parameters
    ----------
    spikes : tensor of float32, shape (n_steps, n_images, n_classes)
    neuron : Neuron

    Returns
    -------
    tensor of int64, shape (n_steps, n_images)
        `NO_ANSWER` before the first spike.

    Examples
    --------
    >>> spikes = torch.tensor([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])[:, None]
    >>> answers(spikes, Neuron()).ravel()
    tensor([-1,  0,  2])
    """
    found = torch.empty(spikes.shape[:2], dtype=torch.int64)
    counts, signal = torch.zeros_like(spikes[0]), torch.zeros_like(spikes[0])
    for now, answer in zip(spikes, found, strict=True):
        counts += now
        signal.mul_(neuron.decay).add_(now)
        answer[:] = torch.where(counts.any(dim=1), (counts + signal / (len(spikes) + 1)).argmax(dim=1), NO_ANSWER)
    return found


def accuracy_on(network: Network, part: Part, presentation: Presentation, random: np.random.Generator) -> float:
    """Return the share of right answers at the end of the presentation.

    Parameters
    ----------
    network : Network
    part : tuple of ndarray of uint8 and ndarray of int64
        Images and labels.
    presentation : Presentation
    random : numpy.random.Generator

    Returns
    -------
    float
    """
    images, labels = part
    return float(np.mean(respond(network, images, presentation, random).predictions[:, -1] == labels))
