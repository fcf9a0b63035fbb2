"""Activations to train with that are closer to what spiking neurons do than a ReLU, put in place of one."""

import copy

import torch
from torch import nn
from torch.overrides import handle_torch_function, has_torch_function

from stdpnet.base.errors import ConfigError
from stdpnet.conversion.graph.rates import RateCurve, SoftLIF


class ClipFloorShift(nn.Module):
    r"""A staircase of equal steps from 0 to a trained bound: what neurons that spike at most `levels` times can say.

    .. math:: h(x) = \lambda\, \mathrm{clip}\!\left(\frac{1}{L}\left\lfloor\frac{x L}{\lambda} +
              \frac{1}{2}\right\rfloor, 0, 1\right)

    Gradients pass the floor as if it were not there, and :math:`\lambda` is learned. Bu et al. 2022,
    arXiv:2303.04347, eq. 10 (QCFS): neurons of threshold :math:`\lambda` that begin at half of it, in `levels` steps.

    Parameters
    ----------
    levels : int
        Steps of the staircase, :math:`L`.
    bound : float
        :math:`\lambda` to begin with.

    Examples
    --------
    >>> ClipFloorShift(levels=4, bound=2.0)(torch.tensor([-1.0, 0.3, 0.9, 5.0])).tolist()
    [0.0, 0.5, 1.0, 2.0]
    """

    def __init__(self, levels: int, bound: float = 8.0):
        super().__init__()
        self.levels = levels
        self.bound = nn.Parameter(torch.tensor(bound))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the staircase."""
        return clip_floor_shift(x, self.bound, self.levels)


def clip_floor_shift(x: torch.Tensor, bound: torch.Tensor, levels: int) -> torch.Tensor:
    """Return the staircase of `ClipFloorShift`, as one operation to those who follow what a module does.

    Parameters
    ----------
    x : tensor
    bound : tensor
        A number.
    levels : int

    Returns
    -------
    tensor
    """
    if has_torch_function((x,)):
        return handle_torch_function(clip_floor_shift, (x,), x, bound, levels)
    share = (x / bound).clamp(0, 1)
    steps = torch.floor(share * levels + 0.5) / levels
    return (share + (steps - share).detach()) * bound


class RateActivation(nn.Module):
    """The rate of neurons as activation, with noise in the training: what these neurons then do in its place.

    Hunsberger & Eliasmith 2016, arXiv:1611.05141. The noise stands for what spikes add to their mean: it is drawn anew
    for each value above the threshold, and makes the network robust against it.

    Parameters
    ----------
    curve : RateCurve
        `SoftLIF`, or one of your own.
    noise : float
        Standard deviation in the training, in spikes per second.

    Examples
    --------
    >>> RateActivation(SoftLIF())(torch.tensor([-1.0, 1.0])).numpy().round(2).tolist()
    [0.029999999329447746, 1.5499999523162842]
    """

    def __init__(self, curve: RateCurve, noise: float = 0.0):
        super().__init__()
        self.curve, self.noise = curve, noise

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the activations."""
        rates = rate_activation(x, self.curve)
        if self.training and self.noise:
            rates = rates + torch.randn_like(rates) * (self.noise * self.curve.amplitude) * (x > 0)
        return rates


def rate_activation(x: torch.Tensor, curve: RateCurve) -> torch.Tensor:
    """Return the activation of a rate curve, as one operation to those who follow what a module does."""
    if has_torch_function((x,)):
        return handle_torch_function(rate_activation, (x,), x, curve)
    return curve.activation(x, torch)


def with_activation(model: nn.Module, activation: str | nn.Module) -> nn.Module:
    """Put another activation in place of every ReLU, in place.

    Parameters
    ----------
    model : torch.nn.Module
    activation : str or torch.nn.Module
        ``relu``, ``qcfs:LEVELS``, ``softlif``, ``softlif:NOISE`` with noise in spikes per second, or a module of your
        own, of which each layer gets a copy.

    Returns
    -------
    torch.nn.Module
        The same.

    Raises
    ------
    ConfigError
        When there is no such activation.
    """
    new = copy.deepcopy(activation) if isinstance(activation, nn.Module) else _activation(activation)
    for parent in list(model.modules()):
        for name, part in list(parent.named_children()):
            if isinstance(part, nn.ReLU):
                setattr(parent, name, copy.deepcopy(new))
    return model


def _activation(text):
    kind, _, number = text.partition(":")
    try:
        if text == "relu":
            return nn.ReLU()
        if kind == "qcfs" and int(number) > 0:
            return ClipFloorShift(int(number))
        if kind == "softlif" and float(number or 0) >= 0:
            return RateActivation(SoftLIF(), float(number or 0))
    except ValueError:
        pass
    raise ConfigError(f"activation is {text!r}; expected relu, qcfs:LEVELS such as qcfs:4, softlif, or softlif:NOISE")
