"""Power-law weight dependence: eq. 3 of Diehl & Cook 2015. Weights change when the neuron fires."""

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
