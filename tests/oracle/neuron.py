"""The neurons: conductance-based leaky integrate-and-fire, Diehl & Cook 2015, equations 1 and 2. In mV and ms.

Over a step the conductances are held, and the potential relaxes exponentially towards the level they pull it to
(exponential Euler). A spike is found at the end of a step; then the potential is reset.
"""

import numpy as np


class Neurons:
    """What excitatory and inhibitory neurons have in common.

    Parameters
    ----------
    n : int
    constants : stdpnet.network.neurons.Excitatory or Inhibitory
    dt : float
    """

    def __init__(self, n, constants, dt):
        self.constants, self.dt = constants, dt
        self.v, self.ge = np.full(n, constants.v_initial), np.zeros(n)
        self.since_spike = np.full(n, np.inf)  # steps
        self.refractory_steps = round(constants.refractory_time / dt)

    def relax(self, v, total, pull):
        """Integrate ``tau_m dv/dt = pull - total v`` over a step, with conductances relative to the leak."""
        level = pull / total
        return level + (v - level) * np.exp(-self.dt * total / self.constants.tau_m)

    def fire(self, threshold):
        """Return who is above the threshold and no longer refractory, and reset them."""
        self.since_spike += 1
        fired = (self.v > threshold) & (self.since_spike >= self.refractory_steps)
        self.v[fired], self.since_spike[fired] = self.constants.v_reset, 0
        return fired


class Excitatory(Neurons):
    """With inhibition and an adaptive threshold; while refractory the potential integrates, but does not fire."""

    def __init__(self, n, constants, dt, theta_plus):
        super().__init__(n, constants, dt)
        self.gi, self.theta, self.theta_plus = np.zeros(n), np.full(n, constants.theta_initial), theta_plus

    def arrive(self, weights):
        """Add the weights of the input spikes that arrive."""
        self.ge += weights

    def conductances(self):
        """Return excitation and inhibition, relative to the leak, and what a current takes off the pull, in mV."""
        return self.ge, self.gi, 0.0

    def decay(self):
        """Let what is kept decay over a step."""
        self.ge *= np.exp(-self.dt / self.constants.tau_ge)
        self.gi *= np.exp(-self.dt / self.constants.tau_gi)

    def integrate(self):
        """Advance by one step, up to the threshold."""
        c = self.constants
        ge, gi, current = self.conductances()
        self.v = self.relax(self.v, 1 + ge + gi, c.v_rest + ge * c.e_excitatory + gi * c.e_inhibitory - current)
        self.decay()

    def spike(self):
        """Return who fires."""
        c = self.constants
        fired = self.fire(c.v_threshold - c.theta_offset + self.theta)
        self.theta[fired] += self.theta_plus
        return fired


class Inhibitory(Neurons):
    """Without inhibition, with a fixed threshold; held at the reset potential while refractory."""

    def integrate(self):
        """Advance by one step, up to the threshold."""
        c = self.constants
        free = self.since_spike >= self.refractory_steps
        v = self.relax(self.v, 1 + self.ge, c.v_rest + self.ge * c.e_excitatory)
        self.v = np.where(free, v, self.v)
        self.ge *= np.exp(-self.dt / c.tau_ge)

    def spike(self):
        """Return who fires."""
        return self.fire(self.constants.v_threshold)
