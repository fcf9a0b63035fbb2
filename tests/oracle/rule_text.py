"""The package's own rule text, executed by Python with NumPy: fast, and without Brian2."""

import re
from textwrap import dedent

import numpy as np

from stdpnet.base.units import UNITS

EQUATION = re.compile(r"d(\w+)/dt = (.+) : 1")


class RuleText:
    """Runs the text of a `Rule` as it stands, in the moments of an oracle.

    A trace ``x`` obeys a linear equation ``dx/dt = ...``: its rate is the right-hand side at x = 1.
    """

    def __init__(self, rule, shape, w_max):
        constants = {name: constant.value * UNITS[constant.unit][0] for name, constant in rule.constants.items()}
        self.names = {"clip": np.clip, "exp": np.exp, "w_max": w_max, **constants}
        moments = ("on_pre", "pre_spike", "on_post", "post_spike")
        self.code = {moment: compile(dedent(getattr(rule, moment)), moment, "exec") for moment in moments}
        self.rates = {}
        self.pre = self.traces(rule.pre_traces, shape[0])
        self.post = self.traces(rule.post_traces, shape[1])

    def traces(self, equations, n):
        found = {}
        for name, right_hand_side in EQUATION.findall(equations):
            self.rates[name] = eval(right_hand_side, self.names | {name: 1.0})
            found[name] = np.zeros(n)
        return found

    def decay(self, dt):
        for name, trace in (self.pre | self.post).items():
            trace *= np.exp(self.rates[name] * 1e-3 * dt)

    def on_pre(self, w, i):
        w[i] = self.weights("on_pre", w[i], {name: x[i] for name, x in self.pre.items()}, self.post)

    def on_post(self, w, j):
        w[:, j] = self.weights("on_post", w[:, j], self.pre, {name: y[j] for name, y in self.post.items()})

    def weights(self, moment, w, pre, post):
        names = self.names | {"w": w} | {f"{name}_pre": x[:, None] for name, x in pre.items()}
        names |= {f"{name}_post": y for name, y in post.items()}
        exec(self.code[moment], names)
        return names["w"]

    def pre_spike(self, i):
        self.spike("pre_spike", self.pre, i)

    def post_spike(self, j):
        self.spike("post_spike", self.post, j)

    def spike(self, moment, traces, fired):
        names = self.names | {name: trace[fired] for name, trace in traces.items()}
        exec(self.code[moment], names)
        for name, trace in traces.items():
            trace[fired] = names[name]
