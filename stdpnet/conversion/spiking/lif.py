"""Neurons with a rate curve, and the synapses that smooth what they send."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.forward import compute
from stdpnet.conversion.graph.layers import Layer
from stdpnet.conversion.graph.rates import RateCurve, SoftLIF
from stdpnet.conversion.spiking.neurons import Neurons

#: Duration of a time step, in s.
STEP = 1e-3


@dataclass(frozen=True, eq=False)
class LIF(Neurons, SoftLIF):
    r"""Leaky integrate-and-fire neurons with a refractory time.

    .. math:: \tau_{RC} \frac{dv}{dt} = 1 + j - v, \qquad \text{a spike when } v \geq 1, \qquad v \leftarrow 0
              \text{ for } \tau_{ref}

    with the current :math:`j`, the gain times the input, above that which just reaches the threshold. Within a step the
    current is constant; when in the step the potential reaches the threshold is computed, so that rates do not depend
    on the step. Activations of the layer, as those of all spiking ones, are spikes per step.
    """

    gamma: float = 0.0


@dataclass(frozen=True, eq=False)
class CurveNeurons(Neurons, RateCurve):
    r"""Neurons of any rate curve: a phase grows by the rate of the present current, and each turn is a spike.

    .. math:: \frac{d\varphi}{dt} = r(g x), \qquad \text{a spike when } \varphi \geq 1, \qquad \varphi \leftarrow
              \varphi - 1

    Parameters
    ----------
    gamma : float
        0, sharp; the others are those of `RateCurve`.
    curve : RateCurve
        With the rate.
    """

    gamma: float = 0.0
    curve: RateCurve = field(default_factory=RateCurve)

    def rate(self, above: Any, xp: Any) -> Any:
        """Return the rate, in spikes per second; see `RateCurve.rate`."""
        return self.curve.rate(above, xp)


@dataclass(frozen=True, eq=False)
class AlphaSynapse(Layer):
    r"""Synapses through which each spike becomes a current that rises and falls again.

    .. math:: h(t) = \frac{t}{\tau^2} e^{-t / \tau}

    Two exponential filters in a row, exact for spikes at the beginning of a step, and of sum 1.

    Parameters
    ----------
    tau : float
        Time constant, in s; 0: all in the step of the spike.
    weight : float
        What a spike in every step brings.

    Raises
    ------
    ConversionError
        When the time constant is negative.
    """

    tau: float = 0.005
    weight: float = 1.0

    def __post_init__(self):
        if not self.tau >= 0:
            raise ConversionError(f"the time constant of synapses is {self.tau} s; expected at least 0")


@compute.register
def _weigh(layer: AlphaSynapse, x):
    return np.asarray(layer.weight, x.dtype) * x


def neurons_of(curve: RateCurve) -> Neurons:
    """Return the neurons that spike at the rate of a curve, of amplitude `STEP`: a spike in every step is 1.

    Examples
    --------
    >>> neurons_of(SoftLIF(tau_rc=0.02))
    LIF(amplitude=0.001, gain=0.825, gamma=0.0, tau_ref=0.001, tau_rc=0.02)
    """
    if type(curve) is SoftLIF:
        return LIF(STEP, curve.gain, 0.0, curve.tau_ref, curve.tau_rc)
    return CurveNeurons(STEP, curve.gain, curve=replace(curve, gamma=0.0))
