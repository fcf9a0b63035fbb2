"""What can be set of neurons, presentations and regularisation; without PyTorch, for the help of the command."""

import math
from dataclasses import dataclass

from stdpnet.base.parameters import parameter, validate

#: Time step, in ms.
DT = 1.0


@dataclass(frozen=True)
class Neuron:
    """Constants of all neurons but their thresholds, which are learned (`stdpnet.backprop.neuron`).

    Examples
    --------
    >>> round(Neuron(tau=20.0).decay, 4)
    0.9512
    """

    tau: float = parameter(20.0, "time constant of potentials and of filtered spikes", "ms", "Lee 2016, MNIST", low=1)
    refractory: float = parameter(1.0, "time after a spike in which inputs count less", "ms", "Lee 2016", low=0)

    def __post_init__(self):
        validate(self)

    @property
    def decay(self) -> float:
        """What is left of a potential, or of a filtered spike, after a step."""
        return math.exp(-DT / self.tau)


@dataclass(frozen=True)
class Presentation:
    """How an image is shown."""

    time: int = parameter(30, "time for which an image is shown", "ms", "chosen here on held-out images", low=1)
    rate: float = parameter(
        600.0, "rate of a white pixel, of poisson events", "Hz", "chosen here on held-out images", low=1
    )

    def __post_init__(self):
        validate(self)

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return round(self.time / DT)


@dataclass(frozen=True)
class Regularisation:
    """Constants of the two regularisers (`stdpnet.backprop.regularisation`)."""

    weight: float = parameter(
        2e-5,
        "lambda, size of the penalty on weights",
        "",
        "chosen here on held-out images; Lee 2016: 0.002 to 0.04",
        low=0,
    )
    steepness: float = parameter(10.0, "beta, how fast that penalty grows", "", "Lee 2016", low=0)
    threshold: float = parameter(
        0.0, "rho, change of thresholds", "", "chosen here on held-out images; Lee 2016: 4e-5 to 2e-4", low=0
    )

    def __post_init__(self):
        validate(self)
