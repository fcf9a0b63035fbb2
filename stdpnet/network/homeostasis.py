r"""What keeps all neurons in use: adaptive thresholds, and weights of one sum.

.. math::

    \theta \leftarrow \theta + \theta_{plus} \text{ at each spike of the neuron}, \qquad
    \tau_{\theta} \dot{\theta} = -\theta, \qquad
    w_{ij} \leftarrow w_{ij} \, \frac{w_{total}}{\sum_k w_{kj}} \text{ before each presentation}

Adaptation: Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, section 2.3, C:304 to 307. Normalisation: section 2.4,
C:97. Both belong to a network that learns; in a frozen one theta and weights stay.
"""

from stdpnet.network.neurons import Excitatory, shared_parameters

ADAPTATION = shared_parameters(Excitatory, Excitatory.adaptation) + "weight_sum : 1\n"
ADAPTATION_SPIKE = "theta += theta_plus"

# theta's decay over one presentation is 5e-5 of its value: as a differential equation in single precision each step's
# decay would drown in rounding, so it is applied once per presentation, at the onset.
ADAPTATION_ONSET = """
theta_post *= exp(-slot_steps_pre * dt / tau_theta_post)
weight_sum_post = 0
"""

#: Of a synapse, at the onset: first all add to the sum of their neuron, then all are scaled.
NORMALISATION_TOTAL = "\nweight_total : 1 (shared, constant)"
NORMALISATION_SUM = "weight_sum_post += w"
#: A neuron whose weights are all zero keeps them, instead of turning them into NaN.
NORMALISATION_SCALE = "w *= weight_total / (weight_sum_post + int(weight_sum_post == 0))"
