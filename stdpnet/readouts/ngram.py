"""Which neuron fires after which: a readout of the order of spikes."""

from copy import copy

import numpy as np
from scipy.sparse import csr_matrix

from stdpnet.readouts.readout import Responses, TrainingResponses
from stdpnet.readouts.vote import elect

#: Pairs of steps that are counted at a time.
STEPS_AT_A_TIME = 2000

#: Share of all pairs of neurons from which a product of full matrices is faster.
MANY = 1 / 400

#: Numbers of the table of scores, at most: 1 GiB.
MOST_SCORES = 2**27


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

    A readout of some training images and one of others add up to that of all: `merged`. So neither takes more memory
    the more the neurons fire, but for a number of each pair and class.

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

    Raises
    ------
    MemoryError
        When there are too many pairs of neurons.

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
    reads_order = True

    def __init__(self, training: TrainingResponses) -> None:
        image, step, neuron = training.spikes
        self.n_neurons = training.counts.shape[1]
        self.classes, class_of = np.unique(np.asarray(training.labels).astype(int), return_inverse=True)
        starts = np.flatnonzero(np.diff(image, prepend=-1) | np.diff(step, prepend=-1))  # a row for each step
        ends = np.append(starts, len(neuron))
        raster = csr_matrix((np.ones(len(neuron), np.float32), neuron, ends), (len(starts), self.n_neurons))
        followed = np.flatnonzero(image[starts[1:]] == image[starts[:-1]])  # by another step of the same image
        tables = [
            _pairs(raster, followed[class_of[image[starts[followed]]] == code]).tocoo()
            for code in range(len(self.classes))
        ]
        codes = [self._code(table.row, table.col) for table in tables]
        self.pairs = np.unique(np.concatenate([*codes, np.empty(0, np.int64)]))
        self._check()
        self.scores = np.zeros((len(self.pairs), len(self.classes)), np.int64)
        for column, (of_class, table) in enumerate(zip(codes, tables, strict=True)):
            self.scores[np.searchsorted(self.pairs, of_class), column] = table.data

    def merged(self, other: "NGram") -> "NGram":
        """Return the readout of the training images of both."""
        both = copy(self)
        both.classes, both.pairs = np.union1d(self.classes, other.classes), np.union1d(self.pairs, other.pairs)
        both._check()
        both.scores = np.zeros((len(both.pairs), len(both.classes)), np.int64)
        for one in (self, other):
            places = np.searchsorted(both.pairs, one.pairs), np.searchsorted(both.classes, one.classes)
            both.scores[np.ix_(*places)] += one.scores
        return both

    def predict(self, responses: Responses) -> np.ndarray:
        """Return the class of each image, shape (n_images,)."""
        image, _, neuron = responses.spikes
        votes = np.zeros((len(responses.counts), len(self.classes)), np.int64)
        if len(self.pairs):
            pairs = self._code(neuron[:-1], neuron[1:])
            place = np.searchsorted(self.pairs, pairs).clip(max=len(self.pairs) - 1)
            counted = (image[:-1] == image[1:]) & (self.pairs[place] == pairs)
            at = image[:-1][counted], place[counted]
            shape = len(votes), len(self.pairs)
            votes = csr_matrix((np.ones(len(at[0]), np.int64), at), shape=shape) @ self.scores
        return elect(self.classes, votes)

    def _code(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return first.astype(np.int64) * self.n_neurons + second

    def _check(self) -> None:
        if len(self.pairs) * len(self.classes) > MOST_SCORES:
            raise MemoryError(
                f"{len(self.pairs):,} pairs of neurons that fire one after the other and {len(self.classes)} classes "
                f"are more than {MOST_SCORES:,} scores"
            )


def _pairs(raster: csr_matrix, rows: np.ndarray) -> csr_matrix:
    """Return how often each neuron of some rows comes before each one of the row after it."""
    n_neurons = raster.shape[1]
    total, sizes = csr_matrix((n_neurons, n_neurons), dtype=np.int64), np.diff(raster.indptr)
    for begin in range(0, len(rows), STEPS_AT_A_TIME):
        some = rows[begin : begin + STEPS_AT_A_TIME]
        one, other = raster[some], raster[some + 1]
        if (sizes[some] * sizes[some + 1]).sum() > MANY * len(some) * n_neurons**2:
            one, other = one.toarray(), other.toarray()
        total = total + csr_matrix(one.T @ other).astype(np.int64)
    return total
