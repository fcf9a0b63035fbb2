"""Neurons with a rate curve and their synapses in PyTorch, step by step within a block of time steps."""

import math
from typing import Any

import numpy as np
import torch

from stdpnet.conversion.graph.rates import RateCurve
from stdpnet.conversion.simulators.torch_linear import build
from stdpnet.conversion.simulators.torch_spiking import empty, empty_block
from stdpnet.conversion.spiking.lif import LIF, STEP, AlphaSynapse, CurveNeurons, neurons_of


class Stateful:
    """What has some variables of the shape of its layer, which are 0 at the beginning."""

    #: How many.
    variables = 1

    def __init__(self, layer: Any, shape: tuple[int, ...], dtype: torch.dtype):
        self.layer, self.shape, self.dtype = layer, shape, dtype

    def begin(self, n_images: int) -> None:
        """Start the presentation of some images."""
        self.state = [empty((n_images, *self.shape), self.dtype).fill_(0) for _ in range(self.variables)]

    def keep(self, chosen) -> None:
        """Go on with some of the images only, given by their places."""
        self.state = [variable[chosen] for variable in self.state]


@build.register(LIF)
class Leaky(Stateful):
    """Leaky integrate-and-fire neurons; see `LIF`: their potential, and the rest of the refractory time."""

    variables = 2

    def __call__(self, currents):
        """Return the spikes of a block of steps, 0 or 1."""
        spikes, tau, refractory = empty_block(currents), self.layer.tau_rc, self.layer.tau_ref
        v, left = self.state
        for current, spike in zip(currents, spikes, strict=True):
            drive = current * self.layer.gain + 1
            free = (STEP - left).clamp_(0, STEP)  # what is left of the step
            v = drive + (v - drive) * torch.exp(-free / tau)
            torch.ge(v, 1, out=spike)
            fired = spike.bool()
            beyond = tau * torch.log1p((v - 1) / (drive - v).clamp_(min=1e-12))  # since the threshold, in s
            left = torch.where(fired, refractory + STEP - beyond.clamp_(max=STEP), left) - STEP
            v = torch.where(fired, torch.zeros((), dtype=self.dtype), v)
        self.state = [v, left]
        return spikes


@build.register(CurveNeurons)
class Phases(Stateful):
    """Neurons of any rate curve; see `CurveNeurons`."""

    def __call__(self, currents):
        """Return the spikes of a block of steps, 0 or 1."""
        spikes, (phase,) = empty_block(currents), self.state
        for current, spike in zip(currents, spikes, strict=True):
            phase += self.layer.activation(current, torch)
            torch.ge(phase, 1, out=spike)
            phase -= spike
        return spikes


@build.register(AlphaSynapse)
class Synapses(Stateful):
    """Two exponential filters in a row; see `AlphaSynapse`."""

    variables = 2

    def __call__(self, spikes):
        """Return the currents of a block of steps."""
        kept = math.exp(-STEP / self.layer.tau) if self.layer.tau else 0.0
        currents, (first, second) = empty_block(spikes), self.state
        for spike, current in zip(spikes, currents, strict=True):
            first.lerp_(spike, 1 - kept)
            second.lerp_(first, 1 - kept)
            torch.mul(second, self.layer.weight, out=current)
        return currents


def filtered_spikes(curve: RateCurve, inputs: np.ndarray, steps: int, tau: float) -> np.ndarray:
    """Return what neurons with constant inputs send through their synapses.

    Parameters
    ----------
    curve : RateCurve
    inputs : ndarray, shape (n,)
    steps : int
    tau : float
        Time constant of the synapses, in s.

    Returns
    -------
    ndarray of float64, shape (steps, n)
        In units of the curve's activations.
    """
    shape, currents = inputs.shape, torch.tensor(inputs, dtype=torch.float64).expand(steps, 1, -1)
    neurons: Any = build(neurons_of(curve), shape, torch.float64)
    synapses: Any = build(AlphaSynapse(tau, curve.amplitude / STEP), shape, torch.float64)
    for part in (neurons, synapses):
        part.begin(1)
    return synapses(neurons(currents))[:, 0].numpy()
