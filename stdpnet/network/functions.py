"""Functions that Brian2 code calls: the next interval of a Poisson process, and the end of a run."""

import brian2
import numpy as np
from brian2 import Function
from numpy.typing import ArrayLike

from stdpnet.network.poisson import CPP, CYTHON, poisson_interval

POISSON_INTERVAL = Function(
    poisson_interval,
    arg_units=[1] * 7,
    return_unit=1,
    arg_types=["integer"] * 7,
    return_type="integer",
)
POISSON_INTERVAL.implementations.add_implementation("cpp", CPP)
POISSON_INTERVAL.implementations.add_implementation("cython", CYTHON)


def stop_when(condition: ArrayLike) -> int:
    """Stop the running Brian2 simulation at the end of this step when `condition` is true.

    Returns
    -------
    int
        0: Brian2 takes no function that returns nothing.
    """
    if np.any(condition):
        brian2.stop()
    return 0


STOP_WHEN = Function(
    stop_when, arg_units=[1], return_unit=1, arg_types=["integer"], return_type="integer", stateless=False
)
STOP_WHEN.implementations.add_implementation(
    "cpp",
    """
    static inline int32_t stop_when(int32_t condition)
    {
        if (condition) Network::_globally_stopped = true;
        return 0;
    }
    """,
    compiler_kwds={"headers": ['"network.h"']},
)
STOP_WHEN.implementations.add_implementation(
    "cython",
    """
    cdef int stop_when(int condition):
        if condition:
            from brian2 import stop
            stop()
        return 0
    """,
)
