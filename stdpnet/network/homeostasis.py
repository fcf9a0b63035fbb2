r"""What keeps all neurons in use: adaptive thresholds, and weights of one sum.

.. math::

    \theta \leftarrow \theta + \theta_{plus} \text{ at each spike of the neuron}, \qquad
    \tau_{\theta} \dot{\theta} = -\theta, \qquad
    w_{ij} \leftarrow w_{ij} \, \frac{w_{total}}{\sum_k w_{kj}} \text{ before each presentation}

Adaptation: Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, section 2.3, C:304 to 307. Normalisation: section 2.4,
C:97. Both belong to a network that learns; in a frozen one theta and weights stay.
"""

from stdpnet.network.idle import COUNT_OVER, deciding
from stdpnet.network.neurons import Excitatory, shared_parameters
from stdpnet.rules import Rule

ADAPTATION = shared_parameters(Excitatory, Excitatory.adaptation)
ADAPTATION_SPIKE = "theta += theta_plus\n"

# theta's decay over one presentation is 5e-5 of its value: as a differential equation in single precision each step's
# decay would drown in rounding, so it is applied once per presentation, at the onset.
ADAPTATION_ONSET = "theta_post *= exp(-slot_steps_pre * dt / tau_theta_post)\n"

#: Of a neuron: the sum of its weights, and whether they may have changed since they were last scaled.
NORMALISATION = "\nweight_sum : 1\nweights_changed : 1\n"
NORMALISATION_SPIKE = "weights_changed = 1\n"

#: Of a synapse, at the onset: first all add to the sum of their neuron, then those of changed neurons are scaled. A
#: neuron whose weights are all zero keeps them, instead of turning them into NaN.
NORMALISATION_TOTAL = "\nweight_total : 1 (shared, constant)"
NORMALISATION_SUM = "weight_sum_post += w"
NORMALISATION_SCALE = (
    "w *= weights_changed_post * weight_total / (weight_sum_post + int(weight_sum_post == 0)) "
    "+ 1 - weights_changed_post"
)


def normalisation(rule: Rule) -> tuple[str, str, str]:
    """Return what happens to a neuron before scaling, to a synapse, and to a neuron after it.

    Weights change at spikes of the neuron, and at those of an input as long as anything lets them.
    """
    variables, onset = deciding(rule), "weight_sum_post = 0\n"
    if not variables:
        return onset, NORMALISATION_SCALE, f"weights_changed_post = {int(bool(rule.on_pre))}"
    onset += "weights_over_post *= 1 - weights_changed_post\n"
    any_of = " or ".join(f"{name}_post != 0" for name in variables)
    return onset, f"{NORMALISATION_SCALE}\n{COUNT_OVER}", f"weights_changed_post = int({any_of})"
