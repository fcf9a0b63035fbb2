"""The four plasticity rules as their papers state them, one class for each.

Times are in ms. ``w`` has shape (n_inputs, n_outputs) and is changed in place; ``i`` and ``j`` are the
inputs and the outputs that fire in this step. A rule has four moments, in this order within a step:

1. `on_pre`: an input spike changes its row of weights,
2. `pre_spike`: then its own trace,
3. `on_post`: an output spike changes its column of weights, so it sees the input spikes of the same step,
4. `post_spike`: then its own traces.
"""

import numpy as np


class Trace:
    """An exponentially decaying memory of the spikes of n neurons."""

    def __init__(self, n, tau):
        self.value, self.tau = np.zeros(n), tau

    def decay(self, dt):
        self.value *= np.exp(-dt / self.tau)


class Plasticity:
    """What the rules have in common: weights stay within [0, w_max], and what a rule does not name changes nothing."""

    def __init__(self, w_max, *traces):
        self.w_max, self.traces = w_max, traces

    def decay(self, dt):
        for trace in self.traces:
            trace.decay(dt)

    def clip(self, w):
        return np.minimum(np.maximum(w, 0), self.w_max)

    def on_pre(self, w, i):
        pass

    def pre_spike(self, i):
        pass

    def on_post(self, w, j):
        pass

    def post_spike(self, j):
        pass


class PowerLaw(Plasticity):
    """Diehl & Cook 2015, equation 3.

    At an output spike: ``dw = eta (x_pre - x_target) (w_max - w)^mu``. Each input spike adds 1 to x_pre.
    """

    def __init__(self, shape, w_max, *, tau_x, x_target, mu, eta):
        self.x_pre = Trace(shape[0], tau_x)
        super().__init__(w_max, self.x_pre)
        self.x_target, self.mu, self.eta = x_target, mu, eta

    def pre_spike(self, i):
        self.x_pre.value[i] += 1

    def on_post(self, w, j):
        surplus = self.x_pre.value[:, None] - self.x_target
        w[:, j] = self.clip(w[:, j] + self.eta * surplus * (self.w_max - w[:, j]) ** self.mu)


class Exponential(Plasticity):
    """Diehl & Cook 2015, equation 4.

    At an output spike: ``dw = eta (x_pre exp(-beta w) - x_target exp(-beta (w_max - w)))``. Each input spike
    adds 1 to x_pre.
    """

    def __init__(self, shape, w_max, *, tau_x, x_target, beta, eta):
        self.x_pre = Trace(shape[0], tau_x)
        super().__init__(w_max, self.x_pre)
        self.x_target, self.beta, self.eta = x_target, beta, eta

    def pre_spike(self, i):
        self.x_pre.value[i] += 1

    def on_post(self, w, j):
        rise = self.x_pre.value[:, None] * np.exp(-self.beta * w[:, j])
        fall = self.x_target * np.exp(-self.beta * (self.w_max - w[:, j]))
        w[:, j] = self.clip(w[:, j] + self.eta * (rise - fall))


class PreAndPost(Plasticity):
    """Diehl & Cook 2015, equations 5 and 6.

    At an input spike: ``dw = -eta_minus x_post w^mu``.
    At an output spike: ``dw = eta_plus (x_pre - x_target) (w_max - w)^mu``.
    Each spike adds 1 to its trace; x_post is called y in the package.
    """

    def __init__(self, shape, w_max, *, tau_x, tau_y, x_target, mu, eta_minus, eta_plus):
        self.x_pre, self.x_post = Trace(shape[0], tau_x), Trace(shape[1], tau_y)
        super().__init__(w_max, self.x_pre, self.x_post)
        self.x_target, self.mu, self.eta_minus, self.eta_plus = x_target, mu, eta_minus, eta_plus

    def on_pre(self, w, i):
        w[i] = self.clip(w[i] - self.eta_minus * self.x_post.value * w[i] ** self.mu)

    def pre_spike(self, i):
        self.x_pre.value[i] += 1

    def on_post(self, w, j):
        surplus = self.x_pre.value[:, None] - self.x_target
        w[:, j] = self.clip(w[:, j] + self.eta_plus * surplus * (self.w_max - w[:, j]) ** self.mu)

    def post_spike(self, j):
        self.x_post.value[j] += 1


class Triplet(Plasticity):
    """The minimal triplet model of Pfister & Gerstner 2006 with nearest spikes, as in Diehl & Cook's 2014 code.

    At an input spike: ``dw = -eta_minus y1``. At an output spike: ``dw = eta_plus x y2``, with y2 from before
    this spike, so that a first output spike changes nothing. A spike sets its traces to 1.
    """

    def __init__(self, shape, w_max, *, tau_x, tau_y1, tau_y2, eta_minus, eta_plus):
        self.x, self.y1, self.y2 = Trace(shape[0], tau_x), Trace(shape[1], tau_y1), Trace(shape[1], tau_y2)
        super().__init__(w_max, self.x, self.y1, self.y2)
        self.eta_minus, self.eta_plus = eta_minus, eta_plus

    def on_pre(self, w, i):
        w[i] = self.clip(w[i] - self.eta_minus * self.y1.value)

    def pre_spike(self, i):
        self.x.value[i] = 1

    def on_post(self, w, j):
        w[:, j] = self.clip(w[:, j] + self.eta_plus * self.x.value[:, None] * self.y2.value[j])

    def post_spike(self, j):
        self.y1.value[j] = self.y2.value[j] = 1


ORACLES = {"power-law": PowerLaw, "exponential": Exponential, "pre-and-post": PreAndPost, "triplet": Triplet}


def oracle_of(rule, shape, w_max):
    """Return the oracle of one of the package's rules, with the constants that the rule has."""
    constants = {name: constant.value for name, constant in rule.constants.items()}
    return ORACLES[rule.name](shape, w_max, **constants)
