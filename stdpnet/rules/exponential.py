r"""Exponential weight dependence: weights change when the neuron fires.

.. math::

    \Delta w &= \eta \left( x_{pre} \, e^{-\beta w} - x_{target} \, e^{-\beta (w_{max} - w)} \right)
    \quad \text{at each spike of the neuron} \qquad (4) \\
    \tau_x \dot{x}_{pre} &= -x_{pre}, \quad x_{pre} \leftarrow x_{pre} + 1 \quad \text{at each spike of the input}

:math:`w` is the weight, :math:`x_{pre}` the trace of the input, :math:`\eta` the learning rate, :math:`\beta` how
strongly growth fades at large and loss at small weights. Weights settle between the bounds instead of at them, and no
normalisation is needed. Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, eq. 4.

Choose it for large networks: every spike of a neuron changes its weights, also of one that fires once per image, so
that no neuron stays untrained (94.9 % with 6,400 neurons here).
"""

from stdpnet.rules.rule import CALIBRATED, Constant, Rule

CODE = "Diehl & Cook 2014 code, tc_pre_ee of the triplet rule"

EXPONENTIAL = Rule(
    name="exponential",
    source="Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, eq. 4. All-to-all: each input spike adds 1 to its trace.",
    pre_traces="dx/dt = -x / tau_x : 1",
    pre_spike="x += 1",
    on_post="w = clip(w + eta * (x_pre * exp(-beta * w) - x_target * exp(-beta * (w_max - w))), 0, w_max)",
    constants={
        "tau_x": Constant(20.0, "ms", CODE),
        "x_target": Constant(0.8, "1", CALIBRATED),
        "beta": Constant(1.0, "1", CALIBRATED),
        "eta": Constant(1e-3, "1", CALIBRATED),
    },
    normalise=False,
)
