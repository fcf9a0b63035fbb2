"""Accuracy and its confidence interval: the only place where test labels are looked at."""

import numpy as np

#: The class of a neuron that never fired, and of an image for which nothing votes.
NO_ANSWER = -1


def score(predictions, labels):
    """Compare predictions with the truth.

    Parameters
    ----------
    predictions, labels : ndarray of int, shape (n_images,)

    Returns
    -------
    dict
        ``accuracy``, ``confidence_interval_95``, and ``unclassified``, the images without an answer.
    """
    correct = int(np.sum(predictions == labels))
    return {
        "accuracy": correct / len(labels),
        "confidence_interval_95": list(wilson_interval(correct, len(labels))),
        "unclassified": int(np.sum(predictions == NO_ANSWER)),
    }


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
