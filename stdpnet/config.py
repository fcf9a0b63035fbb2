"""Every parameter of a run: its default, unit and source in one place.

Line numbers (C:n) point into ``Diehl&Cook_spiking_MNIST.py`` of the 2014 code, commit
d527ca3; the paper is Diehl & Cook 2015, doi:10.3389/fncom.2015.00099.
"""

import json
import math
from dataclasses import asdict, dataclass, field, fields

from stdpnet.errors import ConfigError
from stdpnet.network.spec import CAPACITY
from stdpnet.rules import find_rule, rule_from_dict


def parameter(default, about, unit="", source="", low=None):
    """Declare a dataclass field with help text, unit, source and lower bound."""
    return field(default=default, metadata={"about": about, "unit": unit, "source": source, "low": low})


@dataclass(frozen=True)
class Excitatory:
    """Excitatory neurons: conductance-based leaky integrate-and-fire with an adaptive threshold."""

    tau_m: float = parameter(100.0, "membrane time constant", "ms", "C:312", low=0.1)
    v_rest: float = parameter(-65.0, "resting potential", "mV", "C:267")
    v_reset: float = parameter(-65.0, "reset potential", "mV", "C:269")
    v_threshold: float = parameter(-52.0, "threshold before adaptation", "mV", "C:271")
    v_initial: float = parameter(-105.0, "potential at the start of training", "mV", "C:366")
    e_excitatory: float = parameter(0.0, "reversal potential of excitation", "mV", "C:313")
    e_inhibitory: float = parameter(-100.0, "reversal potential of inhibition", "mV", "C:314")
    tau_ge: float = parameter(1.0, "time constant of the excitatory conductance", "ms", "C:315", low=0.1)
    tau_gi: float = parameter(2.0, "time constant of the inhibitory conductance", "ms", "C:316", low=0.1)
    refractory_time: float = parameter(5.0, "time without spikes after a spike", "ms", "C:273", low=0)
    theta_offset: float = parameter(20.0, "the threshold is v_threshold + theta - theta_offset", "mV", "C:307")
    theta_initial: float = parameter(20.0, "theta at the start of training", "mV", "C:371")
    theta_plus: float = parameter(
        0.03,
        "threshold adaptation per spike in a network of 400 neurons; scaled by N / 400, since theta settles at "
        "theta_plus * tau_theta / presentation * spikes per neuron and presentation",
        "mV",
        "calibrated, see README; C:305 has 0.05",
        low=0,
    )
    tau_theta: float = parameter(1e7, "time constant of the decay of theta", "ms", "C:304", low=1.0)


@dataclass(frozen=True)
class Inhibitory:
    """Inhibitory neurons: conductance-based leaky integrate-and-fire, held at reset while refractory."""

    tau_m: float = parameter(10.0, "membrane time constant", "ms", "C:325", low=0.1)
    v_rest: float = parameter(-60.0, "resting potential", "mV", "C:268")
    v_reset: float = parameter(-45.0, "reset potential", "mV", "C:270")
    v_threshold: float = parameter(-40.0, "threshold", "mV", "C:272")
    v_initial: float = parameter(-100.0, "potential at the start of training", "mV", "C:367")
    e_excitatory: float = parameter(0.0, "reversal potential of excitation", "mV", "C:326")
    tau_ge: float = parameter(1.0, "time constant of the excitatory conductance", "ms", "C:328", low=0.1)
    refractory_time: float = parameter(2.0, "time without spikes after a spike", "ms", "C:274", low=0)


@dataclass(frozen=True)
class Connections:
    """Synapses: input to excitatory (plastic), excitatory to its inhibitory partner and from there to all others."""

    excitation: float = parameter(10.4, "weight from an excitatory neuron to its inhibitory partner", "", "G:47", low=0)
    inhibition: float = parameter(
        17.0, "lateral inhibition: weight from an inhibitory neuron to all other excitatory ones", "", "G:48", low=0
    )
    weight_low: float = parameter(0.003, "least initial weight of an input synapse", "", "G:62", low=0)
    weight_high: float = parameter(0.303, "greatest initial weight of an input synapse", "", "G:63", low=0)
    weight_max: float = parameter(1.0, "greatest weight that learning can reach", "", "C:296", low=0)
    weight_total: float = parameter(
        78.0,
        "normalisation: sum of the input weights of a neuron; for images too small for it, half of all weights "
        "at their greatest",
        "",
        "C:285",
        low=0,
    )
    delay_max: float = parameter(10.0, "greatest delay; delays are uniform on [0, delay_max)", "ms", "C:286", low=0)


