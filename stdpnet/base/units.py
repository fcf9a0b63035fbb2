"""Units of constants and parameters: their size in SI, and the unit that Brian2's text takes for them."""

#: By the unit's name: size in SI, unit in Brian2's equations.
UNITS = {
    **{"1": (1.0, "1"), "ms": (1e-3, "second"), "s": (1.0, "second"), "mV": (1e-3, "volt"), "Hz": (1.0, "Hz")},
    **{"pA": (1e-12, "amp"), "nA": (1e-9, "amp"), "nS": (1e-9, "siemens"), "pF": (1e-12, "farad")},
    **{"Mohm": (1e6, "ohm")},
}


def si(value: float, unit: str) -> float:
    """Return a value that is given in a unit, in SI units.

    Parameters
    ----------
    value : float
    unit : str
        One of `UNITS`; an empty one is that of a number.

    Returns
    -------
    float

    Raises
    ------
    KeyError
        For a unit that is none of `UNITS`.

    Examples
    --------
    >>> si(500.0, "ms")
    0.5
    >>> si(78.0, "")
    78.0
    """
    return value * UNITS[unit or "1"][0]
