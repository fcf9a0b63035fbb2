"""What a neuron has learned of each pixel."""

import numpy as np


def fields_of(weights: np.ndarray, n_pixels: int) -> tuple[np.ndarray, float, float]:
    """Return what is drawn of each pixel, and the values at which a picture's scale begins and ends.

    Parameters
    ----------
    weights : ndarray, shape (n_inputs, n_neurons)
    n_pixels : int
        Half as many as there are inputs with the drive by contrast, ON before OFF.

    Returns
    -------
    fields : ndarray, shape (n_pixels, n_neurons)
        Weights; with contrast ON minus OFF, and the scale begins below 0.
    low, high : float
        A neuron has few strong weights: 1 weight in 1,000 lies above.

    Examples
    --------
    >>> fields, low, high = fields_of(np.array([[0.5], [0.0], [0.25], [0.5]]), 2)
    >>> fields.ravel().tolist(), low < 0
    ([0.25, -0.5], True)
    """
    high = max(float(np.quantile(weights, 0.999)), 1e-12)
    if len(weights) == 2 * n_pixels:
        return weights[:n_pixels] - weights[n_pixels:], -high, high
    return weights, 0.0, high
