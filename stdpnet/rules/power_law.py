r"""Power-law weight dependence: weights change when the neuron fires.

.. math::

    \Delta w &= \eta \, (x_{pre} - x_{target}) \, (w_{max} - w)^{\mu}
    \quad \text{at each spike of the neuron} \qquad (3) \\
    \tau_x \dot{x}_{pre} &= -x_{pre}, \quad x_{pre} \leftarrow x_{pre} + 1 \quad \text{at each spike of the input}

:math:`w` is the weight, :math:`x_{pre}` the trace of the input, :math:`x_{target}` the trace above which a weight
grows, :math:`\eta` the learning rate, :math:`\mu` how much weights near :math:`w_{max}` still change. Inputs without
spikes lose weight, so that no normalisation is needed. Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, eq. 3.

Choose it for the smallest number of constants and of updates: only spikes of the neuron change weights. It is the rule
of the paper's headline figure, 95.0 % with 6,400 neurons.
"""

from stdpnet.rules.rule import CALIBRATED, Constant, Rule

CODE = "Diehl & Cook 2014 code, tc_pre_ee of the triplet rule"

POWER_LAW = Rule(
    name="power-law",
    source="Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, eq. 3. All-to-all: each input spike adds 1 to its trace.",
    pre_traces="dx/dt = -x / tau_x : 1",
    pre_spike="x += 1",
    on_post="w = clip(w + eta * (x_pre - x_target) * (w_max - w)**mu, 0, w_max)",
    constants={
        "tau_x": Constant(20.0, "ms", CODE),
        "x_target": Constant(0.5, "1", CALIBRATED),
        "mu": Constant(0.2, "1", "2014 code, exp_ee_pre, left there unused"),
        "eta": Constant(5e-4, "1", CALIBRATED),
    },
    normalise=False,
)
