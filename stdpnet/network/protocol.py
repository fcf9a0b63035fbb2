"""The presentation protocol inside the simulation: which image, shown for which time, until when.

A slot is one showing of an image: the window in which its pixels spike, then rest. An image
that brought fewer than five spikes is shown again with more intensity; otherwise the next one
follows. The run stops after the last slot of the last image, at no other time, so that batches
of any length join without a seam.
"""

import brian2
import numpy as np
from brian2 import Function

PROTOCOL = """
image : integer
repetition : integer
spikes : integer
n_images : integer (shared, constant)
fewest_spikes : integer (shared, constant)
window_steps : integer (shared, constant)
slot_steps : integer (shared, constant)
step = t_in_timesteps % slot_steps : integer (shared)
"""
PROTOCOL_EVENTS = {"onset": "step == 0"}

# Integer arithmetic instead of branches: Brian2 statements have no `if`.
PROTOCOL_STEP = """
last = int(step == slot_steps - 1)
again = last * int(spikes < fewest_spikes) * int(repetition < repetitions_allowed(image * second))
repetition = (repetition + again) * (1 - last + again)
image += last - again
spikes *= 1 - last
stopping = stop_when(int(image >= n_images))
"""


def stop_when(condition):
    """Stop the running Brian2 simulation at the end of this step when `condition` is true."""
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
