"""Mean response per class in which selective neurons count more."""

import numpy as np

from stdpnet.readouts.label_assigner import assign, class_means
from stdpnet.readouts.vote import elect


class ProportionWeighting:
    """Proportion weighting, as BindsNET's ``proportion_weighting`` (bindsnet/evaluation/evaluation.py).

    A neuron's proportion of a class is its mean response to the class, divided by the sum of its
    mean responses to all classes. A class gets the mean, over the neurons named after it, of
    their spikes times their proportion of it.

    Parameters
    ----------
    training : TrainingResponses

    Attributes
    ----------
    classes : ndarray of int, shape (n_classes,)
    assignments : ndarray of int, shape (n_neurons,)
    proportions : ndarray, shape (n_classes, n_neurons)
        Each neuron's add up to 1, or are 0 if it never fired.
    """

    name = "proportion weighting"
    supervised = False

    def __init__(self, training):
        self.classes, means = class_means(training.counts, training.labels)
        self.assignments = assign(training.counts, training.labels)
        sums = means.sum(axis=0)
        self.proportions = means / np.where(sums == 0, 1, sums)

    def predict(self, responses):
        """Return the class of each image, shape (n_images,)."""
        votes = np.zeros((len(responses.counts), len(self.classes)))
        for k, c in enumerate(self.classes):
            named = self.assignments == c
            if named.any():  # a sum, not a product of matrices, whose rounding depends on the number of threads
                votes[:, k] = (responses.counts[:, named] * self.proportions[k, named]).mean(axis=1)
        return elect(self.classes, votes)
