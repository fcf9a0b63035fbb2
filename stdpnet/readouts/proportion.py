"""Mean response per class in which selective neurons count more."""

import numpy as np

from stdpnet.readouts.mean_response import assign, class_means
from stdpnet.readouts.readout import Responses, TrainingResponses
from stdpnet.readouts.vote import elect


class ProportionWeighting:
    r"""Proportion weighting, as BindsNET's ``proportion_weighting`` (bindsnet/evaluation/evaluation.py).

    .. math::

        p_{cj} = \frac{r_{cj}}{\sum_k r_{kj}}, \qquad
        \hat{c}_i = \arg\max_c \, \frac{1}{|\{j : a_j = c\}|} \sum_{j : a_j = c} p_{cj} \, n_{ij}

    A neuron's proportion of a class, :math:`p_{cj}`, is its mean response to the class divided by the sum of its mean
    responses to all classes. A class gets the mean, over the neurons named after it as in `MeanResponse`, of their
    spikes times their proportion of it. The one to choose where many neurons respond to several classes, as after a
    short training: those that tell classes apart count more.

    Parameters
    ----------
    training : TrainingResponses

    Attributes
    ----------
    classes : ndarray of int, shape (n_classes,)
    assignments : ndarray of int, shape (n_neurons,)
    proportions : ndarray, shape (n_classes, n_neurons)
        Each neuron's add up to 1, or are 0 if it never fired.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> training = SimpleNamespace(counts=np.array([[4, 1], [0, 3]]), labels=np.array([2, 5]))
    >>> readout = ProportionWeighting(training)
    >>> readout.proportions
    array([[1.  , 0.25],
           [0.  , 0.75]])
    >>> readout.predict(SimpleNamespace(counts=np.array([[4, 5]])))  # the mean response says 5
    array([2])
    """

    name = "proportion weighting"
    supervised = False
    reads_order = False

    def __init__(self, training: TrainingResponses) -> None:
        self.classes, means = class_means(training.counts, training.labels)
        self.assignments = assign(training.counts, training.labels)
        sums = means.sum(axis=0)
        self.proportions = means / np.where(sums == 0, 1, sums)

    def predict(self, responses: Responses) -> np.ndarray:
        """Return the class of each image, shape (n_images,)."""
        votes = np.zeros((len(responses.counts), len(self.classes)))
        for k, c in enumerate(self.classes):
            named = self.assignments == c
            if named.any():  # a sum, not a product of matrices, whose rounding depends on the number of threads
                votes[:, k] = (responses.counts[:, named] * self.proportions[k, named]).mean(axis=1)
        return elect(self.classes, votes)
