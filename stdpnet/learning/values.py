"""From a `Config` to what a simulator takes: the spec to compile, and constants in SI units."""

from collections.abc import Mapping
from dataclasses import fields, replace

from stdpnet.base.units import si
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.input_drive import kind_of
from stdpnet.network.inputs import CONTRAST_RESOLUTION, REFERENCE_INPUTS
from stdpnet.network.neurons import Excitatory, Inhibitory, constants_of
from stdpnet.network.spec import TEXTS, NetworkSpec
from stdpnet.rules import Rule
from stdpnet.rules.constants import with_values

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
        n_inhibitory=inhibitory_neurons(config),
        excitatory=config.equations.text("excitatory"),
        inhibitory=config.equations.text("inhibitory"),
        pool=config.equations.text("pool"),
        arrival=config.equations.arrival,
    )


def inhibitory_neurons(config: Config) -> int:
    """Return the number of inhibitory neurons."""
    asked = config.equations.inhibitory_neurons
    return config.neurons if asked < 0 else asked


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
        "own_inhibition.weight": synapses.inhibition,
        "pooled_inhibition.weight": synapses.inhibition,
    }
    for group in ("protocol", "inputs"):
        values[f"{group}.window_steps"], values[f"{group}.slot_steps"] = window_steps, slot_steps
    populations: dict[str, type] = {"excitatory": Excitatory}
    if inhibitory_neurons(config):
        populations["inhibitory"] = Inhibitory
        values["excitation.weight"] = synapses.excitation
    for group, population in populations.items():
        units = {item.name: item.metadata["unit"] for item in fields(population)}
        for name in constants_of(population, learning=plastic):
            values[f"{group}.{name}"] = si(getattr(getattr(config, group), name), units[name])
    for part in TEXTS:
        for name, constant in config.equations.constants_of(part).items():
            values[f"{part}.{name}"] = si(constant.value, constant.unit)
    if scaled:
        values["input_synapses.weight_unit"] = REFERENCE_INPUTS / n_inputs
    if plastic:
        values["excitatory.theta_plus"] *= config.neurons / THETA_PLUS_NEURONS
        values["input_synapses.w_max"] = synapses.weight_max
        if rule.normalise:
            values["input_synapses.weight_total"] = weight_total(config, n_inputs)
        values |= _rule_constants(rule)
    return values


def with_constants(config: Config, values: Mapping[str, float]) -> Config:
    """Return a configuration with other constants of its rule and its equations, which needs no other network.

    Parameters
    ----------
    config : Config
    values : mapping of str to float
        New values, in the unit of the constant they replace.

    Raises
    ------
    ConfigError
        When neither has a constant of that name, or a value is not usable.

    Examples
    --------
    >>> with_constants(Config(), {"eta_plus": 0.0}).constants["eta_plus"]
    0.0
    """
    known = {**config.plasticity.constants, **config.equations.constants}
    changed = with_values(known, values, "the network")
    own = replace(config.equations, constants={name: changed[name] for name in config.equations.constants})
    return replace(config, constants={name: changed[name].value for name in config.constants}, equations=own)


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
