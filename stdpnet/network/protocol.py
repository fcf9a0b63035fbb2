r"""The presentation protocol inside the simulation: which image, shown for which time, until when.

A slot is one showing of an image: the window in which its pixels spike, then rest. With :math:`S` excitatory spikes in
the window of image :math:`n` in its repetition :math:`r`, the next slot shows

.. math::

    (n, r) \leftarrow \begin{cases}
        (n, r + 1) & \text{if } S < S_{fewest} \text{ and } r < r_{max} \\
        (n + 1, 0) & \text{otherwise}
    \end{cases}
    \qquad \text{with intensity } k = k_0 + r

(Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, section 2.5; C:447, C:467 to 471, see `stdpnet.network.neurons`;
the bound on repetitions is this package's). The run stops after the last slot of the last image, at no other time, so
that batches of any length join without a seam.
"""

from dataclasses import dataclass

from stdpnet.base.parameters import parameter


@dataclass(frozen=True)
class Presentation:
    """How an image is shown: Poisson spikes at rates proportional to its grey levels, then rest.

    One showing, the window and the rest after it, is a slot; an image that brings too few spikes takes several slots,
    each with more intensity.

    Examples
    --------
    >>> slot = Presentation()
    >>> slot.window + slot.rest  # in ms, simulated for each showing
    500.0
    >>> 255 * slot.intensity * slot.rate  # in Hz, of a white pixel in the first showing
    63.75
    """

    dt: float = parameter(0.5, "time step", "ms", "C:213", low=0.01, high=1)
    window: float = parameter(350.0, "time for which an image is shown", "ms", "C:252", low=1, high=1e4)
    rest: float = parameter(150.0, "rest after it", "ms", "C:253", low=0, high=1e4)
    rate: float = parameter(0.125, "input rate per grey level and unit of intensity", "Hz", "C:447", low=1e-6)
    intensity: int = parameter(2, "intensity of the first showing; each repetition adds 1", "", "C:447", low=1)
    fewest_spikes: int = parameter(
        5, "an image that brings fewer excitatory spikes is shown again", "", "C:467", low=0, high=1e6
    )
    repetitions: int = parameter(
        30, "greatest number of repetitions of an image", "", "cap; the code has none", low=0, high=1000
    )


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
