"""Brian2 without code of its own, in double precision, for networks that are simulated neuron by neuron."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from brian2 import prefs, set_device
from brian2.devices.device import reset_device


@contextmanager
def brian(target: str) -> Iterator[None]:
    """Set Brian2's device and preferences, and set them back."""
    before = prefs.codegen.target, prefs.core.default_float_dtype
    set_device("runtime")
    prefs.codegen.target, prefs.core.default_float_dtype = target, np.float64
    try:
        yield
    finally:
        prefs.codegen.target, prefs.core.default_float_dtype = before
        reset_device()
