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
        ``excitatory`` and ``inhibitory`` spikes, bool of shape (n_steps, n_neurons), the final ``w``, ``theta``
        and ``v`` (of the excitatory neurons, in mV); and ``seen``, a dict by ``group.variable`` of what each step
        brings to the threshold, of shape (n_steps, ...), with the traces of the rule in the order in which it has them.
    """
    n_steps, n, dt = len(inputs), weights.shape[1], config.presentation.dt
    excitatory = kind(n, config.excitatory, dt, theta_plus)
    m = n if n_inhibitory is None else n_inhibitory
    inhibitory = Inhibitory(m, config.inhibitory, dt)
    spikes = {"excitatory": np.zeros((n_steps, n), bool), "inhibitory": np.zeros((n_steps, m), bool)}
    drives = np.arange(n)[:, None] % (m or n) == np.arange(m or n)  # which inhibitory neuron, or itself
    w, seen = weights.astype(float), []
    for step in range(n_steps):
        if step % slot_steps == 0:
            excitatory.theta *= np.exp(-slot_steps * dt / config.excitatory.tau_theta)
            if total is not None:
                w *= total / w.sum(axis=0)
        rule.decay(dt)
        excitatory.integrate()
        inhibitory.integrate()
        seen.append(at_threshold(excitatory, inhibitory, rule, w))
        fired = spikes["excitatory"][step] = excitatory.spike()
        spikes["inhibitory"][step] = inhibitory.spike()
        fired_back = spikes["inhibitory"][step] if m else fired
        excitatory.arrive(np.sum(w * arriving(inputs, step, delay_steps), axis=0))
        inhibitory.ge += config.connections.excitation * (fired @ drives.astype(int))[:m]
        excitatory.gi += config.connections.inhibition * (~drives).astype(int) @ fired_back
        learn(rule, w, np.flatnonzero(inputs[step]), np.flatnonzero(fired))
    seen = {name: np.array([one[name] for one in seen]) for name in seen[0]}
    return spikes | {"seen": seen, "w": w, "theta": excitatory.theta, "v": excitatory.v}


def at_threshold(excitatory, inhibitory, rule, w):
    """Return a copy of everything in a moment, by name."""
    found = {f"excitatory.{name}": getattr(excitatory, name) for name in ("v", "ge", "gi", "theta")}
    found |= {f"inhibitory.{name}": getattr(inhibitory, name) for name in ("v", "ge")}
    found |= {f"trace {k}": trace.value for k, trace in enumerate(rule.traces)} | {"input_synapses.w": w}
    return {name: value.copy() for name, value in found.items()}


def arriving(inputs, step, delay_steps):
    """Return at which synapses an input spike arrives in this step: bool, shape (n_inputs, n_neurons)."""
    sent = step - delay_steps
    return (sent >= 0) & inputs[sent, np.arange(len(sent))[:, None]]
