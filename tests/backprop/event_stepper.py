"""The forward pass of a layer in NumPy, one image and one neuron at a time, written apart from the library."""

import numpy as np


def step_layer(arriving, weights, thresholds, kappa, tau, refractory, dt=1.0):
    """Simulate a layer for one image.

    `arriving` counts the events of each input in each step, shape (n_steps, n_inputs). Potentials are in the units of
    the weights. Returned are spikes, shape (n_steps, n_neurons), potentials at the end, and whether one was bounded.
    """
    n = len(weights)
    potential, last = np.zeros(n), np.full(n, -np.inf)
    spikes, bounded = np.zeros((len(arriving), n)), False
    for step, events in enumerate(arriving):
        for i in range(n):
            potential[i] *= np.exp(-dt / tau)
            elapsed = (step - last[i]) * dt
            dynamic = (elapsed / refractory) ** 2 if elapsed < refractory else 1.0
            for k, count in enumerate(events):
                potential[i] += count * weights[i, k] * dynamic
        fires = potential > thresholds
        spikes[step] = fires
        for i in range(n):
            if fires[i]:
                potential[i] -= thresholds[i]
            for j in range(n):
                if fires[j] and j != i:
                    potential[i] += kappa[i, j] * thresholds[i]
            bounded |= abs(potential[i]) > thresholds[i]
            potential[i] = min(max(potential[i], -thresholds[i]), thresholds[i])
        if kappa.any() and fires.any():
            last[:] = step
        last[fires] = step
    return spikes, potential, bounded


def low_pass(trains, tau, dt=1.0):
    """Return filtered spikes at the end, by the filter's own recursion."""
    value = np.zeros(trains.shape[1:])
    for spikes in trains:
        value = value * np.exp(-dt / tau) + spikes
    return value
