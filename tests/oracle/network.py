"""The whole network while it learns: what follows from the input spikes alone."""

import numpy as np

from oracle.neuron import Excitatory, Inhibitory
from oracle.replay import learn


def simulate(config, rule, weights, inputs, delay_steps, slot_steps, total, theta_plus):
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

    Returns
    -------
    dict of str to ndarray
        ``excitatory`` and ``inhibitory`` spikes, bool of shape (n_steps, n_neurons), and the final ``w``, ``theta``
        and ``v`` (of the excitatory neurons, in mV).
    """
    n_steps, n, dt = len(inputs), weights.shape[1], config.presentation.dt
    excitatory = Excitatory(n, config.excitatory, dt, theta_plus)
    inhibitory = Inhibitory(n, config.inhibitory, dt)
    spikes = {"excitatory": np.zeros((n_steps, n), bool), "inhibitory": np.zeros((n_steps, n), bool)}
    w, to_all_others = weights.astype(float), 1 - np.eye(n)
    for step in range(n_steps):
        if step % slot_steps == 0:
            excitatory.theta *= np.exp(-slot_steps * dt / config.excitatory.tau_theta)
            if total is not None:
                w *= total / w.sum(axis=0)
        rule.decay(dt)
        fired = spikes["excitatory"][step] = excitatory.step()
        fired_back = spikes["inhibitory"][step] = inhibitory.step()
        excitatory.ge += np.sum(w * arriving(inputs, step, delay_steps), axis=0)
        inhibitory.ge += config.connections.excitation * fired
        excitatory.gi += config.connections.inhibition * (to_all_others @ fired_back)
        learn(rule, w, np.flatnonzero(inputs[step]), np.flatnonzero(fired))
    return spikes | {"w": w, "theta": excitatory.theta, "v": excitatory.v}


def arriving(inputs, step, delay_steps):
    """Return at which synapses an input spike arrives in this step: bool, shape (n_inputs, n_neurons)."""
    sent = step - delay_steps
    return (sent >= 0) & inputs[sent, np.arange(len(sent))[:, None]]
