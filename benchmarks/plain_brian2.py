"""The network as one would first write it in Brian2, for comparison.

Runtime mode with the Cython target, every synapse an object of its own, one `run` for the
window and one for the rest of each presentation, normalisation in NumPy in between. The model
is that of `stdpnet`; constants come from its `Config`. What differs is how it is written.
"""

import numpy as np

EXCITATORY = """
dv/dt = ((v_rest - v) + ge * (e_excitatory - v) + gi * (e_inhibitory - v)) / tau_m : volt
dge/dt = -ge / tau_ge : 1
dgi/dt = -gi / tau_gi : 1
dtheta/dt = -theta / tau_theta : volt
"""
INHIBITORY = """
dv/dt = ((v_rest - v) + ge * (e_excitatory - v)) / tau_m : volt (unless refractory)
dge/dt = -ge / tau_ge : 1
"""
PLASTIC = """
w : 1
dx/dt = -x / tau_x : 1 (event-driven)
dy1/dt = -y1 / tau_y1 : 1 (event-driven)
dy2/dt = -y2 / tau_y2 : 1 (event-driven)
"""
ON_PRE = """
ge_post += w
x = 1
w = clip(w - eta_minus * y1, 0, w_max)
"""
ON_POST = """
w = clip(w + eta_plus * x * y2, 0, w_max)
y1 = 1
y2 = 1
"""


def with_units(values, metadata):
    """Return the fields of a parameter dataclass as Brian2 quantities, by name."""
    from brian2 import ms, mV

    units = {"ms": ms, "mV": mV, "": 1, "1": 1}
    return {name: getattr(values, name) * units[metadata[name].metadata["unit"]] for name in metadata}


class PlainNetwork:
    """The network, ready to be shown images.

    Parameters
    ----------
    config : stdpnet.Config
    state : dict of str to ndarray
        Weights, thresholds and delays to start from, as `stdpnet.learning.presentation.batch.present` returns them.
    """

    def __init__(self, config, state):
        import brian2 as b

        b.prefs.codegen.target = "cython"
        b.defaultclock.dt = config.presentation.dt * b.ms
        n_inputs, n = state["input_synapses.w"].shape
        e, i = (with_units(part, part.__dataclass_fields__) for part in (config.excitatory, config.inhibitory))
        e["theta_plus"] = e["theta_plus"] * n / 400
        rule = config.plasticity.constants
        learning = {name: c.value * (b.ms if c.unit == "ms" else 1) for name, c in rule.items()}
        learning["w_max"] = config.connections.weight_max

        common = {"method": "exponential_euler"}
        self.inputs = b.PoissonGroup(n_inputs, rates=0 * b.Hz)
        excitatory = b.NeuronGroup(
            n,
            EXCITATORY,
            threshold="v > theta - theta_offset + v_threshold",
            reset="v = v_reset; theta += theta_plus",
            refractory=e["refractory_time"],
            namespace=e,
            **common,
        )
        inhibitory = b.NeuronGroup(
            n,
            INHIBITORY,
            threshold="v > v_threshold",
            reset="v = v_reset",
            refractory=i["refractory_time"],
            namespace=i,
            **common,
        )
        to_partner = b.Synapses(excitatory, inhibitory, on_pre="ge_post += excitation")
        to_partner.connect(j="i")
        to_others = b.Synapses(inhibitory, excitatory, on_pre="gi_post += inhibition")
        to_others.connect(condition="i != j")
        for synapses in (to_partner, to_others):
            synapses.namespace.update(
                excitation=config.connections.excitation, inhibition=config.connections.inhibition
            )
        self.plastic = b.Synapses(self.inputs, excitatory, PLASTIC, on_pre=ON_PRE, on_post=ON_POST, namespace=learning)
        self.plastic.connect()
        self.plastic.w = state["input_synapses.w"].ravel()
        if "input_synapses.delay_steps" in state:
            self.plastic.pre.delay = state["input_synapses.delay_steps"].ravel() * config.presentation.dt * b.ms
        excitatory.v = state["excitatory.v"] * b.volt
        excitatory.theta = state["excitatory.theta"] * b.volt
        inhibitory.v = state["inhibitory.v"] * b.volt
        self.spikes = b.SpikeMonitor(excitatory, record=False)
        self.network = b.Network(self.inputs, excitatory, inhibitory, to_partner, to_others, self.plastic, self.spikes)
        self.config, self.shape, self.ms, self.hertz = config, (n_inputs, n), b.ms, b.Hz

    def present(self, image):
        """Show one image once, then rest."""
        show = self.config.presentation
        weights = np.asarray(self.plastic.w).reshape(self.shape)
        self.plastic.w = (weights * (self.config.connections.weight_total / weights.sum(axis=0))).ravel()
        self.inputs.rates = image * (show.rate * show.intensity) * self.hertz
        self.network.run(show.window * self.ms)
        self.inputs.rates = 0 * self.hertz
        self.network.run(show.rest * self.ms)
