"""From spike counts to digits: name the neurons, then let them vote.

Neurons are named from training images only: `assign` is given labels, `predict` has no
argument that could take any.
"""

import numpy as np

#: The label of a neuron that never fired.
UNASSIGNED = -1


def assign(counts, labels):
    """Name each neuron after the class to which it responds most.

    Diehl & Cook 2015, section 2.5: the class of the highest mean response.

    Parameters
    ----------
    counts : ndarray, shape (n_images, n_neurons)
        Spikes in response to training images.
    labels : ndarray of int, shape (n_images,)
        Classes of these images.

    Returns
    -------
    ndarray of int, shape (n_neurons,)
        `UNASSIGNED` for neurons that never fired.

    Raises
    ------
    ValueError
        When there are not as many labels as images, or none at all.
    """
    counts, labels = np.asarray(counts), np.asarray(labels)
    if len(counts) != len(labels) or len(labels) == 0:
        raise ValueError(f"{len(counts)} responses and {len(labels)} labels; expected as many, and at least one")
    classes = np.unique(labels)
    means = np.stack([counts[labels == c].mean(axis=0) for c in classes])
    return np.where(counts.any(axis=0), classes[means.argmax(axis=0)].astype(int), UNASSIGNED)


def predict(counts, assignments):
    """Classify images by the mean response of each class's neurons.

    Diehl & Cook 2015, section 2.5. An image to which no assigned neuron responds gets
    `UNASSIGNED`, which counts as wrong.

    Parameters
    ----------
    counts : ndarray, shape (n_images, n_neurons)
    assignments : ndarray of int, shape (n_neurons,)
        From `assign`.

    Returns
    -------
    ndarray of int, shape (n_images,)
    """
    counts, assignments = np.asarray(counts), np.asarray(assignments)
    classes = np.unique(assignments[assignments != UNASSIGNED])
    if len(classes) == 0:
        return np.full(len(counts), UNASSIGNED)
    means = np.stack([counts[:, assignments == c].mean(axis=1) for c in classes], axis=1)
    return np.where(means.any(axis=1), classes[means.argmax(axis=1)], UNASSIGNED)


def wilson_interval(correct, n, z=1.959964):
    """Return the 95 % confidence interval of a proportion (Wilson 1927).

    Parameters
    ----------
    correct, n : int
        Successes and trials.
    z : float
        Quantile of the normal distribution; the default gives 95 %.

    Returns
    -------
    tuple of float
        Lower and upper end.
    """
    p, denominator = correct / n, 1 + z**2 / n
    centre = (p + z**2 / (2 * n)) / denominator
    half = z / denominator * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return float(centre - half), float(centre + half)
