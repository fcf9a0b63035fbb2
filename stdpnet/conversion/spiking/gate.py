"""Max pooling of spike trains: a gate lets those of the most active input pass."""

from dataclasses import dataclass

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import MaxPooling

#: How a gate estimates the rate of an input, and whether that takes a number of steps.
ESTIMATES = {"cumulative": False, "exponential": True, "finite": True}


@dataclass(frozen=True, eq=False)
class MaxGate(MaxPooling):
    """Passes in each step what comes from that input of the window whose rate estimate is the highest.

    Rueckauer et al. (2017, doi:10.3389/fnins.2017.00682). The estimate includes the present step.

    - ``cumulative``: the sum of all inputs so far. Of several with the same sum the one that was let
      pass before stays, so that the output's sum is always the largest sum of an input: the gate adds no
      error to the rates. It is computed as the growth of the largest sum, which takes graded currents as well.
    - ``exponential``: the mean with weights that fall by ``1 - 1 / span`` in a step. Of several with the
      same estimate the first in the window passes, row by row.
    - ``finite``: the mean of the last `span` steps, a finite impulse response of equal weights; ties as before.

    Parameters
    ----------
    estimate : {"cumulative", "exponential", "finite"}
    span : int
        Steps; of no use with ``cumulative``.

    Raises
    ------
    ConversionError
        When a parameter is not usable.
    """

    estimate: str = "cumulative"
    span: int = 0

    def __post_init__(self):
        if self.estimate not in ESTIMATES:
            raise ConversionError(f"estimate is {self.estimate!r}; expected one of {', '.join(ESTIMATES)}")
        if ESTIMATES[self.estimate] and self.span < 1:
            raise ConversionError(f"the {self.estimate} estimate has a span of {self.span}; expected at least 1 step")


def gate_estimate(text: str) -> tuple[str, int]:
    """Return estimate and span of a gate from text such as ``cumulative`` or ``exponential:20``.

    Parameters
    ----------
    text : str

    Returns
    -------
    estimate : str
    span : int
        In steps; 0 where the estimate has none.

    Raises
    ------
    ConversionError
        When it is neither.
    """
    estimate, _, span = str(text).partition(":")
    if estimate in ESTIMATES and (span.isdecimal() if ESTIMATES[estimate] else not span):
        return estimate, int(span or 0)
    raise ConversionError(f"gate is {text!r}; expected 'cumulative', 'exponential:SPAN' or 'finite:SPAN', in steps")
