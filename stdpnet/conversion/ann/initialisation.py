"""Weights to begin with, from the data: layer-sequential unit variance."""

import torch
from torch import nn

#: Layers with weights.
WEIGHTED = nn.Conv2d, nn.Linear


@torch.no_grad()
def unit_variance(
    model: nn.Module, images: torch.Tensor, tolerance: float = 0.01, attempts: int = 10
) -> dict[str, float]:
    """Draw orthonormal weights, then scale one layer after the other until its output has variance 1.

    Mishkin & Matas 2016, arXiv:1511.06422, algorithm 1 (LSUV). Biases become 0. Networks without batch normalisation
    train from it to greater depths than from weights scaled by fan-in.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place.
    images : tensor of float32, shape (n_images, *shape of an image)
        Some hundreds, as the network takes them.
    tolerance : float
        Furthest that a variance may be from 1.
    attempts : int
        Scalings of a layer, at most.

    Returns
    -------
    dict of str to float
        The variance of each layer's output, by its name.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(20, 50), nn.ReLU(), nn.Linear(50, 50))
    >>> variances = unit_variance(model, torch.rand(100, 20))
    >>> all(abs(variance - 1) < 0.01 for variance in variances.values())
    True
    """
    training, variances = model.training, {}
    model.eval()
    for name, layer in model.named_modules():
        if not isinstance(layer, WEIGHTED):
            continue
        nn.init.orthogonal_(layer.weight)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
        for _ in range(attempts):
            variances[name] = _output_variance(model, layer, images)
            if abs(variances[name] - 1) < tolerance:
                break
            layer.weight /= variances[name] ** 0.5
        else:
            variances[name] = _output_variance(model, layer, images)
    model.train(training)
    return variances


def _output_variance(model, layer, images):
    found = []
    hook = layer.register_forward_hook(lambda layer, inputs, output: found.append(float(output.var())))
    model(images)
    hook.remove()
    return found[0]
