"""What is fixed when a network is compiled; everything else is handed to it at run time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from stdpnet.network.neurons import Excitatory, Inhibitory, NeuronText
from stdpnet.network.synapses import POOL
from stdpnet.rules import Rule
from stdpnet.rules.declaration import rule_from_dict

#: The most presentations one run of a compiled network can hold.
CAPACITY = 1000

#: The parts of a network whose text is a `NeuronText`.
TEXTS = ("excitatory", "inhibitory", "pool")


@dataclass(frozen=True)
class NetworkSpec:
    """The shape of a network, and the text of its neurons and its rule.

    Parameters
    ----------
    n_inputs : int
        Pixels of an image.
    n_neurons : int
        Excitatory neurons.
    dt : float
        Time step in seconds.
    rule : Rule
        Only its text and the units of its constants are compiled in, not their values.
    delays : bool
        Whether each input synapse has a conduction delay of its own.
    plastic : bool
        Training (True), or frozen presentations (False): weights and theta do not change,
        and each presentation starts from the resting state.
    scaled : bool
        Whether a spike adds ``weight_unit``, a parameter, times its weight to the conductance.
    record_all : bool
        Record the spikes of the inputs and the inhibitory neurons too, to look at a few
        presentations.
    recorded_neurons, recorded_inputs : int
        Of how many neurons, and of how many inputs with their synapses to these, values are
        recorded in each step; which they are is said at run time.
    n_inhibitory : int
        Inhibitory neurons; -1, the default: as many as excitatory ones. 0: none, excitatory neurons inhibit each other.
    excitatory, inhibitory, pool : NeuronText
        The populations, and the pool of lateral inhibition. Constants that their text has beside those of `Excitatory`
        and `Inhibitory` are declared in it.
    arrival : str
        What an input spike does where it arrives, beside adding ``weight`` to the excitatory conductance.

    Examples
    --------
    >>> from stdpnet.rules import RULES
    >>> spec = NetworkSpec(n_inputs=784, n_neurons=400, dt=5e-4, rule=RULES["triplet"])
    >>> NetworkSpec.from_dict(spec.to_dict()) == spec
    True
    """

    n_inputs: int
    n_neurons: int
    dt: float
    rule: Rule
    delays: bool = True
    plastic: bool = True
    scaled: bool = False
    record_all: bool = False
    recorded_neurons: int = 0
    recorded_inputs: int = 0
    n_inhibitory: int = -1
    excitatory: NeuronText = Excitatory.text
    inhibitory: NeuronText = Inhibitory.text
    pool: NeuronText = POOL
    arrival: str = ""

    def __post_init__(self) -> None:
        if self.n_inhibitory < 0:
            object.__setattr__(self, "n_inhibitory", self.n_neurons)

    def to_dict(self) -> dict[str, Any]:
        """Return the spec as plain data for JSON."""
        texts = {name: asdict(getattr(self, name)) for name in TEXTS}
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return values | texts | {"rule": self.rule.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "NetworkSpec":
        """Return the spec of which `to_dict` made the data."""
        populations = {name: NeuronText(**data[name]) for name in TEXTS}
        return cls(**{**data, **populations, "rule": rule_from_dict(data["rule"])})
