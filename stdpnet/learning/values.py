"""From a `Config` to what a simulator takes: the spec to compile, and constants in SI units."""

from stdpnet.base.units import UNITS
from stdpnet.network.neurons import Excitatory, Inhibitory
from stdpnet.network.spec import NetworkSpec

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
            values[f"{group}.{name}"] = getattr(getattr(config, group), name) * UNITS[item.metadata["unit"]][0]
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
