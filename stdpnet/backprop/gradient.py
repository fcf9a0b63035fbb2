r"""Derivatives of filtered spikes, and the normalised errors that go back through the layers.

Integrating the neuron's equation over a presentation gives, up to what is left in the potential (eq. 5),

.. math::

    a_i \approx \frac{s_i}{V_{\mathrm{th},i}} + \sum_{j \ne i} \kappa_{ij} a_j,
    \qquad s_i = \sum_k w_{ik} x_k

with :math:`x_k` and :math:`a_i` the filtered spikes of inputs and outputs, and from it (eqs. 6 and 7)

.. math::

    \frac{\partial a_i}{\partial s_i} = \frac{1}{V_{\mathrm{th},i}}, \quad
    \frac{\partial a_i}{\partial w_{ik}} = \frac{\partial a_i}{\partial s_i} x_k, \quad
    \frac{\partial a_i}{\partial V_{\mathrm{th},i}} = \frac{\partial a_i}{\partial s_i}
        \Bigl(-a_i + \sum_{j \ne i} \kappa_{ij} a_j\Bigr), \quad
    \frac{\partial a_i}{\partial \kappa_{ih}} = \frac{\partial a_i}{\partial s_i} V_{\mathrm{th},i} a_h

that is, other neurons' answers are held fixed, while :math:`\partial a_i / \partial x_k` has the whole group in it
(eq. 8, `stdpnet.backprop.winner_take_all`). A neuron that did not fire has the derivative 0.
"""

from typing import Any

import torch
from torch.autograd.function import once_differentiable

from stdpnet.backprop.winner_take_all import Inhibition


class FilteredSpikes(torch.autograd.Function):
    r"""The filtered spikes of a layer, as a function of its inputs and parameters.

    Going back, errors are normalised so that they are of one size in all layers whatever the thresholds and however
    few neurons fire. With :math:`g_i = 1 / V_{\mathrm{th},i}`, :math:`\bar g` their root mean square, :math:`N`
    neurons, :math:`M` synapses of each and :math:`m` among them that had events,

    .. math::

        \delta_i = \frac{g_i}{\bar g} e_i, \quad
        e_k = \sqrt{\frac{M}{m}} \sum_i w_{ik} \delta_i, \quad
        \Delta w_{ik} \propto -\sqrt{\frac{N}{m}} \, \delta_i x_k, \quad
        \Delta V_{\mathrm{th},i} \propto -\sqrt{\frac{N}{m M}} \, \delta_i
            \Bigl(-a_i + \sum_{j \ne i} \kappa_{ij} a_j\Bigr)

    Without normalisation the derivatives are those of eqs. 6 to 8.
    """

    @staticmethod
    def forward(
        ctx: Any,
        inputs: torch.Tensor,
        weights: torch.Tensor,
        thresholds: torch.Tensor,
        kappa: torch.Tensor | None,
        spikes: torch.Tensor,
        inhibition: Inhibition,
        normalise: bool,
        all_active: bool,
    ) -> torch.Tensor:
        """Return filtered spikes that a simulation gave.

        Parameters
        ----------
        ctx : object
            PyTorch's.
        inputs : tensor, shape (n_images, n_inputs)
            Filtered.
        weights : tensor, shape (n_neurons, n_inputs)
        thresholds : tensor, shape (n_neurons,)
        kappa : tensor, shape (n_neurons, n_neurons), or None
            Learned inhibition.
        spikes : tensor, shape (n_images, n_neurons)
            Filtered; they are the value.
        inhibition : Inhibition
        normalise : bool
        all_active : bool
            Whether neurons that did not fire learn as well: those that should have answered must.

        Returns
        -------
        tensor, shape (n_images, n_neurons)
        """
        ctx.save_for_backward(inputs, weights, thresholds, spikes)
        ctx.inhibition, ctx.normalise, ctx.all_active, ctx.learned = (
            inhibition,
            normalise,
            all_active,
            kappa is not None,
        )
        return spikes.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, error: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the derivatives by inputs, weights, thresholds and learned inhibition.

        Parameters
        ----------
        ctx : object
            PyTorch's.
        error : tensor, shape (n_images, n_neurons)
            The derivative by the filtered spikes.

        Returns
        -------
        tuple
            A derivative for each argument of `forward`, None where there is none.
        """
        inputs, weights, thresholds, spikes = ctx.saved_tensors
        (neurons, synapses), gain = weights.shape, 1 / thresholds
        active = torch.ones_like(spikes, dtype=torch.bool) if ctx.all_active else spikes > 0
        heard = (inputs > 0).sum(dim=1, keepdim=True).clamp(min=1)
        if ctx.normalise:
            gain = gain / gain.square().mean().sqrt()
            passed, learned, adapted = (synapses / heard) ** 0.5, (neurons / heard) ** 0.5, synapses**-0.5
        else:
            passed, learned, adapted = 1.0, 1.0, 1.0
        delta = error * active * gain
        scaled = delta * learned
        by_threshold = adapted * (scaled * (ctx.inhibition.inhibition(spikes) - spikes)).sum(dim=0)
        by_kappa = (scaled * thresholds).T @ spikes if ctx.learned else None
        if by_kappa is not None:
            by_kappa.fill_diagonal_(0)
        by_inputs = None
        if ctx.needs_input_grad[0]:
            by_inputs = passed * (ctx.inhibition.spread(error * active, active) * gain) @ weights
        return by_inputs, scaled.T @ inputs, by_threshold, by_kappa, None, None, None, None
