"""From a `Config` to what a simulator takes: the spec to compile, constants in SI units, the initial state."""

import re

import numpy as np

from stdpnet.config import Excitatory, Inhibitory
from stdpnet.network.spec import NetworkSpec
from stdpnet.rules.rule import UNITS

SI = {"ms": 1e-3, "mV": 1e-3}

#: Neurons of the network for which theta_plus is given.
THETA_PLUS_NEURONS = 400


def network_spec(config, n_inputs, plastic, record_all=False):
    """Return the `NetworkSpec` of a configuration for images of `n_inputs` pixels."""
    return NetworkSpec(
        n_inputs=n_inputs,
        n_neurons=config.neurons,
        dt=config.presentation.dt * 1e-3,
        rule=config.plasticity,
        delays=config.delays,
        plastic=plastic,
        record_all=record_all,
    )


def weight_total(config, n_inputs):
    """Return the sum to which the input weights of a neuron are scaled."""
    return min(config.connections.weight_total, 0.5 * n_inputs * config.connections.weight_max)


def delay_slots(config):
    """Return the number of different delays, in steps: 0, 1, ... below the greatest delay."""
    return max(1, round(config.connections.delay_max / config.presentation.dt))


def steps(config, plastic):
    """Return the steps of the window and of the whole slot.

    A frozen presentation needs no rest, since the next one starts from the resting state:
    it only waits until the last delayed spike has arrived.
    """
    show = config.presentation
    window = round(show.window / show.dt)
    if plastic:
        return window, window + round(show.rest / show.dt)
    return window, window + (delay_slots(config) + 1 if config.delays else 0)


def constants(config, n_inputs, plastic):
    """Return the values of all shared parameters, by ``group.variable``, in SI units.

    Parameters
    ----------
    config : Config
    n_inputs : int
    plastic : bool

    Returns
    -------
    dict of str to float or int
    """
    spec = network_spec(config, n_inputs, plastic)
    show, synapses = config.presentation, config.connections
    window_steps, slot_steps = steps(config, plastic)
    values = {
        "protocol.fewest_spikes": show.fewest_spikes,
        "inputs.first_intensity": show.intensity,
        "inputs.mean_interval": round(1000 / (show.rate * show.dt)),
        "inputs.seed": config.seed,
        "pool.tau_gi": config.excitatory.tau_gi * 1e-3,
        "excitation.weight": synapses.excitation,
        "own_inhibition.weight": synapses.inhibition,
        "pooled_inhibition.weight": synapses.inhibition,
    }
    for group in ("protocol", "inputs"):
        values[f"{group}.window_steps"], values[f"{group}.slot_steps"] = window_steps, slot_steps
    training_only = {"theta_plus", "tau_theta"}
    for group, kind in {"excitatory": Excitatory, "inhibitory": Inhibitory}.items():
        for name, item in kind.__dataclass_fields__.items():
            if name.endswith("_initial") or (name in training_only and not plastic):
                continue
            values[f"{group}.{name}"] = getattr(getattr(config, group), name) * SI[item.metadata["unit"]]
    if plastic:
        values["excitatory.theta_plus"] *= config.neurons / THETA_PLUS_NEURONS
        values["input_synapses.w_max"] = synapses.weight_max
        if spec.rule.normalise:
            values["input_synapses.weight_total"] = weight_total(config, n_inputs)
        values |= _rule_constants(spec.rule)
    return values


def _rule_constants(rule):
    used_by = {
        "inputs": (rule.pre_traces, rule.pre_spike),
        "excitatory": (rule.post_traces, rule.post_spike),
        "input_synapses": (rule.on_pre, rule.on_post),
    }
    return {
        f"{group}.{name}": constant.value * UNITS[constant.unit][0]
        for group, texts in used_by.items()
        for name, constant in rule.constants_in(*texts).items()
    }


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
