"""The fixed synapses and the bounds of the plastic ones: their constants, and the pool of lateral inhibition.

Sources: see `stdpnet.network.neurons`.
"""

from dataclasses import dataclass

from stdpnet.base.parameters import parameter
from stdpnet.network.neurons import Excitatory, NeuronText, shared_parameters


@dataclass(frozen=True)
class Connections:
    r"""Synapses: input to excitatory (plastic), excitatory to its inhibitory partner and from there to all others.

    A spike adds the weight of its synapse to the conductance of the target, which is relative to that of the leak, and
    so has no unit: :math:`g \leftarrow g + w`. Input synapses start with weights uniform between the least and the
    greatest.

    Examples
    --------
    >>> Connections(inhibition=10.0).inhibition
    10.0
    """

    excitation: float = parameter(
        10.4, "weight from an excitatory neuron to its inhibitory partner", "", "G:47", low=0, high=1e6
    )
    inhibition: float = parameter(
        17.0, "lateral inhibition: weight from an inhibitory neuron to all other excitatory ones", "", "G:48", low=0
    )
    weight_low: float = parameter(0.003, "least initial weight of an input synapse", "", "G:62", low=0, high=1e6)
    weight_high: float = parameter(0.303, "greatest initial weight of an input synapse", "", "G:63", low=0, high=1e6)
    weight_max: float = parameter(1.0, "greatest weight that learning can reach", "", "C:296", low=0, high=1e6)
    weight_total: float = parameter(
        78.0,
        "normalisation: sum of the input weights of a neuron; for images too small for it, half of all weights "
        "at their greatest",
        "",
        "C:285",
        low=0,
        high=1e6,
    )
    delay_max: float = parameter(
        10.0, "greatest delay; delays are uniform on [0, delay_max)", "ms", "C:286", low=0, high=1000
    )


#: The conductance of all inhibitory spikes together. Each excitatory neuron takes its own partner's part off.
POOL = NeuronText(
    "\ndg/dt = -g / tau_gi : 1\n" + shared_parameters(Excitatory, ["tau_gi"]), threshold="", reset="", rest="g_post = 0"
)
