r"""Pre-and-post: weights fall when the input fires, and rise or fall when the neuron fires.

.. math::

    \Delta w &= -\eta_- \, y_{post} \, w^{\mu} \quad \text{at each spike of the input} \qquad (5) \\
    \Delta w &= \eta_+ \, (x_{pre} - x_{target}) \, (w_{max} - w)^{\mu}
    \quad \text{at each spike of the neuron} \qquad (6)

Traces :math:`x_{pre}` of the input and :math:`y_{post}` of the neuron decay with :math:`\tau_x` and :math:`\tau_y` and
grow by 1 at each spike. An input that fires after the neuron loses weight at once. Weights keep their size by
themselves: no normalisation. Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, eqs. 5 and 6.

Choose it where the order of spikes should count in both directions; it costs most, since each of the many input spikes
changes weights.
"""

from stdpnet.rules.rule import CALIBRATED, Constant, Rule

CODE = "Diehl & Cook 2014 code"

PRE_AND_POST = Rule(
    name="pre-and-post",
    source="Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, eqs. 5 and 6. All-to-all: each spike adds 1 to its trace.",
    pre_traces="dx/dt = -x / tau_x : 1",
    pre_spike="x += 1",
    post_traces="dy/dt = -y / tau_y : 1",
    post_spike="y += 1",
    on_pre="w = clip(w - eta_minus * y_post * w**mu, 0, w_max)",
    on_post="w = clip(w + eta_plus * (x_pre - x_target) * (w_max - w)**mu, 0, w_max)",
    constants={
        "tau_x": Constant(20.0, "ms", f"{CODE}, tc_pre_ee of the triplet rule"),
        "tau_y": Constant(20.0, "ms", f"{CODE}, tc_post_1_ee of the triplet rule"),
        "x_target": Constant(0.4, "1", CALIBRATED),
        "mu": Constant(0.2, "1", f"{CODE}, exp_ee_pre, left there unused"),
        "eta_minus": Constant(1e-4, "1", f"{CODE}, nu_ee_pre of the triplet rule"),
        "eta_plus": Constant(5e-4, "1", CALIBRATED),
    },
    normalise=False,
)
