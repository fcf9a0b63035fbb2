"""What keeps weights in bounds and lets every neuron take part."""

import torch

from stdpnet.backprop.constants import Regularisation


def weight_penalty(weights: torch.Tensor, constants: Regularisation) -> torch.Tensor:
    r"""Return the penalty on the squared weights of each neuron, which begin at a sum of 1.

    .. math:: \frac{\lambda}{2} \sum_i e^{\beta (\sum_k w_{ik}^2 - 1)}

    Parameters
    ----------
    weights : tensor, shape (n_neurons, n_inputs)
    constants : Regularisation

    Returns
    -------
    tensor
        One number.

    Examples
    --------
    >>> float(weight_penalty(torch.tensor([[0.6, 0.8]]), Regularisation(weight=0.5)))
    0.25
    """
    return constants.weight / 2 * torch.exp(constants.steepness * (weights.square().sum(dim=1) - 1)).sum()


def threshold_change(fired: torch.Tensor, constants: Regularisation) -> torch.Tensor:
    r"""Return by how much thresholds change: up for neurons that fire, down for all; their sum stays.

    For an image on which :math:`N_w` of :math:`N` neurons fire, each of them gains :math:`\rho N`, and all lose
    :math:`\rho N_w`.

    Parameters
    ----------
    fired : tensor of bool, shape (n_images, n_neurons)
    constants : Regularisation

    Returns
    -------
    tensor of float32, shape (n_neurons,)
        The mean over the images.

    Examples
    --------
    >>> threshold_change(torch.tensor([[True, False, False]]), Regularisation(threshold=0.1))
    tensor([ 0.2000, -0.1000, -0.1000])
    """
    firing = fired.float()
    return constants.threshold * (firing.shape[1] * firing - firing.sum(dim=1, keepdim=True)).mean(dim=0)
