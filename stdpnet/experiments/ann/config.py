"""Every parameter of the training of an analogue network, in one place."""

import json
from dataclasses import asdict, dataclass

from stdpnet.base.parameters import parameter, validate
from stdpnet.conversion.ann.schedules import SCHEDULES
from stdpnet.datasets import TAKES, Dataset, load_dataset


@dataclass(frozen=True)
class TrainingConfig:
    """One training with labels."""

    dataset: str = parameter("mnist-5k", TAKES)
    architecture: str = parameter(
        "lenet",
        "lenet, dense (two hidden layers of 1,200), diehl, local, nin, vgg11 to vgg16, resnet20, resnet32, resnet34, "
        "inception, inception-v3, alexnet-plain, fitnet4, fitresnet4, binaryconnect, binarynet-sign or "
        "binarynet-heaviside",
    )
    activation: str = parameter(
        "relu",
        "in place of each ReLU: relu, qcfs:LEVELS, softlif, or softlif:NOISE with noise in the training, in spikes/s",
        source="Bu et al. 2022; Hunsberger & Eliasmith 2016",
    )
    epochs: int = parameter(12, "passes over the training images", low=1)
    batch: int = parameter(128, "images for one change of the weights", low=2)
    optimiser: str = parameter(
        "adamw", "of the weights; sgd is that with Nesterov's momentum of 0.9", choices=("adamw", "sgd")
    )
    learning_rate: float = parameter(2e-3, "greatest learning rate", low=1e-8)
    schedule: str = parameter(
        "one-cycle",
        "of the learning rate: step divides it by 10 after each third, the others let it fall to 0",
        source="Mishkin et al. 2017",
        choices=("one-cycle", *SCHEDULES),
    )
    weight_decay: float = parameter(1e-2, "decay of the weights, times the learning rate", low=0)
    label_smoothing: float = parameter(0.0, "share of the labels that all classes get alike", low=0, high=1)
    unit_variance: bool = parameter(
        False,
        "begin with layer-sequential unit variance, as networks without batch normalisation need it",
        source="Mishkin & Matas 2016",
    )
    shift: int = parameter(2, "furthest random shift of a training image", "px", low=0)
    mirror: bool = parameter(False, "exchange left and right of every other training image, at random")
    seed: int = parameter(0, "seed of weights, order, shifts, mirrors, dropout and noise", low=0)

    def __post_init__(self):
        validate(self)

    def load(self) -> Dataset:
        """Return the data set."""
        return load_dataset(self.dataset)

    def to_json(self) -> str:
        """Return the configuration as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"
