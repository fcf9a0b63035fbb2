"""Every parameter of a conversion and its simulation, in one place."""

import json
from dataclasses import asdict, dataclass, fields

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import construct, parameter
from stdpnet.conversion.options import MOST_STEPS, ConversionOptions
from stdpnet.conversion.simulators import SIMULATORS
from stdpnet.conversion.simulators.stopping import criterion
from stdpnet.datasets import TAKES

#: Parameters that had another name in files of earlier versions.
FORMER = {"input": "encoding"}
#: What files of earlier versions leave unsaid: what was always so then.
BEFORE = {"recent": 1.0}


@dataclass(frozen=True)
class ConversionConfig(ConversionOptions):
    """One conversion, simulated on test images: the options of `convert`, and these.

    Raises
    ------
    ConfigError
        When a parameter, or a combination of parameters, is not usable.
    ConversionError
        When an option of the conversion has an unknown name.
    """

    #: Run folder, graph or model that is converted; no flag of its own.
    model: str = ""
    weights: str = parameter("", "for a model in a Python file: FILE that torch.save(model.state_dict(), FILE) wrote")
    dataset: str = parameter("mnist-5k", f"{TAKES}; for a run folder, if not given, that of its training")
    mean: str = parameter("", "what was taken off the images, from 0 to 1, in the training: a number, or one,for,each")
    std: str = parameter("", "what they were divided by then, in the same form")
    steps: int = parameter(100, "time steps for each image", low=1)
    tune: bool = parameter(
        False,
        f"make the network for these steps, at most {MOST_STEPS}: scales, corrections of the rates, and by how many of "
        "the steps the readout goes are chosen on training images, so that most answers are the analogue network's",
    )
    images: int = parameter(0, "test images, the first ones (0: all)", low=0)
    scale_images: int = parameter(
        5000, "training images, at most, the first ones, that set the scales of the activations", low=1
    )
    stop: str = parameter(
        "",
        "when an image needs no more steps: margin:LEAD of the best score, a sum over the steps, or "
        "confidence:PROBABILITY of it by the softmax of the mean scores, as sure as the analogue network in the end, "
        "and less in the first steps (default: after all steps)",
    )
    simulator: str = parameter("", "torch, or brian2 for small networks (default: torch where it is installed)")
    batch: int = parameter(32, "images simulated at a time, for speed and memory", low=1)
    threads: int = parameter(0, "threads of PyTorch (0: all cores)", low=0)

    def __post_init__(self):
        super().__post_init__()
        if self.simulator not in ("", *SIMULATORS):
            raise ConfigError(f"simulator is {self.simulator!r}; expected {' or '.join(SIMULATORS)}")
        self.preprocessing()
        stop = criterion(self.stop)
        if stop and self.readout not in stop.readouts:
            raise ConfigError(
                f"stop is {self.stop!r} with readout {self.readout}, whose scores are too small to reach it; expected "
                f"{' or '.join(stop.readouts)}"
            )
        if self.stop and self.simulator == "brian2":
            raise ConfigError(f"stop is {self.stop!r}; Brian2 shows each image for all steps: use --simulator torch")
        if self.tune and self.steps > MOST_STEPS:
            raise ConfigError(f"steps is {self.steps} with tune; expected at most {MOST_STEPS}")
        if self.start >= self.steps:
            raise ConfigError(f"start is {self.start}; expected fewer than steps, {self.steps}")

    def preprocessing(self) -> tuple[list[float], list[float]]:
        """Return mean and standard deviation as numbers, one or one for each channel."""
        found = []
        for name, default in (("mean", 0.0), ("std", 1.0)):
            text = getattr(self, name)
            try:
                found.append([float(part) for part in text.split(",")] if text else [default])
            except ValueError:
                raise ConfigError(
                    f"{name} is {text!r}; expected a number, or one for each channel with commas between"
                ) from None
        return found[0], found[1]

    def to_json(self) -> str:
        """Return the configuration as JSON text: the model first, the options of the conversion last."""
        options = {item.name for item in fields(ConversionOptions)}
        data = asdict(self)
        return json.dumps({name: data[name] for name in sorted(data, key=options.__contains__)}, indent=2) + "\n"


def from_dict(data: dict) -> ConversionConfig:
    """Return the configuration in plain data, also of earlier versions.

    Parameters
    ----------
    data : dict

    Returns
    -------
    ConversionConfig

    Raises
    ------
    ConfigError, ConversionError
        When a parameter is unknown or not usable.
    """
    given = {FORMER.get(name, name): value for name, value in data.items()}
    return construct(ConversionConfig, BEFORE | given)
