"""Which neuron fires after which: a readout of the order of spikes."""

import numpy as np

from stdpnet.readouts.readout import Responses, TrainingResponses
from stdpnet.readouts.vote import elect


class NGram:
    r"""Pairs of successive spikes, as BindsNET's ``ngram`` with n = 2 (bindsnet/evaluation/evaluation.py).

    .. math::

        \hat{c}_i = \arg\max_c \sum_k s_c(j_k, j_{k+1})

    In the training images, each spike is paired with every spike of the next time step that has any, and
    :math:`s_c(j, j')` counts how often the pair of neurons occurs in images of class :math:`c`. In a new image all
    spikes :math:`j_1, j_2, \ldots` stand in one row, those of one step in order of their neurons, and each pair of
    neighbours adds its counts to the votes of the classes. (BindsNET 0.3.4 left out the last pair of an image; its
    repository has mended that.) The one to choose to ask whether the order of spikes says more than their number; it
    takes many spikes per image.

    Parameters
    ----------
    training : TrainingResponses

    Attributes
    ----------
    classes : ndarray of int, shape (n_classes,)
    pairs : ndarray of int64, shape (n_pairs,)
        First neuron times the number of neurons plus second neuron, ascending.
    scores : ndarray of int64, shape (n_pairs, n_classes)
        How often the pair occurred in images of the class.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> spikes = np.array([0, 0, 1, 1]), np.array([3, 8, 2, 9]), np.array([0, 1, 1, 0])  # image, step, neuron
    >>> counts = np.array([[1, 1], [1, 1]])
    >>> readout = NGram(SimpleNamespace(counts=counts, spikes=spikes, labels=np.array([2, 5])))
    >>> readout.predict(SimpleNamespace(counts=counts, spikes=spikes))  # equal counts, told apart by their order
    array([2, 5])
    """

    name = "n-gram"
    supervised = False

    def __init__(self, training: TrainingResponses) -> None:
        image, step, neuron = training.spikes
        self.n_neurons = training.counts.shape[1]
        self.classes, class_of = np.unique(np.asarray(training.labels).astype(int), return_inverse=True)
        first, second = _across_steps(image, step)
        pairs = self._code(neuron[first], neuron[second])
        self.pairs, pair_of = np.unique(pairs, return_inverse=True)
        self.scores = np.zeros((len(self.pairs), len(self.classes)), np.int64)
        np.add.at(self.scores, (pair_of, class_of[image[first]]), 1)

    def predict(self, responses: Responses) -> np.ndarray:
        """Return the class of each image, shape (n_images,)."""
        image, _, neuron = responses.spikes
        votes = np.zeros((len(responses.counts), len(self.classes)), np.int64)
        if len(self.pairs):
            pairs = self._code(neuron[:-1], neuron[1:])
            place = np.searchsorted(self.pairs, pairs).clip(max=len(self.pairs) - 1)
            counted = (image[:-1] == image[1:]) & (self.pairs[place] == pairs)
            np.add.at(votes, image[:-1][counted], self.scores[place[counted]])
        return elect(self.classes, votes)

    def _code(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return first.astype(np.int64) * self.n_neurons + second


def _across_steps(image: np.ndarray, step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of both spikes of every pair from one step with spikes to the next one of the same image."""
    new = np.ones(len(image), bool)
    new[1:] = (image[1:] != image[:-1]) | (step[1:] != step[:-1])
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(image)))
    has_next = np.append(image[starts[1:]] == image[starts[:-1]], False)[: len(starts)]
    next_starts, next_sizes = np.append(starts[1:], 0), np.append(sizes[1:], 0) * has_next
    group = np.cumsum(new) - 1
    times = next_sizes[group]  # pairs in which each spike is the first
    first = np.repeat(np.arange(len(image)), times)
    within = np.arange(len(first)) - np.repeat(np.cumsum(times) - times, times)
    return first, next_starts[group[first]] + within
