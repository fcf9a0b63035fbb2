"""What a configuration becomes before it reaches a simulator."""

from stdpnet.learning.state import trace_names

TRACES = """
    dx/dt = -x / tau : 1
    dslow / dt = -slow /
        tau : 1  # over two lines
    scaled = 2 * x : 1
    last : 1
"""


def test_traces_are_what_an_equation_or_a_parameter_declares():
    assert trace_names(TRACES) == ["x", "slow", "last"]


def test_a_rule_may_have_no_traces():
    assert trace_names("") == []
