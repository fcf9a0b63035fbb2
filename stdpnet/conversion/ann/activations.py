"""An activation to train with that is closer to what spiking neurons do than a ReLU, put in place of one."""

import torch
from torch import nn
from torch.overrides import handle_torch_function, has_torch_function

from stdpnet.base.errors import ConfigError


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


def with_activation(model: nn.Module, activation: str) -> nn.Module:
    """Put another activation in place of every ReLU, in place.

    Parameters
    ----------
    model : torch.nn.Module
    activation : str
        ``relu`` or ``qcfs:LEVELS``.

    Returns
    -------
    torch.nn.Module
        The same.

    Raises
    ------
    ConfigError
        When there is no such activation.
    """
    kind, _, levels = activation.partition(":")
    if activation != "relu" and not (kind == "qcfs" and levels.isdecimal() and int(levels)):
        raise ConfigError(f"activation is {activation!r}; expected relu or qcfs:LEVELS, such as qcfs:4")
    for parent in list(model.modules()):
        for name, part in list(parent.named_children()):
            if isinstance(part, nn.ReLU):
                setattr(parent, name, ClipFloorShift(int(levels)) if levels else nn.ReLU())
    return model