@dataclass(frozen=True)
class Presentation:
    """How an image is shown: Poisson spikes at rates proportional to its grey levels, then rest."""

    dt: float = parameter(0.5, "time step", "ms", "C:213", low=0.01)
    window: float = parameter(350.0, "time for which an image is shown", "ms", "C:252", low=1)
    rest: float = parameter(150.0, "rest after it", "ms", "C:253", low=0)
    rate: float = parameter(0.125, "input rate per grey level and unit of intensity", "Hz", "C:447", low=1e-6)
    intensity: int = parameter(2, "intensity of the first showing; each repetition adds 1", "", "C:447", low=1)
    fewest_spikes: int = parameter(5, "an image that brings fewer excitatory spikes is shown again", "", "C:467", low=0)
    repetitions: int = parameter(30, "greatest number of repetitions of an image", "", "cap; the code has none", low=0)


@dataclass(frozen=True)
class Schedule:
    """What changes in the course of the training, every 1,000 presentations."""

    learning_rate_half_life: float = parameter(
        0.0,
        "presentations in which the learning rates, constants called eta..., fall to half; 0 keeps them",
        low=0,
    )
    adaptation_half_life: float = parameter(
        0.0,
        "presentations in which threshold adaptation, theta_plus and 1 / tau_theta alike, slows to half; 0 keeps it",
        low=0,
    )
    inhibition_start: float = parameter(1.0, "lateral inhibition at the start, as a share of inhibition", low=0)
    inhibition_rise: int = parameter(0, "presentations in which it rises to inhibition; 0: it is there at once", low=0)


@dataclass(frozen=True)
class Config:
    """One training run.

    The fields of `excitatory`, `inhibitory`, `connections` and `presentation` are the
    model's constants; `constants` overrides those of the rule, by name.
    """

    dataset: str = parameter("mnist-5k", "mnist-5k (comes with the package), mnist, or a folder with four IDX files")
    neurons: int = parameter(100, "excitatory neurons, and as many inhibitory ones", low=1)
    rule: str = parameter("triplet", "plasticity rule: a name, or a .toml file that declares one")
    epochs: int = parameter(3, "passes over the training images", low=1)
    images: int = parameter(0, "training images to use, the first ones; 0 means all", low=0)
    delays: bool = parameter(True, "conduction delays of the input synapses, drawn per synapse")
    seed: int = parameter(0, "seed of weights, delays and input spikes", low=0)
    batch: int = parameter(1000, f"presentations between two checkpoints, at most {CAPACITY}", low=1)
    backend: str = parameter("auto", "cpp, cython, numpy, or auto: cpp where there is a C++ compiler")
    excitatory: Excitatory = Excitatory()
    inhibitory: Inhibitory = Inhibitory()
    connections: Connections = Connections()
    presentation: Presentation = Presentation()
    schedule: Schedule = Schedule()
    constants: dict = field(default_factory=dict)
    custom_rule: dict = field(default_factory=dict)

    def __post_init__(self):
        validate(self)

    @property
    def plasticity(self):
        """The `Rule` with this run's constants."""
        rule = rule_from_dict(self.custom_rule) if self.custom_rule else find_rule(self.rule)
        return rule.with_constants(self.constants)

    def to_json(self):
        """Return the configuration as JSON text. A rule from a file is written out in full."""
        data = asdict(self)
        if self.rule.endswith(".toml") and not self.custom_rule:
            data["custom_rule"] = asdict(find_rule(self.rule))
        return json.dumps(data, indent=2) + "\n"


GROUPS = {
    "excitatory": Excitatory,
    "inhibitory": Inhibitory,
    "connections": Connections,
    "presentation": Presentation,
    "schedule": Schedule,
}


