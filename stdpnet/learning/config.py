"""A training run's parameters: gathered from where they are declared, over the preset of rule and size, checked."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import SWITCH, construct, group, parameter, validate
from stdpnet.datasets import TAKES
from stdpnet.learning.config_checks import check_together
from stdpnet.learning.equation_checks import check_equations, own_names
from stdpnet.learning.equations import Equations
from stdpnet.learning.presentation.input_drive import DRIVES
from stdpnet.learning.presets import PRESETS, preset
from stdpnet.learning.schedule import Schedule
from stdpnet.network.neurons import Excitatory, Inhibitory
from stdpnet.network.protocol import Presentation
from stdpnet.network.spec import CAPACITY
from stdpnet.network.synapses import Connections
from stdpnet.rules import Rule, find_rule, rule_from_dict
from stdpnet.rules.by_name import held, whole
from stdpnet.rules.text import check_text

#: Groups of parameters, each declared beside the equations that it belongs to.
GROUPS: dict[str, type] = {
    "excitatory": Excitatory,
    "inhibitory": Inhibitory,
    "connections": Connections,
    "presentation": Presentation,
    "schedule": Schedule,
}


@dataclass(frozen=True, repr=False)
class Config:
    """One training run. What is not given comes from a preset, then from the defaults.

    Parameters
    ----------
    dataset : str
    neurons : int
        These and those without a word here are the flags of ``stdpnet train``; its ``--help`` explains them.
    rule : str, path-like or Rule
        A name of `stdpnet.RULES`, the path of a TOML file, which is read once, here, or a `Rule`. Nothing is calibrated
        for a rule of your own.
    preset : {"calibrated", "paper"}
        What was found for the rule and the size, or the constants of the code of 2014.
    epochs : int
    images : int
    delays : bool
    seed : int
    batch : int
    snapshots : int
    backend : str
    threads : int
    drive : {"auto", "grey", "ink", "contrast"}
    shuffle : {"auto", "on", "off"}
    excitatory : Excitatory or dict
    inhibitory : Inhibitory or dict
    connections : Connections or dict
    presentation : Presentation or dict
    schedule : Schedule or dict
        Constants of the model: all of them, or some in a dict, over the preset.
    constants : dict of str to float
        Constants of the rule by name, over the preset; those of all names once the object is made.
    equations : Equations or dict
        Your own equations of the neurons and of inhibition: see `stdpnet.learning.equations.Equations`.

    Raises
    ------
    ConfigError
        Naming the parameter, its value and what was expected.

    Examples
    --------
    >>> config = Config(neurons=400, excitatory={"tau_m": 50.0})
    >>> config.excitatory.tau_m, config.excitatory.theta_plus
    (50.0, 0.12)
    >>> config
    Config(neurons=400, excitatory={'tau_m': 50.0})
    """

    dataset: str = parameter("mnist-5k", TAKES, role="data")
    neurons: int = parameter(100, "excitatory neurons, and as many inhibitory ones", low=1)
    rule: str | Rule = parameter("triplet", "plasticity rule: a name, or a .toml file that declares one")
    preset: str = parameter(
        "calibrated",
        "what replaces the defaults below: what was found for the rule and the number of neurons (calibrated), or the "
        "constants of the code of Diehl & Cook 2014 (paper; docs/understand/differences.md: what cannot be followed)",
        choices=PRESETS,
    )
    epochs: int = parameter(3, "passes over the training images", low=1, role="length")
    images: int = parameter(0, "training images to use, the first ones; 0 means all", low=0, role="data")
    delays: bool = parameter(True, "conduction delays of the input synapses, drawn per synapse")
    seed: int = parameter(0, "seed of weights, delays and input spikes", low=0, role="seed")
    batch: int = parameter(
        1000, f"presentations between two checkpoints, at most {CAPACITY}", low=1, role="checkpoints"
    )
    snapshots: int = parameter(
        0,
        "presentations between two snapshots of the weights, kept in the run folder; 0: none",
        low=0,
        role="checkpoints",
    )
    backend: str = parameter("auto", "cpp, cython, numpy, or auto: cpp where there is a C++ compiler", role="computing")
    threads: int = parameter(0, "cores, with the same result for any number; 0: as many as pay", low=0, role="cores")
    drive: str = parameter(
        "auto",
        "what drives the inputs: grey levels (grey, the paper's), distance from the ground (ink), contrast about the "
        "mean of the training images (contrast), or auto, by the training images: grey if they are like MNIST's",
        choices=("auto", *DRIVES),
    )
    shuffle: str = parameter(
        "auto",
        "mix the training images by the seed; auto: where their labels come in runs",
        choices=SWITCH,
        role="data",
    )
    excitatory: Excitatory = group()
    inhibitory: Inhibitory = group()
    connections: Connections = group()
    presentation: Presentation = group()
    schedule: Schedule = group()
    constants: Mapping[str, float] = field(default_factory=dict)
    equations: Equations = group()

    def __post_init__(self) -> None:
        rule, own = held(self.rule)
        sized = isinstance(self.neurons, int)  # `validate` says what is wrong with another type
        found = preset(rule if isinstance(rule, str) else "", self.neurons, self.preset) if sized else {}
        for name, kind in GROUPS.items():
            given = getattr(self, name)
            if not isinstance(given, kind):
                self._set(name, construct(kind, _merged(found.get(name, {}), given, name), f"{name}."))
        if not isinstance(self.equations, Equations):
            self._set("equations", construct(Equations, _merged({}, self.equations, "equations"), "equations."))
        if self.equations != Equations():
            check_equations(self.equations)
        if isinstance(rule, Rule) or self.equations != Equations():
            check_text(whole(rule), own_names(self.equations))
        self._set("rule", rule)
        constants = _merged(found.get("constants", {}) | own, self.constants, "constants")
        complete = whole(rule).with_constants(constants).constants
        self._set("constants", MappingProxyType({name: constant.value for name, constant in complete.items()}))
        validate(self)
        check_together(self)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __reduce__(self):  # a read-only mapping cannot be pickled
        return from_stored, (self.to_dict(),)

    @property
    def plasticity(self) -> Rule:
        """The `Rule` with this run's constants."""
        return whole(self.rule).with_constants(self.constants)

    def to_dict(self) -> dict[str, Any]:
        """Return the configuration as nested plain data, complete; a rule of one's own in full."""
        data = {item.name: getattr(self, item.name) for item in fields(self)}
        data |= {name: asdict(data[name]) for name in GROUPS} | {"constants": dict(self.constants)}
        data["equations"] = self.equations.to_dict()
        if not data["equations"]:  # as in versions that had none
            del data["equations"]
        if isinstance(self.rule, Rule):
            data |= {"rule": self.rule.name, "custom_rule": self.rule.to_dict()}
        return data

    def to_json(self) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=2) + "\n"

    def __repr__(self) -> str:
        standard = Config(neurons=self.neurons, rule=self.rule, preset=self.preset)
        shown: dict[str, Any] = {"neurons": self.neurons} if self.neurons != Config.neurons else {}
        shown |= {"rule": self.rule} if self.rule != Config.rule else {}
        shown |= {"preset": self.preset} if self.preset != Config.preset else {}
        for item in fields(self):
            mine, usual = getattr(self, item.name), getattr(standard, item.name)
            if mine != usual:
                shown[item.name] = mine if "about" in item.metadata else _difference(mine, usual)
        shown |= {"rule": f"<{self.rule.name}>"} if isinstance(self.rule, Rule) else {}
        return f"Config({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


