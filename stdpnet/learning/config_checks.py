"""Checks of a configuration that take more than one parameter."""

from typing import TYPE_CHECKING

from stdpnet.base.errors import ConfigError
from stdpnet.learning.presentation.input_drive import kind_of
from stdpnet.network.inputs import CONTRAST_RESOLUTION
from stdpnet.network.spec import CAPACITY

if TYPE_CHECKING:
    from stdpnet.learning.config import Config

#: A half-life below it ends learning with the first change, whether in presentations or in shares of a training.
SHORTEST_HALF_LIFE = 1e-3


def check_together(config: "Config") -> None:
    """Check what parameters ask of each other.

    Raises
    ------
    ConfigError
        Naming the parameter, its value and what was expected.
    """
    show, synapses = config.presentation, config.connections
    if config.batch > CAPACITY:
        raise ConfigError(f"batch is {config.batch}; expected at most {CAPACITY} presentations between two checkpoints")
    if config.delays and show.rest < synapses.delay_max:
        raise ConfigError(
            f"presentation.rest is {show.rest} ms; expected at least connections.delay_max, {synapses.delay_max} ms, "
            "so that no spike is under way when the next image starts"
        )
    if config.delays and synapses.delay_max < show.dt:
        raise ConfigError(
            f"connections.delay_max is {synapses.delay_max} ms with delays; expected at least presentation.dt, "
            f"{show.dt} ms; --no-delays (delays = false) trains without delays"
        )
    _check_inhibition(config)
    if synapses.weight_low > synapses.weight_high:
        raise ConfigError(
            f"connections.weight_low is {synapses.weight_low}; expected at most connections.weight_high, "
            f"{synapses.weight_high}"
        )
    if show.rate > 1 / show.dt:
        raise ConfigError(
            f"presentation.rate is {show.rate} Hz; expected below {1 / show.dt:g} Hz, so that a step of "
            "presentation.dt resolves the intervals"
        )
    slowest = 2e-5 / show.dt * (CONTRAST_RESOLUTION if kind_of(config.drive).scaled else 1)
    if show.rate < slowest:
        raise ConfigError(
            f"presentation.rate is {show.rate} Hz; expected above {slowest:g} Hz, so that integers hold the intervals"
        )
    if 255 * (show.intensity + show.repetitions) >= 2**31:
        raise ConfigError(
            f"presentation.intensity is {show.intensity} and presentation.repetitions {show.repetitions}; expected a "
            f"sum of less than {2**31 // 255}, so that integers hold the input drive of a white pixel"
        )
    for name in ("learning_rate_half_life", "adaptation_half_life"):
        if 0 < (half_life := getattr(config.schedule, name)) < SHORTEST_HALF_LIFE:
            raise ConfigError(
                f"schedule.{name} is {half_life}; expected 0, which changes nothing, or at least {SHORTEST_HALF_LIFE}"
            )
    if config.schedule.learning_rate_half_life and not any(name.startswith("eta") for name in config.constants):
        raise ConfigError(
            f"schedule.learning_rate_half_life is {config.schedule.learning_rate_half_life}, and rule "
            f"{config.plasticity.name!r} has no learning rate: a constant whose name begins with eta"
        )


def _check_inhibition(config: "Config") -> None:
    own = config.equations
    if own.inhibitory_neurons > config.neurons:
        raise ConfigError(
            f"equations.inhibitory_neurons is {own.inhibitory_neurons}; expected at most {config.neurons}, the "
            "excitatory neurons"
        )
    if own.inhibitory_neurons == 1 < config.neurons and "gi" not in {line.name for line in own.equations("excitatory")}:
        raise ConfigError(
            "equations.inhibitory_neurons is 1, which every neuron drives and which so inhibits none; expected an "
            'equation as well: excitatory = "gi = g_pool : 1" inhibits all'
        )
