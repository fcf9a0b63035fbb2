"""The paper's readout: name each neuron after a class, then compare the mean responses of the classes."""

import numpy as np

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.readouts.vote import elect


class MeanResponse:
    """Mean response per class: Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, section 2.5.

    Parameters
    ----------
    training : TrainingResponses

    Attributes
    ----------
    assignments : ndarray of int, shape (n_neurons,)
        The class after which each neuron is named, from `assign`.
    """

    name = "mean response"
    supervised = False

    def __init__(self, training):
        self.assignments = assign(training.counts, training.labels)

    def predict(self, responses):
        """Return the class of each image, shape (n_images,)."""
        return predict(responses.counts, self.assignments)


def class_means(counts, labels):
    """Return the classes and each neuron's mean response to them.

    Parameters
    ----------
    counts : ndarray, shape (n_images, n_neurons)
        Spikes in response to training images.
    labels : ndarray of int, shape (n_images,)
        Classes of these images.

    Returns
    -------
    classes : ndarray of int, shape (n_classes,)
        Ascending, those that occur.
    means : ndarray, shape (n_classes, n_neurons)
        Spikes per image.

    Raises
    ------
    ValueError
        When there are not as many labels as images, or none at all.
    """
    counts, labels = np.asarray(counts), np.asarray(labels)
    if len(counts) != len(labels) or len(labels) == 0:
        raise ValueError(f"{len(counts)} responses and {len(labels)} labels; expected as many, and at least one")
    classes = np.unique(labels)
    return classes.astype(int), np.stack([counts[labels == c].mean(axis=0) for c in classes])


def assign(counts, labels):
    """Name each neuron after the class to which it responds most, in the mean over the images of the class.

    Parameters and errors are those of `class_means`.

    Returns
    -------
    ndarray of int, shape (n_neurons,)
        `NO_ANSWER` for neurons that never fired.
    """
    classes, means = class_means(counts, labels)
    return elect(classes, means.T)


def predict(counts, assignments):
    """Classify images by the mean response of each class's neurons.

    Parameters
    ----------
    counts : ndarray, shape (n_images, n_neurons)
    assignments : ndarray of int, shape (n_neurons,)
        From `assign`.

    Returns
    -------
    ndarray of int, shape (n_images,)
        `NO_ANSWER`, which counts as wrong, for images to which no named neuron responds.
    """
    counts, assignments = np.asarray(counts), np.asarray(assignments)
    classes = np.unique(assignments[assignments != NO_ANSWER])
    means = [counts[:, assignments == c].mean(axis=1) for c in classes]
    return elect(classes, np.array(means).reshape(len(classes), len(counts)).T)
