"""Every parameter of a conversion and its simulation, in one place."""

import json
import os
from dataclasses import asdict, dataclass

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import parameter, validate
from stdpnet.conversion.convert import ENCODINGS
from stdpnet.conversion.simulators.stopping import criterion

SIMULATORS = ("torch", "brian2")


@dataclass(frozen=True)
class ConversionConfig:
    """One conversion, simulated on test images. What `spiking.convert` takes, it checks itself."""

    dataset: str = parameter(
        "mnist-5k",
        "mnist-5k (comes with the package), mnist, or a folder with four IDX files; for a run folder, if not given, "
        "that of its training",
    )
    steps: int = parameter(100, "time steps for each image", low=1)
    images: int = parameter(0, "test images, the first ones (0: all)", low=0)
    scale_images: int = parameter(
        5000, "training images, at most, the first ones, that set the scales of the activations", low=1
    )
    normalisation: str = parameter(
        "percentile:99.9",
        "what a spike in every step stands for: percentile:P of the non-zero activations, maximum, or model (from the "
        "weights alone)",
        source="Rueckauer et al. 2017; Diehl et al. 2015",
    )
    per_channel: bool = parameter(True, "a scale for each channel; else one for each layer")
    reset: str = parameter("subtraction", "of the potential after a spike: subtraction, or zero")
    initial: float = parameter(0.5, "potential before the first step", "thresholds", low=0)
    pool_first: bool = parameter(True, "max pooling of the neurons' currents where that is exact; else of their spikes")
    gate: str = parameter(
        "cumulative", "by what max pooling of spikes chooses: cumulative, exponential:STEPS or finite:STEPS"
    )
    input: str = parameter("analog", "analog: pixels are constant currents; poisson: random spikes")
    readout: str = parameter("membrane", "membrane, count, softmax, softmax-rates or softmax-triggered")
    start: int = parameter(0, "steps before the read-out starts", low=0)
    stop: str = parameter(
        "",
        "when an image needs no more steps: margin:LEAD of the best score, or confidence:PROBABILITY of it by the "
        "softmax of the mean scores (default: after all steps)",
    )
    simulator: str = parameter("", "torch, or brian2 for small networks (default: torch where it is installed)")
    batch: int = parameter(32, "images simulated at a time, for speed and memory", low=1)
    threads: int = parameter(0, "threads of PyTorch (0: all cores)", low=0)
    seed: int = parameter(0, "seed of Poisson input and of read-outs that draw", low=0)

    def __post_init__(self):
        validate(self)
        if self.simulator not in ("", *SIMULATORS):
            raise ConfigError(f"simulator is {self.simulator!r}; expected {' or '.join(SIMULATORS)}")
        if self.input not in ENCODINGS:
            raise ConfigError(f"input is {self.input!r}; expected {' or '.join(ENCODINGS)}")
        if self.threads > (os.cpu_count() or 1):  # thousands would take the machine's last process
            raise ConfigError(f"threads is {self.threads}; expected at most {os.cpu_count()}, the cores, or 0 for all")
        stop = criterion(self.stop)
        if stop and self.readout not in stop.readouts:
            raise ConfigError(
                f"stop is {self.stop!r} with readout {self.readout}, whose scores are too small to reach it; expected "
                f"{' or '.join(stop.readouts)}"
            )
        if self.stop and self.simulator == "brian2":
            raise ConfigError(f"stop is {self.stop!r}; Brian2 shows each image for all steps: use --simulator torch")
        if self.start >= self.steps:
            raise ConfigError(f"start is {self.start}; expected fewer than steps, {self.steps}")

    def options(self):
        """Return the options of `spiking.convert`."""
        names = ("normalisation", "per_channel", "reset", "initial", "pool_first", "gate", "readout", "start", "seed")
        return {name: getattr(self, name) for name in names} | {"encoding": self.input}

    def to_json(self, model):
        """Return the configuration and the converted model's path as JSON text."""
        return json.dumps({"model": str(model), **asdict(self)}, indent=2) + "\n"
