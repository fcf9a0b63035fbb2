"""What is fixed when a network is compiled; everything else is handed to it at run time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from stdpnet.network.neurons import Excitatory, Inhibitory, NeuronText
from stdpnet.rules import Rule
from stdpnet.rules.declaration import rule_from_dict

#: The most presentations one run of a compiled network can hold.
CAPACITY = 1000


@dataclass(frozen=True)
class NetworkSpec:
    """The shape of a network, and the text of its neurons and its rule.

    Parameters
    ----------
    n_inputs : int
        Pixels of an image.
    n_neurons : int
        Excitatory neurons, and as many inhibitory ones.
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
    excitatory, inhibitory : NeuronText
        The populations; constants that their text adds to those of `Excitatory` and `Inhibitory` are numbers in it.

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
    excitatory: NeuronText = Excitatory.text
    inhibitory: NeuronText = Inhibitory.text

    def to_dict(self) -> dict[str, Any]:
        """Return the spec as plain data for JSON."""
        texts = {name: asdict(getattr(self, name)) for name in ("excitatory", "inhibitory")}
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return values | texts | {"rule": self.rule.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "NetworkSpec":
        """Return the spec of which `to_dict` made the data."""
        populations = {name: NeuronText(**data[name]) for name in ("excitatory", "inhibitory")}
        return cls(**{**data, **populations, "rule": rule_from_dict(data["rule"])})
