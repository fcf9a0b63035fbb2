"""The order of events: what happens to the weights, step by step, when the spikes are known."""

import numpy as np


def replay(rule, weights, inputs, outputs, dt, onsets=(), total=None):
    """Return the weights after given spikes.

    Parameters
    ----------
    rule : Plasticity or RuleText
        Changed: its traces move on.
    weights : ndarray, shape (n_inputs, n_outputs)
    inputs, outputs : ndarray of bool, shapes (n_steps, n_inputs) and (n_steps, n_outputs)
        Who fires in which step.
    dt : float
        Length of a step in ms.
    onsets : iterable of int
        Steps at which presentations start.
    total : float, optional
        Sum to which each column of the weights is scaled at an onset; None for rules without normalisation.
    """
    w = np.array(weights, float)
    onsets = set(onsets)
    for step, (fired_in, fired_out) in enumerate(zip(inputs, outputs, strict=True)):
        if step in onsets and total is not None:
            w *= total / w.sum(axis=0)
        rule.decay(dt)
        learn(rule, w, np.flatnonzero(fired_in), np.flatnonzero(fired_out))
    return w


def learn(rule, w, i, j):
    """Change weights and traces for the inputs `i` and the outputs `j` that fire in one step."""
    if len(i):
        rule.on_pre(w, i)  # sees the output spikes of earlier steps only
        rule.pre_spike(i)
    if len(j):
        rule.on_post(w, j)  # sees the input spikes of this step
        rule.post_spike(j)


def raster(steps, neurons, shape):
    """Return spikes, given as steps and neurons, as an ndarray of bool, shape (n_steps, n_neurons)."""
    fired = np.zeros(shape, bool)
    fired[steps, neurons] = True
    return fired
