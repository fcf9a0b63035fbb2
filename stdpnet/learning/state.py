"""What changes from one presentation to the next: the state before the first one, and that of a frozen network."""

import re

import numpy as np

from stdpnet.learning.values import delay_slots, weight_total


def trace_names(equations):
    """Return the names of the traces that a rule declares: ``dx/dt = ... : 1`` or ``x : 1``."""
    names, statement = [], ""
    for line in equations.splitlines():
        statement += " " + line.split("#")[0]
        if ":" in statement:  # an equation may go over several lines; its unit ends it
            found = re.match(r"\s*(?:d(\w+)\s*/\s*dt\s*=|(\w+)\s*:)", statement)
            names += [found[1] or found[2]] if found else []
            statement = ""
    return names


def state_names(rule):
    """Return the variables that one batch hands to the next."""
    return [
        *(f"excitatory.{name}" for name in ("v", "ge", "g_own", "wait", "theta", *trace_names(rule.post_traces))),
        *(f"inhibitory.{name}" for name in ("v", "ge", "wait")),
        *(f"inputs.{name}" for name in trace_names(rule.pre_traces)),
        "pool.g",
        "input_synapses.w",
    ]


def initial_state(config, n_inputs):
    """Return the state before the first presentation, including the fixed delays.

    Parameters
    ----------
    config : Config
    n_inputs : int

    Returns
    -------
    dict of str to ndarray
        By ``group.variable``; weights and delays have shape (n_inputs, n_neurons).
    """
    n, synapses = config.neurons, config.connections
    weights, delays = (np.random.default_rng(s) for s in np.random.SeedSequence(config.seed).spawn(2))
    sizes = {"excitatory": n, "inhibitory": n, "inputs": n_inputs, "pool": 1}
    state = {
        name: np.zeros(sizes[name.split(".")[0]], np.float32)
        for name in state_names(config.plasticity)
        if not name.startswith("input_synapses.")
    }
    state["excitatory.v"][:] = config.excitatory.v_initial * 1e-3
    state["excitatory.theta"][:] = config.excitatory.theta_initial * 1e-3
    state["inhibitory.v"][:] = config.inhibitory.v_initial * 1e-3
    uniform = weights.random((n_inputs, n), dtype=np.float32)
    state["input_synapses.w"] = synapses.weight_low + np.float32(synapses.weight_high - synapses.weight_low) * uniform
    if config.delays:
        state["input_synapses.delay_steps"] = delays.integers(0, delay_slots(config), (n_inputs, n), dtype=np.int32)
    return state


def frozen_state(config, checkpoint, n_inputs):
    """Return weights, thresholds and delays as they are presented: normalised once more if the rule does so."""
    state = {
        name: checkpoint[name]
        for name in ("input_synapses.w", "excitatory.theta", "input_synapses.delay_steps")
        if name in checkpoint
    }
    if config.plasticity.normalise:
        weights = state["input_synapses.w"].astype(float)
        sums = weights.sum(axis=0)
        state["input_synapses.w"] = np.float32(
            weights * (weight_total(config, n_inputs) / np.where(sums == 0, 1, sums))
        )
    return state
