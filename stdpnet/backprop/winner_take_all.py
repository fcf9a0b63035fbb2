r"""Lateral inhibition: a layer is one group in which whoever fires holds back all others.

A spike of neuron :math:`j` changes the potential of each other neuron :math:`i` by
:math:`\kappa_{ij} V_{\mathrm{th},i}`, :math:`\kappa_{ij} \le 0`, and puts the whole group into the refractory state, so
that the winner can win again. The change in filtered spikes spreads through the group,

.. math::

    a_i = \frac{s_i}{V_{\mathrm{th},i}} + \sum_{j \ne i} \kappa_{ij} a_j
    \quad\Rightarrow\quad a = (1 - \kappa)^{-1} \frac{s}{V_\mathrm{th}}

(eq. 5, with reset :math:`\gamma = 1` and inhibition :math:`\sigma = 1`). Each kind of inhibition knows this inverse.
"""

from abc import ABC, abstractmethod
from typing import Any

import torch

from stdpnet.base.errors import ConfigError, did_you_mean


class Inhibition(ABC):
    """What neurons of a layer do to each other."""

    @abstractmethod
    def apply(self, potential: torch.Tensor, fired: torch.Tensor) -> None:
        """Change the potentials by the spikes of a step.

        Parameters
        ----------
        potential : tensor, shape (n_images, n_neurons)
            In units of the thresholds; changed in place.
        fired : tensor of the same shape
            0 or 1.
        """

    @abstractmethod
    def silenced(self, fired: torch.Tensor) -> torch.Tensor:
        """Return which neurons are refractory after the spikes of a step, as bool."""

    @abstractmethod
    def inhibition(self, filtered: torch.Tensor) -> torch.Tensor:
        r"""Return :math:`\sum_{j \ne i} \kappa_{ij} a_j` of filtered spikes, shape (n_images, n_neurons)."""

    @abstractmethod
    def spread(self, error: torch.Tensor, active: torch.Tensor) -> torch.Tensor:
        r"""Return :math:`(1 - \kappa)^{-\top}` times an error, among active neurons.

        Parameters
        ----------
        error : tensor, shape (n_images, n_neurons)
            0 at neurons that are not active.
        active : tensor of bool, of the same shape

        Returns
        -------
        tensor of the same shape
        """


class NoInhibition(Inhibition):
    """Neurons that do not know each other."""

    def apply(self, potential, fired):
        """Change nothing."""

    def silenced(self, fired):
        """Return the neurons that fired."""
        return fired > 0

    def inhibition(self, filtered):
        """Return zeros."""
        return torch.zeros_like(filtered)

    def spread(self, error, active):
        """Return the error as it is."""
        return error


class UniformInhibition(Inhibition):
    r"""The same :math:`\kappa_{ij} = -\mu` between all neurons of a layer.

    Parameters
    ----------
    strength : float
        :math:`\mu`, at least 0 and below 1.

    Raises
    ------
    ConfigError
        When the strength is out of bounds: at 1 eq. 5 has no solution.
    """

    def __init__(self, strength: float):
        if not 0 <= strength < 1:
            raise ConfigError(f"inhibition is {strength}; expected at least 0 and less than 1, the reset of a spike")
        self.strength = strength

    def apply(self, potential, fired):
        """Change the potentials by the other neurons' spikes."""
        others = fired.sum(dim=-1, keepdim=True) - fired
        potential.sub_(others, alpha=self.strength)

    def silenced(self, fired):
        """Return the groups in which a neuron fired."""
        return (fired > 0).any(dim=-1, keepdim=True).expand_as(fired)

    def inhibition(self, filtered):
        """Return the inhibition by all others."""
        return -self.strength * (filtered.sum(dim=-1, keepdim=True) - filtered)

    def spread(self, error, active):
        r"""Return the inverse in closed form (eq. 8), with :math:`n` the number of active neurons.

        .. math:: \frac{1}{1 - \mu} \left( e_i - \frac{\mu}{1 + \mu (n - 1)} \sum_j e_j \right)
        """
        mu, n = self.strength, active.sum(dim=-1, keepdim=True)
        shared = mu / (1 + mu * (n - 1)) * error.sum(dim=-1, keepdim=True)
        return (error - shared) * active / (1 - mu)


class LearnedInhibition(Inhibition):
    r"""A :math:`\kappa_{ij} \le 0` for each pair of neurons, that is learned.

    Parameters
    ----------
    kappa : tensor, shape (n_neurons, n_neurons)
        From neuron :math:`j` to neuron :math:`i`, 0 on the diagonal.
    """

    def __init__(self, kappa: torch.Tensor):
        self.kappa = kappa

    def apply(self, potential, fired):
        """Change the potentials by the other neurons' spikes."""
        potential.addmm_(fired, self.kappa.T)

    def silenced(self, fired):
        """Return the groups in which a neuron fired."""
        return (fired > 0).any(dim=-1, keepdim=True).expand_as(fired)

    def inhibition(self, filtered):
        """Return the inhibition by all others."""
        return filtered @ self.kappa.T

    def spread(self, error, active):
        """Return the solution of the linear equations of the whole layer, where neurons are active."""
        identity = torch.eye(len(self.kappa), dtype=self.kappa.dtype)
        return torch.linalg.solve((identity - self.kappa).T, error.T).T * active


#: By name, from strength and learned matrix.
KINDS: dict[str, Any] = {
    "none": lambda strength, kappa: NoInhibition(),
    "uniform": lambda strength, kappa: UniformInhibition(strength),
    "learned": lambda strength, kappa: LearnedInhibition(kappa),
}


def find_kind(name: str) -> Any:
    """Return the maker of a kind of inhibition.

    Raises
    ------
    ConfigError
        When there is none of this name.
    """
    if name not in KINDS:
        raise ConfigError(f"winner_take_all is {name!r}{did_you_mean(name, KINDS)}; expected one of {', '.join(KINDS)}")
    return KINDS[name]
