"""Equations of one's own that tests share: an added current, soft inhibition, a second receptor."""

import numpy as np
from oracle.neuron import Excitatory

TEXT = {
    "excitatory": """
        dv/dt = ((v_rest - v) + (ge + g_slow) * (e_excitatory - v) + soft * (e_inhibitory - v) - a) / tau_m : volt
        soft = gi / (1 + gi / g_half) : 1
        da/dt = -a / tau_a : volt
        dg_slow/dt = -g_slow / tau_slow : 1
    """,
    "excitatory_spike": "a += jump",
    "arrival": "g_slow_post += share * weight",
    "constants": {
        "g_half": 12.0,
        "tau_a": {"value": 80.0, "unit": "ms"},
        "jump": {"value": 3.0, "unit": "mV"},
        "tau_slow": {"value": 40.0, "unit": "ms"},
        "share": 0.02,
        "a_initial": {"value": 1.5, "unit": "mV"},
    },
}


class OwnExcitatory(Excitatory):
    """The same in NumPy, in mV and ms."""

    def __init__(self, n, *arguments):
        super().__init__(n, *arguments)
        self.a, self.g_slow = np.full(n, 1.5), np.zeros(n)

    def arrive(self, weights):
        super().arrive(weights)
        self.g_slow += 0.02 * weights

    def conductances(self):
        return self.ge + self.g_slow, self.gi / (1 + self.gi / 12), self.a

    def decay(self):
        super().decay()
        self.a *= np.exp(-self.dt / 80)
        self.g_slow *= np.exp(-self.dt / 40)

    def fire(self, threshold):
        fired = super().fire(threshold)
        self.a[fired] += 3
        return fired