def _merged(found: dict[str, Any], given: Any, name: str) -> dict[str, Any]:
    if given is not None and not isinstance(given, Mapping):
        raise ConfigError(f"{name} is {given!r}; expected a table of parameters")
    return {**found, **(given or {})}


def _difference(mine: Any, usual: Any) -> dict[str, Any]:
    if isinstance(mine, Equations):
        return mine.to_dict()
    mine, usual = (dict(one) if isinstance(one, Mapping) else asdict(one) for one in (mine, usual))
    return {name: value for name, value in mine.items() if value != usual[name]}


def from_dict(data: Mapping[str, Any]) -> Config:
    """Return the `Config` of nested plain data, as in a TOML file: what it does not set comes from the preset.

    Raises
    ------
    ConfigError
        When a name is unknown or a value is not usable.

    Examples
    --------
    >>> from_dict({"neurons": 400}) == Config(neurons=400)
    True
    """
    if not isinstance(data, Mapping):
        raise ConfigError(f"the configuration is a {type(data).__name__}; expected a table of parameters")
    return construct(Config, dict(data))


def from_stored(data: Mapping[str, Any]) -> Config:
    """Return the `Config` of what `Config.to_dict` returned, perhaps in an earlier version.

    What it does not set has its default, whatever the presets say today. Errors are those of `from_dict`.

    Examples
    --------
    >>> from_stored(Config(neurons=400).to_dict()) == Config(neurons=400)
    True
    """
    if not isinstance(data, Mapping):
        raise ConfigError(f"the configuration is a {type(data).__name__}; expected a table of parameters")
    data = {"drive": "grey", "shuffle": "off", **data}  # those of the first version
    for name, kind in GROUPS.items():
        if not isinstance(data.get(name), kind):
            data[name] = construct(kind, data.get(name, {}), f"{name}.")
    declared = data.pop("custom_rule", None)
    rule = rule_from_dict(declared) if declared else find_rule(data.get("rule", Config.rule))
    defaults = {name: constant.value for name, constant in rule.constants.items()}
    data |= {"rule": rule, "constants": _merged(defaults, data.get("constants"), "constants")}
    return construct(Config, data)
