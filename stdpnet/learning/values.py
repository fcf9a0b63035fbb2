"""From a `Config` to what a simulator takes: the spec to compile, and constants in SI units."""

from dataclasses import fields

from stdpnet.base.units import si
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.input_drive import kind_of
from stdpnet.network.inputs import CONTRAST_RESOLUTION, REFERENCE_INPUTS
from stdpnet.network.neurons import Excitatory, Inhibitory, constants_of
from stdpnet.network.spec import NetworkSpec
from stdpnet.rules import Rule

#: Neurons of the network for which theta_plus is given.
THETA_PLUS_NEURONS = 400


def network_spec(config: Config, n_inputs: int, plastic: bool, record_all: bool = False) -> NetworkSpec:
    """Return the `NetworkSpec` of a configuration.

    Parameters
    ----------
    config : Config
    n_inputs : int
        Pixels of an image.
    plastic, record_all : bool
        As in `NetworkSpec`.
    """
    return NetworkSpec(
        n_inputs=n_inputs,
        n_neurons=config.neurons,
        dt=si(config.presentation.dt, "ms"),
        rule=config.plasticity,
        delays=config.delays,
        plastic=plastic,
        scaled=kind_of(config.drive).scaled,
        record_all=record_all,
    )


def weight_total(config: Config, n_inputs: int) -> float:
    """Return the sum to which the input weights of a neuron are scaled."""
    if kind_of(config.drive).scaled:  # a spike adds the less, the more inputs there are
        return config.connections.weight_total * n_inputs / REFERENCE_INPUTS
    return min(config.connections.weight_total, 0.5 * n_inputs * config.connections.weight_max)


def delay_slots(config: Config) -> int:
    """Return the number of different delays, in steps: 0, 1, ... below the greatest delay."""
    return max(1, round(config.connections.delay_max / config.presentation.dt))


def steps(config: Config, plastic: bool) -> tuple[int, int]:
    """Return the steps of the window and of the whole slot.

    A frozen presentation needs no rest, since the next one starts from the resting state:
    it only waits until the last delayed spike has arrived.
    """
    show = config.presentation
    window = round(show.window / show.dt)
    if plastic:
        return window, window + round(show.rest / show.dt)
    return window, window + (delay_slots(config) + 1 if config.delays else 0)


def constants(config: Config, n_inputs: int, plastic: bool) -> dict[str, float]:
    """Return the values of all shared parameters, by ``group.variable``, in SI units.

    Parameters
    ----------
    config : Config
    n_inputs : int
        Pixels of an image.
    plastic : bool
        Whether the network learns.

    Returns
    -------
    dict of str to float or int
    """
    show, synapses, rule = config.presentation, config.connections, config.plasticity
    scaled = kind_of(config.drive).scaled
    window_steps, slot_steps = steps(config, plastic)
    values: dict[str, float] = {
        "protocol.fewest_spikes": show.fewest_spikes,
        "inputs.first_intensity": show.intensity,
        "inputs.mean_interval": round(1000 / (show.rate * show.dt)) * (CONTRAST_RESOLUTION if scaled else 1),
        "inputs.seed": config.seed,
        "pool.tau_gi": si(config.excitatory.tau_gi, "ms"),
        "excitation.weight": synapses.excitation,
        "own_inhibition.weight": synapses.inhibition,
        "pooled_inhibition.weight": synapses.inhibition,
    }
    for group in ("protocol", "inputs"):
        values[f"{group}.window_steps"], values[f"{group}.slot_steps"] = window_steps, slot_steps
    populations: dict[str, type] = {"excitatory": Excitatory, "inhibitory": Inhibitory}
    for group, population in populations.items():
        units = {item.name: item.metadata["unit"] for item in fields(population)}
        for name in constants_of(population, learning=plastic):
            values[f"{group}.{name}"] = si(getattr(getattr(config, group), name), units[name])
    if scaled:
        values["input_synapses.weight_unit"] = REFERENCE_INPUTS / n_inputs
    if plastic:
        values["excitatory.theta_plus"] *= config.neurons / THETA_PLUS_NEURONS
        values["input_synapses.w_max"] = synapses.weight_max
        if rule.normalise:
            values["input_synapses.weight_total"] = weight_total(config, n_inputs)
        values |= _rule_constants(rule)
    return values


def _rule_constants(rule: Rule) -> dict[str, float]:
    used_by = {
        "inputs": (rule.pre_traces, rule.pre_spike),
        "excitatory": (rule.post_traces, rule.post_spike),
        "input_synapses": (rule.on_pre, rule.on_post),
    }
    return {
        f"{group}.{name}": si(constant.value, constant.unit)
        for group, texts in used_by.items()
        for name, constant in rule.constants_in(*texts).items()
    }
