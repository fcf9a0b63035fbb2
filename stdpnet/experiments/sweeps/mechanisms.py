"""Parts of the network that can be left out, one at a time, and how the configuration says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.learning.config import Config

#: Time constant in ms at which theta does not change at all, in single precision.
STILL = 1e15

#: Constants of the rules of the package that weaken weights.
DEPRESSION = ("eta_minus", "x_target")


@dataclass(frozen=True)
class Mechanism:
    """A part of the network that can be left out.

    Attributes
    ----------
    about : str
        What is done to leave it out.
    removed : callable
        Returns a `Config` without it.
    """

    about: str
    removed: Callable[[Config], Config]


def _adaptation(config: Config) -> Config:
    return replace(config, excitatory=replace(config.excitatory, theta_plus=0.0, tau_theta=STILL))


def _inhibition(config: Config) -> Config:
    return replace(config, connections=replace(config.connections, inhibition=0.0))


def _normalisation(config: Config) -> Config:
    rule = config.plasticity
    return replace(config, rule=replace(rule, normalise=False)) if rule.normalise else config


def _learning(config: Config) -> Config:
    return _zero(config, [name for name in config.constants if name.startswith("eta")])


def _depression(config: Config) -> Config:
    return _zero(config, [name for name in DEPRESSION if name in config.constants])


def _delays(config: Config) -> Config:
    return replace(config, delays=False)


def _rest(config: Config) -> Config:
    least = config.connections.delay_max if config.delays else 0.0
    return replace(config, presentation=replace(config.presentation, rest=least))


def _repetition(config: Config) -> Config:
    return replace(config, presentation=replace(config.presentation, repetitions=0))


def _zero(config: Config, names: Iterable[str]) -> Config:
    return replace(config, constants={**config.constants, **dict.fromkeys(names, 0.0)})


MECHANISMS = {
    "learning": Mechanism("weights stay as they were drawn: constants called eta... are 0", _learning),
    "inhibition": Mechanism("no lateral inhibition", _inhibition),
    "adaptation": Mechanism("thresholds stay as they start", _adaptation),
    "normalisation": Mechanism("weights of a neuron may have any sum, for rules that normalise", _normalisation),
    "depression": Mechanism(f"no weight falls: {', '.join(DEPRESSION)} are 0", _depression),
    "delays": Mechanism("input spikes arrive at once", _delays),
    "rest": Mechanism("an image follows at once, or after the longest delay", _rest),
    "repetition": Mechanism("images that bring few spikes are not shown again", _repetition),
}


def without(config: Config, name: str) -> Config | None:
    """Return a configuration without one mechanism, and otherwise the same.

    Parameters
    ----------
    config : Config
    name : str
        One of `MECHANISMS`.

    Returns
    -------
    Config or None
        None where it has no such mechanism.

    Raises
    ------
    ConfigError
        When there is no mechanism of that name.

    Examples
    --------
    >>> without(Config(), "inhibition")
    Config(connections={'inhibition': 0.0})
    >>> print(without(Config(rule="exponential"), "normalisation"))
    None
    """
    if name not in MECHANISMS:
        raise ConfigError(
            f"unknown mechanism {name!r}{did_you_mean(name, MECHANISMS)}; expected one of {', '.join(MECHANISMS)}"
        )
    changed = MECHANISMS[name].removed(config)
    return None if changed.to_dict() == config.to_dict() else changed
