"""Synapses: constants of the projections, and the pool that lateral inhibition comes from."""

from dataclasses import dataclass

from stdpnet.base.parameters import parameter


@dataclass(frozen=True)
class Connections:
    """Synapses: input to excitatory (plastic), excitatory to its inhibitory partner and from there to all others."""

    excitation: float = parameter(10.4, "weight from an excitatory neuron to its inhibitory partner", "", "G:47", low=0)
    inhibition: float = parameter(
        17.0, "lateral inhibition: weight from an inhibitory neuron to all other excitatory ones", "", "G:48", low=0
    )
    weight_low: float = parameter(0.003, "least initial weight of an input synapse", "", "G:62", low=0)
    weight_high: float = parameter(0.303, "greatest initial weight of an input synapse", "", "G:63", low=0)
    weight_max: float = parameter(1.0, "greatest weight that learning can reach", "", "C:296", low=0)
    weight_total: float = parameter(
        78.0,
        "normalisation: sum of the input weights of a neuron; for images too small for it, half of all weights "
        "at their greatest",
        "",
        "C:285",
        low=0,
    )
    delay_max: float = parameter(10.0, "greatest delay; delays are uniform on [0, delay_max)", "ms", "C:286", low=0)


POOL = """
dg/dt = -g / tau_gi : 1
tau_gi : second (shared, constant)
"""
