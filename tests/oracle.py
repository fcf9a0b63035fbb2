"""Plasticity written out in NumPy, step by step and loop by loop: what the simulators are compared with."""

import numpy as np


def replay(weights, input_spikes, output_spikes, onsets, n_steps, *, decay, learn, total=None):
    """Return the weights after spikes that were recorded elsewhere.

    The order within a step: at an onset the columns of the weights are scaled; traces decay;
    each input spike changes its weights, then its own trace; each output spike changes its
    weights, and sees the input spikes of this step, then its own traces.

    Parameters
    ----------
    weights : ndarray, shape (n_inputs, n_outputs)
    input_spikes, output_spikes : tuple of ndarray, (steps, neurons)
    onsets : iterable of int
        Steps at which presentations start.
    n_steps : int
    decay : dict of str to float
        Factor by which the traces ``x``, ``y1``, ``y2`` shrink in a step.
    learn : object
        With ``on_pre(w, y1, y2)`` and ``on_post(w, x, y1, y2)``, which return the new weights of one row or
        column, and ``pre_trace(x)``, the input trace after a spike. Output traces are set to 1.
    total : float, optional
        Sum of a column after scaling; None for rules without normalisation.
    """
    w = weights.astype(float)
    x, y1, y2 = np.zeros(w.shape[0]), np.zeros(w.shape[1]), np.zeros(w.shape[1])
    onsets = set(onsets)
    inputs, outputs = (neurons_by_step(spikes, n_steps) for spikes in (input_spikes, output_spikes))
    for step in range(n_steps):
        if step in onsets and total is not None:
            w *= total / w.sum(axis=0)
        x *= decay["x"]
        y1 *= decay["y1"]
        y2 *= decay["y2"]
        for i in inputs[step]:
            w[i] = learn.on_pre(w[i], y1, y2)
            x[i] = learn.pre_trace(x[i])
        for j in outputs[step]:
            w[:, j] = learn.on_post(w[:, j], x, y1[j], y2[j])
            y1[j] = y2[j] = 1
    return w


def neurons_by_step(spikes, n_steps):
    """Return, for each step, the neurons that spiked in it."""
    lists = [[] for _ in range(n_steps)]
    for step, neuron in zip(*spikes, strict=True):
        lists[step].append(neuron)
    return lists


class Triplet:
    """Nearest-spike triplet rule of the 2014 code (Pfister & Gerstner 2006, minimal model)."""

    def __init__(self, eta_minus=1e-4, eta_plus=1e-2, w_max=1.0):
        self.eta_minus, self.eta_plus, self.w_max = eta_minus, eta_plus, w_max

    def pre_trace(self, x):
        return 1

    def on_pre(self, w, y1, y2):
        return np.clip(w - self.eta_minus * y1, 0, self.w_max)

    def on_post(self, w, x, y1, y2):
        return np.clip(w + self.eta_plus * x * y2, 0, self.w_max)


class PowerLaw:
    """Diehl & Cook 2015, equation 3: only output spikes change weights; input traces add up."""

    def __init__(self, eta, x_target, mu, w_max=1.0):
        self.eta, self.x_target, self.mu, self.w_max = eta, x_target, mu, w_max

    def pre_trace(self, x):
        return x + 1

    def on_pre(self, w, y1, y2):
        return w

    def on_post(self, w, x, y1, y2):
        return np.clip(w + self.eta * (x - self.x_target) * (self.w_max - w) ** self.mu, 0, self.w_max)
