"""Every parameter of a run: its default, unit and source in one place.

Line numbers (C:n) point into ``Diehl&Cook_spiking_MNIST.py`` of the 2014 code, commit
d527ca3; the paper is Diehl & Cook 2015, doi:10.3389/fncom.2015.00099.
"""

import json
from dataclasses import asdict, dataclass, field

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import construct, parameter, validate
from stdpnet.learning.schedule import Schedule
from stdpnet.network.neurons import Excitatory, Inhibitory
from stdpnet.network.protocol import Presentation
from stdpnet.network.spec import CAPACITY
from stdpnet.network.synapses import Connections
from stdpnet.rules.declaration import find_rule, rule_from_dict


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
        _validate_together(self)

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
            data[name] = construct(kind, data[name], f"{name}.")
    return construct(Config, data, "")
