"""Draw what a pair of spikes does to a weight under each rule, computed from the text of the rule itself.

    python docs/figures/make_rule_windows.py

Writes ``docs/figures/rules/NAME.png`` (``--out`` names another folder) for every rule of the package, with two panels:
the change of the weight against the delay from the input spike to the neuron's spike, and against the weight itself.
Brian2 is not needed: the statements of a rule are run by Python with NumPy. Traces obey linear equations, so that they
decay exponentially.
"""

import argparse
import re
import sys
from pathlib import Path
from textwrap import dedent

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from stdpnet.base.units import UNITS  # noqa: E402
from stdpnet.plots.style import STYLE  # noqa: E402
from stdpnet.rules import RULES  # noqa: E402

EQUATION = re.compile(r"d(\w+)/dt = (.+) : 1")

W_MAX = 1.0
#: From the input spike to the neuron's spike, in ms; positive: the input comes first.
DELAYS = np.arange(-100, 100.25, 0.5) + 0.25
WEIGHTS = (0.1, 0.5, 0.9)
#: Time since the neuron's spike before that of the pair, in ms, for rules that look at it; None: there was none.
EARLIER = (10.0, 20.0, 40.0, None)
#: Delays of the second panel, in ms.
SHOWN = {5.0: "input 5 ms before", 20.0: "20 ms before", -5.0: "5 ms after"}
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")


class Synapse:
    """One synapse under a rule, or an array of synapses that see the same spikes.

    Parameters
    ----------
    rule : Rule
    weight : float or ndarray
    """

    def __init__(self, rule, weight):
        constants = {name: c.value * UNITS[c.unit][0] for name, c in rule.constants.items()}
        self.rule = rule
        self.names = {"clip": np.clip, "exp": np.exp, "w_max": W_MAX, "w": weight, **constants}
        self.traces, self.rates = {"pre": {}, "post": {}}, {}
        for side, equations in (("pre", rule.pre_traces), ("post", rule.post_traces)):
            for name, right_hand_side in EQUATION.findall(equations):
                self.traces[side][name] = 0.0
                self.rates[name] = eval(right_hand_side, self.names | {name: 1.0})  # linear: the rate is that at 1

    @property
    def weight(self):
        """The weight now."""
        return self.names["w"]

    def wait(self, milliseconds):
        """Let the traces decay."""
        for traces in self.traces.values():
            for name in traces:
                traces[name] *= np.exp(self.rates[name] * 1e-3 * milliseconds)

    def spike(self, side):
        """Let the input ("pre") or the neuron ("post") fire: the weight changes, then the trace."""
        seen = {f"{name}_{end}": value for end, traces in self.traces.items() for name, value in traces.items()}
        names = self.names | seen
        exec(dedent(getattr(self.rule, f"on_{side}")), names)
        self.names["w"] = names["w"]
        names = self.names | self.traces[side]
        exec(dedent(getattr(self.rule, f"{side}_spike")), names)
        self.traces[side] = {name: names[name] for name in self.traces[side]}


def change(rule, weight, delay, earlier=None):
    """Return what a pair of spikes adds to a weight.

    Parameters
    ----------
    rule : Rule
    weight : float or ndarray
        Before the first of the spikes.
    delay : float
        From the input spike to the neuron's spike, in ms; negative: the neuron fires first.
    earlier : float, optional
        The neuron had fired this long before, in ms.

    Returns
    -------
    float or ndarray
    """
    spikes = [(0.0, "post"), (-delay, "pre")]
    if earlier is not None:
        spikes.append((-earlier, "post"))
    synapse, now = Synapse(rule, weight), None
    for time, side in sorted(spikes):
        synapse.wait(0.0 if now is None else time - now)
        synapse.spike(side)
        now = time
    return synapse.weight - weight


def counts_triplets(rule):
    """Tell whether a pair alone never raises a weight, so that an earlier spike of the neuron is needed."""
    return change(rule, 0.5, 0.5) <= 0


def draw(rule):
    """Return the figure of a rule."""
    figure, (window, dependence) = plt.subplots(1, 2, figsize=(8, 3.5), layout="constrained")
    triplets = counts_triplets(rule)
    if triplets:
        for colour, earlier in zip(COLOURS, EARLIER, strict=True):
            label = f"{earlier:g} ms earlier" if earlier else "none"
            window.plot(DELAYS, [change(rule, 0.5, delay, earlier) for delay in DELAYS], color=colour, label=label)
        below(window, "the neuron's spike before")
    else:
        for colour, weight in zip(COLOURS, WEIGHTS, strict=False):
            changes = [change(rule, weight, delay) for delay in DELAYS]
            window.plot(DELAYS, changes, color=colour, label=f"w = {weight:g}")
        below(window)
    window.set_xlabel("neuron's spike minus input spike, ms")
    window.set_ylabel("change of the weight")

    weights = np.linspace(0, W_MAX, 501)
    earlier = 20.0 if triplets else None
    for colour, (delay, label) in zip(COLOURS, SHOWN.items(), strict=False):
        dependence.plot(weights, change(rule, weights, delay, earlier), color=colour, label=label)
    dependence.set_xlabel("weight before")
    below(dependence, "the neuron fired 20 ms earlier too" if triplets else None)
    for ax in (window, dependence):
        ax.axhline(0, color="0.7", linewidth=0.8, zorder=0)
        ax.ticklabel_format(axis="y", scilimits=(-3, -3), useMathText=True)
    window.axvline(0, color="0.7", linewidth=0.8, zorder=0)
    figure.suptitle(f"rule {rule.name}", fontsize=10)
    return figure


def below(ax, title=None):
    """Put the legend below the axes, where it hides nothing."""
    ax.legend(
        title=title,
        fontsize=8,
        title_fontsize=8,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.22),
        ncols=4,
        columnspacing=1.0,
        handlelength=1.2,
    )


def main():
    """Draw every rule of the package."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, metavar="FOLDER", default=Path(__file__).parent / "rules")
    folder = parser.parse_args().out
    folder.mkdir(exist_ok=True)
    with plt.rc_context(STYLE):
        for rule in RULES.values():
            path = folder / f"{rule.name}.png"
            draw(rule).savefig(path, dpi=150)
            print(path)


if __name__ == "__main__":
    main()
