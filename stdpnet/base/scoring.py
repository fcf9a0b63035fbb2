"""Accuracy and its confidence interval: the only place where test labels are looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

#: The class of a neuron that never fired, and of an image for which nothing votes.
NO_ANSWER = -1


def class_text(code: int, names: Sequence[str] = ()) -> str:
    """Return a class as pictures and tables show it: its name, without names its number, ``none`` for no answer.

    Examples
    --------
    >>> class_text(1, ("coat", "shoe")), class_text(7), class_text(NO_ANSWER)
    ('shoe', '7', 'none')
    """
    return "none" if code == NO_ANSWER else str(names[code] if len(names) else code)


def stored_names(arrays: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """Return the class names among the arrays of ``predictions.npz``; earlier versions of stdpnet kept none."""
    return tuple(map(str, arrays.get("class_names", np.empty(0)).ravel()))


def score(predictions: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Compare predictions with the truth.

    Parameters
    ----------
    predictions, labels : ndarray of int, shape (n_images,)

    Returns
    -------
    dict
        ``accuracy``, ``confidence_interval_95``, and ``unclassified``, the images without an answer.

    Examples
    --------
    >>> report = score(np.array([3, NO_ANSWER, 8, 8]), np.array([3, 3, 8, 7]))
    >>> report["accuracy"], report["unclassified"]
    (0.5, 1)
    """
    correct = int(np.sum(predictions == labels))
    return {
        "accuracy": correct / len(labels),
        "confidence_interval_95": list(wilson_interval(correct, len(labels))),
        "unclassified": int(np.sum(predictions == NO_ANSWER)),
    }


def wilson_interval(correct: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    r"""Return the 95 % confidence interval of a proportion (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    .. math::

        \frac{1}{1 + z^2 / n} \left( p + \frac{z^2}{2 n} \pm z \sqrt{\frac{p (1 - p)}{n} + \frac{z^2}{4 n^2}} \right)

    with :math:`p` the share of successes. Unlike :math:`p \pm z \, \sigma` it stays within 0 and 1, and is no point
    where all answers are right.

    Parameters
    ----------
    correct, n : int
        Successes and trials, at least one trial.
    z : float
        Quantile of the normal distribution; the default gives 95 %.

    Returns
    -------
    tuple of float
        Lower and upper end.

    Examples
    --------
    >>> lower, upper = wilson_interval(950, 1000)
    >>> f"{lower:.4f} to {upper:.4f}"
    '0.9347 to 0.9619'
    """
    p, denominator = correct / n, 1 + z**2 / n
    centre = (p + z**2 / (2 * n)) / denominator
    half = z / denominator * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))  # rounding may leave 0 to 1
