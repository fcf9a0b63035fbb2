"""Equations of one's own: what they add to the text of the neurons and of inhibition, or replace in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from stdpnet.base.brian_text import Equation, equations
from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import parameter, validate
from stdpnet.network.neurons import Excitatory, Inhibitory, NeuronText
from stdpnet.network.synapses import POOL
from stdpnet.rules.constants import Constant, constants_from, constants_in, declared

#: The text that they change.
STANDARD = {"excitatory": Excitatory.text, "inhibitory": Inhibitory.text, "pool": POOL}

#: Whose constants they are, in an error.
OWNER = "[equations]"


@dataclass(frozen=True)
class Equations:
    """Equations of one's own, as Brian2 text: for ``Config(equations=...)``, or ``[equations]`` in a TOML file.

    Parameters
    ----------
    excitatory : str
        Equations of the excitatory neurons. Each replaces the one of its variable, or is added.
    excitatory_threshold : str
        Condition in place of the one at which they spike.
    excitatory_spike : str
        What their spike does, after the reset.
    inhibitory, inhibitory_threshold, inhibitory_spike : str
        The same of the inhibitory neurons.
    pool : str
        Equations of the pool of lateral inhibition.
    arrival : str
        What an input spike does where it arrives, after its ``weight`` has been added to ``ge``.
    inhibitory_neurons : int
        The excitatory neurons i, i + N, i + 2 N, ... drive inhibitory neuron i of N, which inhibits all others. With 0
        the spikes of excitatory neurons inhibit the others themselves; -1 means as many as excitatory neurons.
    constants : mapping of str to Constant, number, or dict
        Every name in the text besides the variables and constants of the population, and where a variable ``x`` starts,
        as ``x_initial``: else at 0.

    Examples
    --------
    A current that each spike raises and that slows the neuron down:

    >>> own = Equations(
    ...     excitatory='''
    ...     dv/dt = ((v_rest - v) + ge * (e_excitatory - v) + gi * (e_inhibitory - v) - a) / tau_m : volt
    ...     da/dt = -a / tau_a : volt
    ...     ''',
    ...     excitatory_spike="a += jump",
    ...     constants={"tau_a": {"value": 100.0, "unit": "ms"}, "jump": {"value": 5.0, "unit": "mV"}},
    ... )
    >>> own.states("excitatory")
    ['a']
    >>> own.text("excitatory").reset.splitlines()[-1]
    'a += jump'
    """

    excitatory: str = parameter("", "equations of the excitatory neurons")
    excitatory_threshold: str = parameter("", "condition at which they spike")
    excitatory_spike: str = parameter("", "what their spike does, after the reset")
    inhibitory: str = parameter("", "equations of the inhibitory neurons")
    inhibitory_threshold: str = parameter("", "condition at which they spike")
    inhibitory_spike: str = parameter("", "what their spike does, after the reset")
    pool: str = parameter("", "equations of the pool of lateral inhibition")
    arrival: str = parameter("", "what an input spike does where it arrives, after weight was added to ge")
    inhibitory_neurons: int = parameter(-1, "inhibitory neurons; -1: as many as excitatory ones, 0: none", low=-1)
    constants: Mapping[str, Constant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        validate(self, "equations.")
        if not isinstance(self.constants, Mapping):
            raise ConfigError(f"equations.constants is {self.constants!r}; expected a table")
        object.__setattr__(self, "constants", MappingProxyType(constants_from(self.constants, OWNER, "")))

    def __reduce__(self):  # a read-only mapping cannot be pickled
        return Equations, tuple(
            dict(self.constants) if item.name == "constants" else getattr(self, item.name) for item in fields(self)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what differs from the standard as plain data, for JSON."""
        given = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "constants"}
        data = {name: value for name, value in given.items() if value != getattr(Equations, name)}
        constants = {name: vars(constant) for name, constant in self.constants.items()}
        return data | ({"constants": constants} if constants else {})

    def texts(self, part: str) -> list[str]:
        """Return what is written for the excitatory or inhibitory neurons or the pool, to be read on its neurons.

        Parameters
        ----------
        part : {"excitatory", "inhibitory", "pool"}
        """
        own = [getattr(self, name, "") for name in (part, f"{part}_threshold", f"{part}_spike")]
        return [*own, self.arrival] if part == "excitatory" else own

    def equations(self, part: str) -> list[Equation]:
        """Return the equations of a part; arguments of this and the following methods are those of `texts`."""
        return equations(getattr(self, part), f"equations.{part}", "da/dt = -a / tau_a : volt")

    def states(self, part: str) -> list[str]:
        """Return the variables that they add and that are kept from step to step."""
        known = {line.name for line in equations(STANDARD[part].model, part, "") if line.state}
        return [line.name for line in self.equations(part) if line.state and line.name not in known]

    def constants_of(self, part: str) -> dict[str, Constant]:
        """Return the constants that a part needs, by name."""
        starts = " ".join(f"{name}_initial" for name in self.states(part))
        return constants_in(self.constants, *self.texts(part), starts)

    def text(self, part: str) -> NeuronText:
        """Return the whole text of a part: the standard one, where nothing of one's own is written."""
        standard, own = STANDARD[part], self.equations(part)
        if not any(self.texts(part)):
            return standard
        replaced, constants = {line.name for line in own}, self.constants_of(part)
        kept = [line for line in standard.model.splitlines() if not replaced & _defined(line)]
        rest = [standard.rest]
        for line in own:
            if line.name in self.states(part):
                start = f"{line.name}_initial"
                rest.append(f"{line.name}_post = {f'{start}_post' if start in constants else f'0 * ({line.unit})'}")
        return NeuronText(
            model="\n".join([*kept, getattr(self, part)]) + declared(constants) + "\n",
            threshold=getattr(self, f"{part}_threshold", "") or standard.threshold,
            reset=standard.reset + getattr(self, f"{part}_spike", "") + "\n",
            rest="\n".join(rest),
        )


def _defined(line: str) -> set[str]:
    return {equation.name for equation in equations(line, "", "")}
