"""Every option of a conversion, declared once: flags, help, defaults and files follow from here."""

from dataclasses import dataclass, fields

from stdpnet.base.errors import ConversionError
from stdpnet.base.parameters import construct, parameter, validate
from stdpnet.conversion.graph.layers import MaxPooling, ReLU
from stdpnet.conversion.spiking.encoding import ENCODINGS
from stdpnet.conversion.spiking.gate import MaxGate, gate_estimate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import READOUTS, Readout
from stdpnet.conversion.thresholds.data_based import data_based
from stdpnet.conversion.thresholds.spike_norm import spike_steps

#: Steps that a network can be made for: with more, there is little to gain.
MOST_STEPS = 64


#: Kinds of normalisation, and by whom each is.
NORMALISATIONS = {
    "percentile": "Rueckauer et al. 2017",
    "maximum": "Diehl et al. 2015",
    "model": "Diehl et al. 2015",
    "error": "Li et al. 2021",
    "spikes": "Sengupta et al. 2019",
}


@dataclass(frozen=True)
class ConversionOptions:
    """How an analogue network becomes a spiking one.

    What each option means, with its papers, is told by `relu_scales` and `spike_norm` (``normalisation``,
    ``per_channel``), `IntegrateAndFire` (``reset``, ``initial``), `move_pooling_first`, `MaxGate` (``gate``),
    `AnalogueInput` and `PoissonInput` (``encoding``), and `READOUTS`.

    Raises
    ------
    ConfigError
        When a value is of another type, or below its bound.
    ConversionError
        When a name is unknown, or a number in it is not usable.

    Examples
    --------
    >>> ConversionOptions(readout="count").initial
    0.5
    >>> ConversionOptions(readout="best")
    Traceback (most recent call last):
    stdpnet.base.errors.ConversionError: readout is 'best'; expected one of membrane, count, softmax, ...
    """

    normalisation: str = parameter(
        "percentile:99.9",
        "what a spike in every step stands for: percentile:P of the non-zero activations, maximum, error:STEPS (what "
        "rounds them least in so many steps), spikes:STEPS (the largest current in any of so many steps of the spiking "
        "network), or model (from the weights alone)",
        source="; ".join(dict.fromkeys(NORMALISATIONS.values())),
    )
    per_channel: bool = parameter(True, "a scale for each channel; else one for each layer")
    reset: str = parameter("subtraction", "of the potential after a spike: subtraction, or zero")
    initial: float = parameter(0.5, "potential before the first step", "thresholds", low=0)
    signed: bool = parameter(
        False,
        "negative spikes as well, by which neurons take back what they have sent too much of",
        source="Wang et al. 2022",
    )
    pool_first: bool = parameter(True, "max pooling of the neurons' currents where that is exact; else of their spikes")
    gate: str = parameter(
        "cumulative", "by what max pooling of spikes chooses: cumulative, exponential:STEPS or finite:STEPS"
    )
    encoding: str = parameter("analog", "of the image: analog, where pixels are constant currents, or poisson spikes")
    readout: str = parameter("membrane", "membrane, count, softmax, softmax-rates or softmax-triggered")
    start: int = parameter(0, "steps before the readout starts", low=0)
    recent: float = parameter(
        0.0,
        "share of the steps since then by which the readout goes, the last ones (0: measured on some of the images)",
        low=0,
        high=1,
    )
    synapse: float = parameter(
        5.0,
        "time constant of the synapses of neurons with a rate curve, such as LIF",
        "ms",
        low=0,
        source="Hunsberger & Eliasmith 2016",
    )
    seed: int = parameter(0, "seed of Poisson input and of readouts that draw", low=0)

    def __post_init__(self):
        validate(self)
        if not spike_steps(self.normalisation):
            data_based(self.normalisation)
        for what, known in (("encoding", ENCODINGS), ("readout", READOUTS)):
            if getattr(self, what) not in known:
                raise ConversionError(f"{what} is {getattr(self, what)!r}; expected one of {', '.join(known)}")
        self.neurons(ReLU())
        self.max_gate(MaxPooling((1, 1), (1, 1)))
        self.output()

    def neurons(self, activation: ReLU) -> IntegrateAndFire:
        """Return the layer that takes the place of a ReLU."""
        chosen = {name: getattr(self, name) for name in ("reset", "initial", "signed")}
        return IntegrateAndFire(activation.bound, activation.levels, **chosen)

    def max_gate(self, pooling: MaxPooling) -> MaxGate:
        """Return the layer that takes the place of a max pooling."""
        return MaxGate(pooling.size, pooling.stride, pooling.padding, *gate_estimate(self.gate))

    def output(self) -> Readout:
        """Return the layer that takes the place of the output."""
        kind = READOUTS[self.readout]
        draws = {"seed": self.seed} if "seed" in {item.name for item in fields(kind)} else {}
        return kind(start=self.start, recent=self.recent or 1.0, **draws)


def chosen_options(options: ConversionOptions | None, changes: dict) -> ConversionOptions:
    """Return options with some of them changed.

    Parameters
    ----------
    options : ConversionOptions or None
        None stands for the defaults.
    changes : dict of str to object

    Returns
    -------
    ConversionOptions

    Raises
    ------
    ConfigError
        When there is no option of such a name.
    """
    given = options or ConversionOptions()
    return construct(ConversionOptions, {f.name: getattr(given, f.name) for f in fields(ConversionOptions)} | changes)
