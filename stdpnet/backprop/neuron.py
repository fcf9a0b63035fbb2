r"""Leaky integrate-and-fire neurons whose filtered spikes are differentiable signals.

Between events the potential decays; an event of synapse :math:`k` at :math:`t_p` adds its weight (eqs. 2 and 3),

.. math::

    V_i(t_p) = V_i(t_{p-1}) \, e^{-(t_p - t_{p-1}) / \tau} + w_{ik} \, w_{\mathrm{dyn}},
    \qquad w_{\mathrm{dyn}} = \min\!\left(1, \left(\frac{t_p - t_\mathrm{out}}{T_\mathrm{ref}}\right)^2\right)

with :math:`t_\mathrm{out}` the last output spike. Above its threshold the neuron fires, the threshold is subtracted
from the potential, and other neurons may be inhibited (`stdpnet.backprop.winner_take_all`). The potential stays within
:math:`\pm V_{\mathrm{th},i}`. Time goes in steps of 1 ms: events of one step come together, and a neuron fires at most
once in it.
"""

import math

import torch

from stdpnet.backprop.constants import DT, Neuron
from stdpnet.backprop.winner_take_all import Inhibition


def simulate(drive: torch.Tensor, neuron: Neuron, inhibition: Inhibition) -> torch.Tensor:
    r"""Return the spikes of a layer, from what reaches it in each step.

    Potentials are in units of each neuron's threshold: inhibition in proportion to the threshold of the inhibited
    neuron needs no factor then.

    Parameters
    ----------
    drive : tensor of float32, shape (n_steps, n_images, n_neurons)
        :math:`\sum_k w_{ik} X_k(t) / V_{\mathrm{th},i}`, with :math:`X_k(t)` the number of events of a step.
    neuron : Neuron
    inhibition : Inhibition

    Returns
    -------
    tensor of float32, shape (n_steps, n_images, n_neurons)
        1 where a neuron fires.

    Examples
    --------
    >>> from stdpnet.backprop.winner_take_all import NoInhibition
    >>> drive = torch.tensor([0.6, 0.6, 0.6, 0.6]).reshape(4, 1, 1)
    >>> simulate(drive, Neuron(), NoInhibition()).ravel()
    tensor([0., 1., 0., 1.])
    """
    spikes = torch.empty_like(drive)
    potential = torch.zeros_like(drive[0])
    # with a refractory time of one step every input counts in full: a neuron cannot fire twice in a step
    since = torch.full_like(potential, math.inf) if neuron.refractory > DT else None
    for now, fired in zip(drive, spikes, strict=True):
        potential.mul_(neuron.decay)
        if since is None:
            potential.add_(now)
        else:
            since += DT
            potential.addcmul_(now, (since / neuron.refractory).square_().clamp_(max=1))
        torch.gt(potential, 1, out=fired)
        potential.sub_(fired)
        inhibition.apply(potential, fired)
        potential.clamp_(-1, 1)
        if since is not None:
            since.masked_fill_(inhibition.silenced(fired), 0)
    return spikes


def filtered(spikes: torch.Tensor, neuron: Neuron) -> torch.Tensor:
    r"""Return low-passed spikes at the end of the presentation.

    .. math:: a_i = \sum_p e^{-(T - t_p) / \tau}

    It is by this that spike trains become signals with derivatives.

    Parameters
    ----------
    spikes : tensor of float32, shape (n_steps, n_images, n_neurons)
    neuron : Neuron

    Returns
    -------
    tensor of float32, shape (n_images, n_neurons)

    Examples
    --------
    >>> spikes = torch.tensor([1.0, 0.0, 1.0]).reshape(3, 1, 1)
    >>> round(float(filtered(spikes, Neuron(tau=20.0))), 4)
    1.9048
    """
    return (decays(len(spikes), neuron) @ spikes.flatten(1)).view(spikes.shape[1:])


def decays(n_steps: int, neuron: Neuron) -> torch.Tensor:
    """Return what an event of each step counts at the end, tensor of float32, shape (n_steps,)."""
    return neuron.decay ** torch.arange(n_steps - 1, -1, -1, dtype=torch.float32)
