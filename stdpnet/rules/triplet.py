r"""Triplet rule: the nearest-spike minimal triplet of the code of Diehl & Cook 2014.

.. math::

    \Delta w &= -\eta_- \, y_1 \quad \text{at each spike of the input} \\
    \Delta w &= \eta_+ \, x \, y_2 \quad \text{at each spike of the neuron}

The trace :math:`x` of the input and the traces :math:`y_1`, :math:`y_2` of the neuron decay with their time constants;
a spike sets them to 1. The second spike of a neuron within :math:`\tau_{y2}` finds :math:`y_2 > 0` and strengthens what
fired before it; the first one strengthens nothing. Changes do not depend on the weight, so that weights are normalised
before each presentation. Pfister & Gerstner 2006, doi:10.1523/JNEUROSCI.1425-06.2006, minimal model; the paper of 2015
has no equation for it.

Choose it first: it is the default, the fastest to learn and the best up to 1,600 neurons here. With 6,400 neurons many
fire once per image only, and stay untrained.
"""

from stdpnet.rules.rule import Constant, Rule

CODE = "Diehl & Cook 2014 code, Diehl&Cook_spiking_MNIST.py"

TRIPLET = Rule(
    name="triplet",
    source="Pfister & Gerstner 2006, doi:10.1523/JNEUROSCI.1425-06.2006, minimal triplet model, as in the 2014 code "
    "of Diehl & Cook 2015, doi:10.3389/fncom.2015.00099. Nearest-spike: a spike sets its trace to 1.",
    pre_traces="dx/dt = -x / tau_x : 1",
    pre_spike="x = 1",
    post_traces="""
        dy1/dt = -y1 / tau_y1 : 1
        dy2/dt = -y2 / tau_y2 : 1
    """,
    post_spike="""
        y1 = 1
        y2 = 1
    """,
    on_pre="w = clip(w - eta_minus * y1_post, 0, w_max)",
    on_post="w = clip(w + eta_plus * x_pre * y2_post, 0, w_max)",
    constants={
        "tau_x": Constant(20.0, "ms", f"{CODE}, tc_pre_ee"),
        "tau_y1": Constant(20.0, "ms", f"{CODE}, tc_post_1_ee"),
        "tau_y2": Constant(40.0, "ms", f"{CODE}, tc_post_2_ee"),
        "eta_minus": Constant(1e-4, "1", f"{CODE}, nu_ee_pre"),
        "eta_plus": Constant(1e-2, "1", f"{CODE}, nu_ee_post"),
    },
)
