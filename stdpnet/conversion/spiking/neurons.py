"""Integrate-and-fire neurons, which take the place of ReLU."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import Layer, ReLU

RESETS = ("subtraction", "zero")


class Neurons(Layer):
    """What sends spikes, at most one in a step, and has a state."""


@dataclass(frozen=True, eq=False, repr=False)
class IntegrateAndFire(Neurons, ReLU):
    r"""In each step the potential grows by the current; where it is at least 1, a spike and a reset.

    .. math::

        v \leftarrow v + z(t) + c, \qquad s(t) = [v \geq 1], \qquad
        v \leftarrow v - s(t) \quad \text{or} \quad v \leftarrow v \, (1 - s(t))

    with the current :math:`z`, a constant :math:`c` that corrects it (0 but for networks made for some number of
    steps), the spike :math:`s`, and reset by subtraction or to zero (Rueckauer et al. 2017,
    doi:10.3389/fnins.2017.00682). With reset by subtraction a constant current :math:`a` gives the rate
    :math:`a - (v(T) - v(0)) / T` over :math:`T` steps; for :math:`a` between 0 and 1 these are exactly
    ``floor(a * T + initial)`` spikes.

    Signed neurons send negative spikes as well, and so take back what they have sent too much of: a neuron whose
    potential has fallen below 0, and that has sent more spikes than it took back, :math:`n > 0`, sends one of -1:

    .. math::

        s(t) = [v \geq 1] - [v < 0 \wedge n > 0], \qquad v \leftarrow v - s(t), \qquad n \leftarrow n + s(t)

    Spikes that come in the wrong order, as they do in deep networks, then cost nothing in the end: as long as no more
    than one spike a step is owed, `n` is at every step what the current so far asks for (Wang et al. 2022,
    doi:10.24963/ijcai.2022/347, with another threshold for negative spikes).

    Neurons with a lowest potential fall no further: what holds a neuron back for a while does not do so for ever. By
    itself that makes rates too high; with corrections that are measured so it helps in few steps.

    ``bound`` and ``levels`` are those of the `ReLU` whose place they take, in thresholds; they change no spike.

    Parameters
    ----------
    correction : ndarray, shape (channels,), optional
        The constant current of each channel; see `stdpnet.conversion.tuning`.
    reset : {"subtraction", "zero"}
        Reset to zero loses what exceeds the threshold: rates come out too low.
    initial : float
        Potential before the first step, in thresholds. One half rounds the rate to the nearest multiple of
        1 / T instead of down (Bu et al. 2022, arXiv:2202.01440).
    signed : bool
        Whether there are negative spikes; with reset by subtraction only.
    lowest : float, optional
        In thresholds, at most `initial`.

    Raises
    ------
    ConversionError
        When a parameter is not usable.

    Examples
    --------
    >>> IntegrateAndFire(reset="zero")
    IntegrateAndFire(bound=None, levels=0, correction=None, reset='zero', initial=0.5, signed=False, lowest=None)
    """

    correction: np.ndarray | None = None
    reset: str = "subtraction"
    initial: float = 0.5
    signed: bool = False
    lowest: float | None = None

    def __post_init__(self):
        super().__post_init__()
        if self.reset not in RESETS:
            raise ConversionError(f"reset is {self.reset!r}; expected one of {', '.join(RESETS)}")
        if not 0 <= self.initial < 1:
            raise ConversionError(f"initial is {self.initial}; expected at least 0 and below 1, the threshold")
        if self.lowest is not None and not self.lowest <= self.initial:
            raise ConversionError(f"lowest is {self.lowest}; expected at most initial, {self.initial}")
        if self.signed and self.reset != "subtraction":
            raise ConversionError(
                f"signed neurons with reset {self.reset}; expected subtraction, which can be taken back"
            )
