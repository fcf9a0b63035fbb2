"""Units: those of Brian2, which knows them by itself."""

import brian2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdpnet.base.units import UNITS, si

BRIAN2 = {"1": 1, "ms": brian2.ms, "s": brian2.second, "mV": brian2.mV, "Hz": brian2.Hz}
BRIAN2 |= {"pA": brian2.pA, "nA": brian2.nA, "nS": brian2.nS, "pF": brian2.pF, "Mohm": brian2.Mohm}


def test_every_unit_is_compared():
    assert UNITS.keys() == BRIAN2.keys()


@pytest.mark.parametrize("unit", BRIAN2)
def test_size_and_dimension_are_brian2s(unit):
    size, text = UNITS[unit]
    expected = brian2.Quantity(BRIAN2[unit])
    assert size == pytest.approx(float(expected), rel=1e-15)
    in_equations = 1 if text == "1" else getattr(brian2, text)
    assert brian2.have_same_dimensions(expected, in_equations)
    assert float(brian2.Quantity(in_equations)) == 1  # equations are in SI


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(BRIAN2)))
def test_a_value_in_si_is_brian2s(value, unit):
    assert si(value, unit) == pytest.approx(float(value * brian2.Quantity(BRIAN2[unit])), rel=1e-15, abs=0)


def test_no_unit_is_that_of_a_number_and_an_unknown_one_is_refused():
    assert si(78.0, "") == 78.0
    with pytest.raises(KeyError, match="kHz"):
        si(1.0, "kHz")
