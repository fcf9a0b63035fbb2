"""Every parameter of a training by backpropagation through spikes, gathered from where they are declared."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from stdpnet.backprop.constants import Neuron, Presentation, Regularisation
from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import construct, group, parameter, validate
from stdpnet.datasets import TAKES, load_dataset
from stdpnet.experiments.backprop.inputs import INPUTS, RecordedDataset

CHOSEN = "chosen here on held-out images"

#: Groups of parameters, each declared beside the equations that it belongs to.
GROUPS: dict[str, type] = {"neuron": Neuron, "presentation": Presentation, "regularisation": Regularisation}


@dataclass(frozen=True)
class SpikingConfig:
    """One training.

    Examples
    --------
    >>> config = SpikingConfig(layers="800", presentation={"time": 40})
    >>> config.hidden, config.presentation.steps
    ((800,), 40)
    """

    dataset: str = parameter("mnist-5k", TAKES)
    input: str = parameter(
        "poisson", "poisson events at the rate of brightness, or saccades of a silicon retina", choices=INPUTS
    )
    layers: str = parameter("300-300", "neurons of the hidden layers, from the first one", "", "Lee 2016")
    winner_take_all: str = parameter("none", "inhibition within hidden layers: none, uniform or learned")
    inhibition: float = parameter(0.1, "its strength in units of the threshold, if learned: at first", "", CHOSEN, 0)
    alpha: float = parameter(10.0, "first thresholds, in units of the greatest weight", "", "Lee 2016: 3 to 10", 0.01)
    epochs: int = parameter(20, "passes over the training images", "", "Lee 2016 has 200", low=1)
    batch: int = parameter(100, "images for one change of the weights", "", CHOSEN, low=1)
    optimiser: str = parameter("adam", "adam or sgd")
    learning_rate: float = parameter(2e-3, "learning rate of the weights in the first epoch", "", CHOSEN, low=1e-9)
    threshold_rate: float = parameter(0.1, "learning rate of thresholds, in units of that", "", CHOSEN, low=0)
    decay: float = parameter(0.85, "factor of the learning rates after an epoch", "", CHOSEN, low=1e-3, high=1)
    seed: int = parameter(0, "seed of weights, order and input events", low=0)
    neuron: Neuron = group()
    presentation: Presentation = group()
    regularisation: Regularisation = group()

    def __post_init__(self):
        for name, kind in GROUPS.items():
            value = getattr(self, name)
            if not isinstance(value, kind):
                object.__setattr__(self, name, construct(kind, {} if value is None else value, f"{name}."))
        validate(self)
        self.hidden  # noqa: B018  # an error if it cannot be read

    @property
    def hidden(self) -> tuple[int, ...]:
        """Neurons of each hidden layer.

        Raises
        ------
        ConfigError
            When the text names none.
        """
        parts = self.layers.split("-")
        if not all(part.isdecimal() and 0 < int(part) <= 100_000 for part in parts):
            raise ConfigError(f"layers is {self.layers!r}; expected numbers of neurons such as 800 or 300-300")
        return tuple(map(int, parts))

    def load(self) -> Any:
        """Return the data set, as images or as recordings of them."""
        dataset = load_dataset(self.dataset)
        if self.input == "poisson":
            return dataset
        return RecordedDataset(dataset, self.presentation.time, self.seed)

    def description(self, dataset: Any) -> Any:
        """Return the `stdpnet.backprop.network.Description` of the network for a data set."""
        from stdpnet.backprop.network import Description  # needs PyTorch

        layers = (*self.hidden, dataset.n_classes)
        return Description(
            layers, dataset.n_inputs, self.winner_take_all, self.inhibition, self.alpha, neuron=self.neuron
        )

    def to_json(self) -> str:
        """Return the configuration as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"
