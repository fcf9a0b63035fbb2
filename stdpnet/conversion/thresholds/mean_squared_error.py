"""Scales that round least: what a neuron can say in so many steps, closest to what it should say."""

import numpy as np

from stdpnet.conversion.thresholds.histogram import Histogram

#: Candidates, as shares of the largest activation of a channel.
SHARES = np.linspace(0.05, 1, 96)


def least_error(histogram: Histogram, levels: int) -> np.ndarray:
    r"""Return the scale of each channel that brings the least mean squared error in a number of steps.

    .. math::

        \lambda = \arg\min_\lambda \sum_a \left(a - \frac{\lambda}{T}\,\mathrm{clip}\!\left(
        \left\lfloor\frac{a T}{\lambda} + \frac{1}{2}\right\rfloor, 0, T\right)\right)^2

    over the positive activations :math:`a` of the channel: what is too large for the scale is cut off, what lies
    between two rates is rounded. The more steps :math:`T`, the less is cut off. Li et al. 2021, arXiv:2106.06984,
    sec. 4; they search 95 shares of the maximum as well.

    Parameters
    ----------
    histogram : Histogram
        Of the activations.
    levels : int
        The steps :math:`T`, at least 1.

    Returns
    -------
    ndarray, shape (channels,)
        0 for channels that are never active.

    Examples
    --------
    >>> histogram = Histogram(1)
    >>> histogram.add(np.array([[1.0]] * 99 + [[10.0]]))
    >>> float(least_error(histogram, 2)[0]) < 4, float(least_error(histogram, 64)[0]) > 9
    (True, True)
    """
    middles, counts = histogram.bins()
    best, least = np.zeros(len(counts)), np.full(len(counts), np.inf)
    for share in SHARES:
        scale = share * histogram.maximum
        size = np.where(scale > 0, scale, 1)[:, None]
        rounded = np.clip(np.floor(middles * (levels / size) + 0.5), 0, levels) * (size / levels)
        error = (counts * (middles - rounded) ** 2).sum(axis=1)
        best, least = np.where(error < least, scale, best), np.minimum(error, least)
    return best
