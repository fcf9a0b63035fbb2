"""Neurons with a rate curve and their synapses in PyTorch, step by step within a block of time steps."""

import math
from typing import Any

import numpy as np
import torch

from stdpnet.conversion.graph.rates import RateCurve
from stdpnet.conversion.simulators.torch_linear import build
from stdpnet.conversion.simulators.torch_spiking import empty, empty_block
from stdpnet.conversion.spiking.lif import LIF, STEP, AlphaSynapse, CurveNeurons, neurons_of


@build.register(LIF)
class Leaky:
    """Leaky integrate-and-fire neurons; see `LIF`."""

    def __init__(self, layer: LIF, shape: tuple[int, ...], dtype: torch.dtype):
        self.layer, self.shape, self.dtype = layer, shape, dtype

    def begin(self, n_images: int) -> None:
        """Start the presentation of some images."""
        self.v, self.left = (empty((n_images, *self.shape), self.dtype).fill_(0) for _ in range(2))

    def keep(self, chosen) -> None:
        """Go on with some of the images only, given by their places."""
        self.v, self.left = self.v[chosen], self.left[chosen]

    def __call__(self, currents):
        """Return the spikes of a block of steps, 0 or 1."""
        spikes, tau, refractory = empty_block(currents), self.layer.tau_rc, self.layer.tau_ref
        for current, spike in zip(currents, spikes, strict=True):
            drive = current * self.layer.gain + 1
            free = (STEP - self.left).clamp_(0, STEP)  # what is left of the step
            self.v = drive + (self.v - drive) * torch.exp(-free / tau)
            torch.ge(self.v, 1, out=spike)
            fired = spike.bool()
            beyond = tau * torch.log1p((self.v - 1) / (drive - self.v).clamp_(min=1e-12))  # since the threshold, in s
            self.left = torch.where(fired, refractory + STEP - beyond.clamp_(max=STEP), self.left) - STEP
            self.v = torch.where(fired, torch.zeros((), dtype=self.dtype), self.v)
        return spikes


@build.register(CurveNeurons)
class Phases:
    """Neurons of any rate curve; see `CurveNeurons`."""

    def __init__(self, layer: CurveNeurons, shape: tuple[int, ...], dtype: torch.dtype):
        self.layer, self.shape, self.dtype = layer, shape, dtype

    def begin(self, n_images: int) -> None:
        """Start the presentation of some images."""
        self.phase = empty((n_images, *self.shape), self.dtype).fill_(0)

    def keep(self, chosen) -> None:
        """Go on with some of the images only, given by their places."""
        self.phase = self.phase[chosen]

    def __call__(self, currents):
        """Return the spikes of a block of steps, 0 or 1."""
        spikes = empty_block(currents)
        for current, spike in zip(currents, spikes, strict=True):
            self.phase += self.layer.activation(current, torch)
            torch.ge(self.phase, 1, out=spike)
            self.phase -= spike
        return spikes


@build.register(AlphaSynapse)
class Synapses:
    """Two exponential filters in a row; see `AlphaSynapse`."""

    def __init__(self, layer: AlphaSynapse, shape: tuple[int, ...], dtype: torch.dtype):
        self.layer, self.shape, self.dtype = layer, shape, dtype
        self.kept = math.exp(-STEP / layer.tau) if layer.tau else 0.0

    def begin(self, n_images: int) -> None:
        """Start the presentation of some images."""
        self.state = [empty((n_images, *self.shape), self.dtype).fill_(0) for _ in range(2)]

    def keep(self, chosen) -> None:
        """Go on with some of the images only, given by their places."""
        self.state = [state[chosen] for state in self.state]

    def __call__(self, spikes):
        """Return the currents of a block of steps."""
        currents, (first, second) = empty_block(spikes), self.state
        for spike, current in zip(spikes, currents, strict=True):
            first.lerp_(spike, 1 - self.kept)
            second.lerp_(first, 1 - self.kept)
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
