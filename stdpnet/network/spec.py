"""What is fixed when a network is compiled; everything else is handed to it at run time."""

from dataclasses import asdict, dataclass

from stdpnet.rules import Rule
from stdpnet.rules.declaration import rule_from_dict

#: The most presentations one run of a compiled network can hold.
CAPACITY = 1000


@dataclass(frozen=True)
class NetworkSpec:
    """The shape of a network and the text of its rule.

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
    record_all : bool
        Record the spikes of the inputs and the inhibitory neurons too, to look at a few
        presentations.
    """

    n_inputs: int
    n_neurons: int
    dt: float
    rule: Rule
    delays: bool = True
    plastic: bool = True
    record_all: bool = False

    def to_dict(self):
        """Return the spec as plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data):
        """Rebuild a spec from `to_dict`."""
        return cls(**{**data, "rule": rule_from_dict(data["rule"])})