def validate(part, prefix=""):
    """Check the types and bounds of a configuration, or of one group of it.

    Raises
    ------
    ConfigError
        Naming the parameter, its value and what was expected.
    """
    for item in fields(part):
        name, value, low = prefix + item.name, getattr(part, item.name), item.metadata.get("low")
        if item.name in GROUPS:
            validate(value, f"{item.name}.")
            continue
        kinds = (int, float) if item.type is float else (item.type,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and item.type is not bool):
            raise ConfigError(f"{name} is {value!r}; expected {item.type.__name__}")
        unit = f" {item.metadata['unit']}" if item.metadata.get("unit") else ""
        bound = f" of at least {low}{unit}" if low is not None else ""
        if item.type in (int, float) and not (math.isfinite(value) and (low is None or low <= value)):
            raise ConfigError(f"{name} is {value}{unit}; expected a finite number{bound}")
        if item.type is int and value >= 2**31:
            raise ConfigError(f"{name} is {value}; expected less than 2**31")
    if isinstance(part, Config):
        _validate_together(part)


def _validate_together(config):
    show, synapses = config.presentation, config.connections
    if config.batch > CAPACITY:
        raise ConfigError(f"batch is {config.batch}; expected at most {CAPACITY} presentations between two checkpoints")
    if config.delays and show.rest < synapses.delay_max:
        raise ConfigError(
            f"presentation.rest is {show.rest} ms; expected at least connections.delay_max, {synapses.delay_max} ms, "
            "so that no spike is under way when the next image starts"
        )
    if synapses.weight_low > synapses.weight_high:
        raise ConfigError(
            f"connections.weight_low is {synapses.weight_low}; expected at most connections.weight_high, "
            f"{synapses.weight_high}"
        )
    if show.rate > 1 / show.dt:
        raise ConfigError(
            f"presentation.rate is {show.rate} Hz; expected below {1 / show.dt:g} Hz, so that a step of "
            "presentation.dt resolves the intervals"
        )
    if show.rate < 2e-5 / show.dt:
        raise ConfigError(
            f"presentation.rate is {show.rate} Hz; expected above {2e-5 / show.dt:g} Hz, so that integers hold the "
            "intervals"
        )
    if 255 * (show.intensity + show.repetitions) >= 2**31:
        raise ConfigError(
            f"presentation.intensity is {show.intensity} and presentation.repetitions {show.repetitions}; expected a "
            f"sum of less than {2**31 // 255}, so that integers hold the input drive of a white pixel"
        )
    rule = config.plasticity  # an unknown rule or constant is reported here
    if config.schedule.learning_rate_half_life and not any(name.startswith("eta") for name in rule.constants):
        raise ConfigError(
            f"schedule.learning_rate_half_life is {config.schedule.learning_rate_half_life}, and rule {rule.name!r} "
            "has no learning rate: a constant whose name begins with eta"
        )


def from_dict(data):
    """Build a `Config` from nested plain data, as in a TOML file or ``config.json``.

    Raises
    ------
    ConfigError
        When a name is unknown or a value is not usable.
    """
    if not isinstance(data, dict):
        raise ConfigError(f"the configuration is a {type(data).__name__}; expected a table of parameters")
    data = dict(data)
    for name, kind in GROUPS.items():
        if name in data:
            data[name] = _construct(kind, data[name], f"{name}.")
    return _construct(Config, data, "")


def _construct(kind, data, prefix):
    if not isinstance(data, dict):
        raise ConfigError(f"{prefix.rstrip('.')} is {data!r}; expected a table of {kind.__name__} parameters")
    known = {item.name for item in fields(kind)}
    for name in data:
        if name not in known:
            raise ConfigError(f"unknown parameter {prefix}{name}: expected one of {', '.join(sorted(known))}")
    return kind(**data)


def flat(data, prefix=""):
    """Return nested dicts as one, with names such as ``excitatory.tau_m``."""
    result = {}
    for name, value in data.items():
        result |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return result


def merged(*layers):
    """Return nested plain data in which later layers override earlier ones."""
    result = {}
    for layer in layers:
        for name, value in layer.items():
            nested = isinstance(value, dict) and isinstance(result.get(name), dict)
            result[name] = merged(result[name], value) if nested else value
    return result
