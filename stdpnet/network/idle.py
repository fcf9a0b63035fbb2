"""Where an input spike changes no weight: at neurons whose traces are zero, as those of most are most of the time.

A rule whose weights fall with a trace of the neuron leaves them as they are where there is none, but for those that
stand above their bound, as a scaled weight may. Nothing is lost, to the bit, when neurons without both are passed over.
"""

import re

import sympy as sp
from brian2.parsing.sympytools import str_to_sympy

from stdpnet.base.brian_text import equations, statements
from stdpnet.rules import Rule

#: What a weight within its bounds is after a statement that does nothing.
UNCHANGED = ("w", "clip(w, 0, w_max)")
#: Of a neuron: how many of its weights stood above their bound when they were last looked at.
OVER = "\nweights_over : 1\n"
#: Of a synapse that has been scaled.
COUNT_OVER = "weights_over_post += int(w > w_max)"


def deciding_traces(rule: Rule) -> tuple[str, ...]:
    """Return the traces of the neuron without which an input spike changes no weight; empty if there are none.

    Parameters
    ----------
    rule : Rule

    Examples
    --------
    >>> from stdpnet.rules import RULES
    >>> deciding_traces(RULES["triplet"]), deciding_traces(RULES["power-law"])
    (('y1',), ())
    >>> deciding_traces(Rule("fall", "this example", on_pre="w -= 0.1"))
    ()
    """
    names = [line.name for line in equations(rule.post_traces, "post_traces", "") if line.state]
    traces = tuple(name for name in names if re.search(rf"\b{name}_post\b", rule.on_pre))
    known = {sp.Symbol(f"{name}_post", real=True): sp.Integer(0) for name in traces}
    for line in statements(rule.on_pre, "on_pre", ""):
        if not line.new:  # such as w -= 0.1
            return ()
        known[sp.Symbol(line.name, real=True)] = str_to_sympy(line.right).subs(known)
    return traces if known.get(sp.Symbol("w", real=True)) in [str_to_sympy(text) for text in UNCHANGED] else ()


def deciding(rule: Rule) -> tuple[str, ...]:
    """Return the variables of the neuron of which one is not zero wherever an input spike changes a weight."""
    traces = deciding_traces(rule)
    return (*traces, "weights_over") if traces else ()
