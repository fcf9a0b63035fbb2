"""Exponential weight dependence: eq. 4 of Diehl & Cook 2015. Weights change when the neuron fires."""

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
