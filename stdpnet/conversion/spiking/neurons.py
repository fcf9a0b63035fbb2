"""Integrate-and-fire neurons, which take the place of ReLU."""

from dataclasses import dataclass

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import ReLU

RESETS = ("subtraction", "zero")


@dataclass(frozen=True, eq=False)
class IntegrateAndFire(ReLU):
    """In each step the potential grows by the current; where it is at least 1, a spike and a reset.

    ``v += current; spike = v >= 1``, then ``v -= 1`` or ``v = 0`` where there was a spike. With reset by
    subtraction a constant current ``a`` between 0 and 1 gives exactly ``floor(a * T + initial)``
    spikes in `T` steps (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682).

    Parameters
    ----------
    reset : {"subtraction", "zero"}
        Reset to zero loses what exceeds the threshold: rates come out too low.
    initial : float
        Potential before the first step, in thresholds. One half rounds the rate to the nearest multiple of
        1 / T instead of down (Bu et al. 2022, arXiv:2202.01440).

    Raises
    ------
    ConversionError
        When a parameter is not usable.
    """

    reset: str = "subtraction"
    initial: float = 0.5

    def __post_init__(self):
        if self.reset not in RESETS:
            raise ConversionError(f"reset is {self.reset!r}; expected one of {', '.join(RESETS)}")
        if not 0 <= self.initial < 1:
            raise ConversionError(f"initial is {self.initial}; expected at least 0 and below 1, the threshold")
