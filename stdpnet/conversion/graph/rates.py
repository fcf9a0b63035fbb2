"""Activations that are the firing rates of neurons, made smooth, for networks that are to become such neurons."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.forward import compute
from stdpnet.conversion.graph.layers import Layer

#: Furthest below the threshold, in units of `gamma`, that the curve is followed; single precision holds no more.
LOWEST = -80.0


@dataclass(frozen=True, eq=False)
class RateCurve(Layer):
    r"""The rate of a neuron against its input, with a corner at the threshold made round.

    .. math:: f(x) = A\, r(\rho(g x)), \qquad \rho(j) = \gamma \log(1 + e^{j / \gamma})

    with the rate :math:`r` of a current so far above the threshold, the amplitude :math:`A` of what a spike sends on,
    and the gain :math:`g`. Hunsberger & Eliasmith 2016, arXiv:1611.05141, eqs. 5-7. A neuron type of one's own is a
    subclass with a `rate`: networks train with it, and become neurons that spike at this rate.

    Parameters
    ----------
    amplitude : float
        What a rate of 1 spike/s brings, in units of the activation times seconds.
    gain : float
        Current for an input of 1.
    gamma : float
        How round the corner is, in units of the current. 0: not at all, as neurons are.

    Raises
    ------
    ConversionError
        When one of them is not usable.

    Examples
    --------
    >>> class Refractory(RateCurve):
    ...     def rate(self, above, xp):  # integrate-and-fire, silent for 2 ms after a spike
    ...         return above / (0.01 + 0.002 * above)
    >>> Refractory(amplitude=0.01, gamma=0.0).activation(np.array([-1.0, 1.0, 10.0]), np).round(3)
    array([0.   , 0.833, 3.333])
    """

    amplitude: float = 1.0
    gain: float = 1.0
    gamma: float = 0.02

    def __post_init__(self):
        for name, least in (("amplitude", 0), ("gain", 0), ("gamma", None)):
            value = getattr(self, name)
            if not np.isfinite(value) or value < 0 or value == least:
                raise ConversionError(
                    f"{type(self).__name__}: {name} is {value}; expected a finite number "
                    f"{'of at least' if least is None else 'above'} 0"
                )

    def rate(self, above: Any, xp: Any) -> Any:
        """Return the rate, in spikes per second.

        Parameters
        ----------
        above : ndarray or tensor
            Current above the threshold, positive; 0 only where `gamma` is 0, and there the rate is to be 0.
        xp : module
            NumPy or PyTorch, whose functions take `above`.
        """
        raise NotImplementedError(f"{type(self).__name__} has no rate; define rate(self, above, xp)")

    def activation(self, x: Any, xp: Any) -> Any:
        """Return the activation of an input; parameters as those of `rate`."""
        current = x * self.gain
        if self.gamma:
            scaled = (current / self.gamma).clip(LOWEST)
            return self.amplitude * self.rate(xp.logaddexp(scaled * 0, scaled) * self.gamma, xp)
        return self.amplitude * self.rate(current.clip(0), xp)


@dataclass(frozen=True, eq=False)
class SoftLIF(RateCurve):
    r"""The rate of leaky integrate-and-fire neurons, whose threshold an input of 0 just reaches.

    .. math:: r(j) = \frac{1}{\tau_{ref} + \tau_{RC} \log(1 + 1 / j)}

    with the current :math:`j` above the threshold. The constants are those of Hunsberger & Eliasmith for CIFAR-10;
    amplitude and gain make the curve follow a ReLU up to 10.

    Parameters
    ----------
    amplitude, gain, gamma : float
        See `RateCurve`.
    tau_ref, tau_rc : float
        Refractory time, and time constant of the potential, in s.

    Examples
    --------
    >>> SoftLIF().activation(np.array([-1.0, 0.0, 1.0, 10.0]), np).round(2)
    array([0.03, 0.29, 1.55, 9.37])
    """

    amplitude: float = 0.063
    gain: float = 0.825
    gamma: float = 0.02
    tau_ref: float = 0.001
    tau_rc: float = 0.05

    def __post_init__(self):
        super().__post_init__()
        if not (self.tau_ref >= 0 and self.tau_rc > 0):
            raise ConversionError(
                f"tau_ref is {self.tau_ref} s, tau_rc {self.tau_rc} s; expected at least 0, and above 0"
            )

    def rate(self, above: Any, xp: Any) -> Any:
        """Return the rate, in spikes per second; see `RateCurve.rate`."""
        return 1 / (self.tau_ref + self.tau_rc * (xp.log1p(above) - xp.log(above)))


@compute.register
def _rate(layer: RateCurve, x):
    with np.errstate(divide="ignore"):  # at rest the logarithm of the current is infinite, and the rate 0
        return layer.activation(x, np)
