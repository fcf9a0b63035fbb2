"""The whole network while it learns: what follows from the input spikes alone."""

import numpy as np

from oracle.neuron import Excitatory, Inhibitory
from oracle.replay import learn


def simulate(
    config, rule, weights, inputs, delay_steps, slot_steps, total, theta_plus, kind=Excitatory, n_inhibitory=None
):
    """Return what a training brings, from its input spikes.

    Parameters
    ----------
    config : Config
    rule : Plasticity
    weights, delay_steps : ndarray, shape (n_inputs, n_neurons)
        Initial weights; steps from an input spike to its arrival.
    inputs : ndarray of bool, shape (n_steps, n_inputs)
    slot_steps : int
        Steps from the onset of one presentation to that of the next.
    total : float or None
        Sum to which each neuron's weights are scaled at an onset.
    theta_plus : float
        In mV.
    kind : type
        Of the excitatory neurons.
    n_inhibitory : int, optional
        Inhibitory neurons, if not as many; 0: excitatory neurons inhibit each other.

    Returns
    -------
    dict of str to ndarray
        ``excitatory`` and ``inhibitory`` spikes, bool of shape (n_steps, n_neurons), and the final ``w``, ``theta``
        and ``v`` (of the excitatory neurons, in mV).
    """
    n_steps, n, dt = len(inputs), weights.shape[1], config.presentation.dt
    excitatory = kind(n, config.excitatory, dt, theta_plus)
    m = n if n_inhibitory is None else n_inhibitory
    inhibitory = Inhibitory(m, config.inhibitory, dt)
    spikes = {"excitatory": np.zeros((n_steps, n), bool), "inhibitory": np.zeros((n_steps, m), bool)}
    drives = np.arange(n)[:, None] % (m or n) == np.arange(m or n)  # which inhibitory neuron, or itself
    w = weights.astype(float)
    for step in range(n_steps):
        if step % slot_steps == 0:
            excitatory.theta *= np.exp(-slot_steps * dt / config.excitatory.tau_theta)
            if total is not None:
                w *= total / w.sum(axis=0)
        rule.decay(dt)
        fired = spikes["excitatory"][step] = excitatory.step()
        spikes["inhibitory"][step] = inhibitory.step()
        fired_back = spikes["inhibitory"][step] if m else fired
        excitatory.arrive(np.sum(w * arriving(inputs, step, delay_steps), axis=0))
        inhibitory.ge += config.connections.excitation * (fired @ drives.astype(int))[:m]
        excitatory.gi += config.connections.inhibition * (~drives).astype(int) @ fired_back
        learn(rule, w, np.flatnonzero(inputs[step]), np.flatnonzero(fired))
    return spikes | {"w": w, "theta": excitatory.theta, "v": excitatory.v}


def arriving(inputs, step, delay_steps):
    """Return at which synapses an input spike arrives in this step: bool, shape (n_inputs, n_neurons)."""
    sent = step - delay_steps
    return (sent >= 0) & inputs[sent, np.arange(len(sent))[:, None]]
