"""What changes in the course of a training: learning and threshold adaptation slow down, lateral inhibition rises."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stdpnet.base.parameters import parameter

if TYPE_CHECKING:
    from stdpnet.learning.config import Config

#: Presentations between two changes. Batches end there, so that their length decides nothing.
STEP = 1000

#: Halvings after which a pace is as good as still; more of them would end in zero, and tau_theta in infinity.
HALVINGS = 30


@dataclass(frozen=True)
class Schedule:
    """What changes in the course of the training, every 1,000 presentations."""

    learning_rate_half_life: float = parameter(
        0.0,
        "presentations in which the learning rates, constants called eta..., fall to half, or below 1 their share of "
        "the whole training; 0 keeps them",
        low=0,
    )
    adaptation_half_life: float = parameter(
        0.0,
        "presentations in which threshold adaptation, theta_plus and 1 / tau_theta alike, slows to half, or below 1 "
        "their share of the whole training; 0 keeps it",
        low=0,
    )
    inhibition_start: float = parameter(1.0, "lateral inhibition at the start, as a share of inhibition", low=0)
    inhibition_rise: int = parameter(0, "presentations in which it rises to inhibition; 0: it is there at once", low=0)


def at(config: "Config", presented: int, total: float) -> "Config":
    """Return the configuration as it is after a number of presentations.

    Parameters
    ----------
    config : Config
    presented : int
        Counted down to a multiple of `STEP`.
    total : int or inf
        Presentations of the whole training.

    Returns
    -------
    Config
        With the learning rates of the rule, the constants called ``eta...``, the threshold
        adaptation and the lateral inhibition of that moment. Where theta settles does not
        change, since theta_plus and 1 / tau_theta fall together.

    Examples
    --------
    >>> from stdpnet.learning.config import Config
    >>> config = Config(schedule={"learning_rate_half_life": 0.25})  # of the whole training
    >>> at(config, presented=10_000, total=20_000).constants["eta_plus"] / config.constants["eta_plus"]
    0.25
    """
    schedule, presented = config.schedule, presented - presented % STEP
    half_lives = schedule.learning_rate_half_life, schedule.adaptation_half_life
    rate, pace = (_left(presented, h * total if 0 < h < 1 else h) for h in half_lives)
    rates = {name: value * rate for name, value in config.constants.items() if name.startswith("eta")}
    theta = config.excitatory
    theta = replace(theta, theta_plus=theta.theta_plus * pace, tau_theta=theta.tau_theta / pace)
    share = min(1.0, presented / schedule.inhibition_rise) if schedule.inhibition_rise else 1.0
    factor = schedule.inhibition_start + (1 - schedule.inhibition_start) * share
    connections = replace(config.connections, inhibition=config.connections.inhibition * factor)
    return replace(config, constants={**config.constants, **rates}, excitatory=theta, connections=connections)


def _left(presented: int, half_life: float) -> float:
    return 0.5 ** min(presented / half_life, HALVINGS) if half_life else 1.0


def until_change(presented: int) -> int:
    """Return the number of presentations until the next change."""
    return STEP - presented % STEP
