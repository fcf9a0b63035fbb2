r"""Weights and thresholds to begin with, by the number of synapses of a neuron.

.. math:: w \sim U\bigl(-\sqrt{3 / M}, \sqrt{3 / M}\bigr), \qquad V_\mathrm{th} = \alpha \sqrt{3 / M}

With them the squares of the weights of a neuron sum to 1 in the mean, whatever its number :math:`M` of synapses.
"""

import torch


def initial(
    n_neurons: int, n_inputs: int, alpha: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return weights and thresholds of a layer.

    Parameters
    ----------
    n_neurons, n_inputs : int
    alpha : float
        Threshold in units of the greatest weight.
    generator : torch.Generator

    Returns
    -------
    weights : tensor of float32, shape (n_neurons, n_inputs)
    thresholds : tensor of float32, shape (n_neurons,)

    Examples
    --------
    >>> weights, thresholds = initial(50, 1200, 5.0, torch.Generator().manual_seed(0))
    >>> bool(weights.abs().max() <= 0.05), float(thresholds[0])
    (True, 0.25)
    """
    greatest = (3 / n_inputs) ** 0.5
    weights = (2 * torch.rand(n_neurons, n_inputs, generator=generator) - 1) * greatest
    return weights, torch.full((n_neurons,), alpha * greatest)
