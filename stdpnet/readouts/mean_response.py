"""The paper's readout: name each neuron after a class, then compare the mean responses of the classes."""

import numpy as np

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.readouts.readout import Responses, TrainingResponses
from stdpnet.readouts.vote import elect


class MeanResponse:
    r"""Mean response per class: Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, C:169 to 190.

    .. math::

        a_j = \arg\max_c \, r_{cj}, \qquad
        \hat{c}_i = \arg\max_c \, \frac{1}{|\{j : a_j = c\}|} \sum_{j : a_j = c} n_{ij}

    Each neuron :math:`j` is named :math:`a_j`, after the class to which it responds most in the mean; an image gets the
    class whose neurons respond most in the mean. The one to choose for an accuracy that is to be compared with the
    paper's, and the only one that stands in a run's ``accuracy``. (The code of 2014 names a neuron that never fired
    after the digit 0; here it has no name and no vote.)

    Parameters
    ----------
    training : TrainingResponses

    Attributes
    ----------
    assignments : ndarray of int, shape (n_neurons,)
        The class after which each neuron is named, from `assign`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> training = SimpleNamespace(counts=np.array([[9, 0, 0], [0, 8, 0]]), labels=np.array([3, 7]))
    >>> readout = MeanResponse(training)
    >>> readout.assignments
    array([ 3,  7, -1])
    >>> readout.predict(SimpleNamespace(counts=np.array([[1, 2, 0], [0, 0, 5]])))
    array([ 7, -1])
    """

    name = "mean response"
    supervised = False
    reads_order = False

    def __init__(self, training: TrainingResponses) -> None:
        self.assignments = assign(training.counts, training.labels)

    def predict(self, responses: Responses) -> np.ndarray:
        """Return the class of each image, shape (n_images,)."""
        return predict(responses.counts, self.assignments)


def class_means(counts: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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


def assign(counts: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Name each neuron after the class to which it responds most, in the mean over the images of the class.

    Parameters and errors are those of `class_means`.

    Returns
    -------
    ndarray of int, shape (n_neurons,)
        `NO_ANSWER` for neurons that never fired.

    Examples
    --------
    >>> assign(np.array([[9, 0, 0], [5, 0, 0], [0, 8, 0]]), labels=np.array([3, 3, 7]))
    array([ 3,  7, -1])
    """
    classes, means = class_means(counts, labels)
    return elect(classes, means.T)


def predict(counts: np.ndarray, assignments: np.ndarray) -> np.ndarray:
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

    Examples
    --------
    >>> predict(np.array([[1, 2, 0], [0, 0, 5]]), assignments=np.array([3, 7, NO_ANSWER]))
    array([ 7, -1])
    """
    assignments = np.asarray(assignments)
    classes = np.unique(assignments[assignments != NO_ANSWER])
    return elect(classes, class_votes(counts, assignments, classes))


def class_votes(counts: np.ndarray, assignments: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the mean response of each class's neurons, the votes of `predict`.

    Parameters
    ----------
    counts : ndarray, shape (n_images, n_neurons)
    assignments : ndarray of int, shape (n_neurons,)
        From `assign`.
    classes : ndarray of int, shape (n_classes,)

    Returns
    -------
    ndarray, shape (n_images, n_classes)
        Spikes per neuron; 0 for a class after which no neuron is named.

    Examples
    --------
    >>> class_votes(np.array([[1, 2, 0]]), assignments=np.array([3, 3, NO_ANSWER]), classes=np.array([3, 7]))
    array([[1.5, 0. ]])
    """
    counts, votes = np.asarray(counts), np.zeros((len(counts), len(classes)))
    for place, c in enumerate(classes):
        if (named := assignments == c).any():
            votes[:, place] = counts[:, named].mean(axis=1)
    return votes
