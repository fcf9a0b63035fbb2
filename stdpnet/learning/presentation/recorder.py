"""All spikes of one frozen presentation, to look at."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.units import si
from stdpnet.learning.presentation.batch import Shown, inputs
from stdpnet.learning.presentation.responses import FrozenNetwork
from stdpnet.learning.values import network_spec, steps
from stdpnet.simulation import open_simulator

#: Monitors by population.
MONITORS = {"inputs": "inputs_spikes", "excitatory": "spikes", "inhibitory": "inhibitory_spikes"}


@dataclass(frozen=True)
class Recording:
    """The spikes of an image's last showing.

    Attributes
    ----------
    spikes : dict of str to (ndarray, ndarray)
        By population, inputs, excitatory, and inhibitory if there are any: times in ms from the onset, and neurons.
    window : float
        Time for which the image was shown, ms.
    """

    spikes: dict[str, tuple[np.ndarray, np.ndarray]]
    window: float


def record(network: FrozenNetwork, shown: Shown) -> Recording:
    """Return every spike of the last showing of one image.

    Parameters
    ----------
    network : FrozenNetwork
    shown : Shown
        One image.
    """
    config = network.config
    spec = network_spec(config, shown.images.shape[1], plastic=False, record_all=True)
    values, _ = inputs(config, network.state, shown, plastic=False)
    monitors = {name: monitor for name, monitor in MONITORS.items() if name != "inhibitory" or spec.n_inhibitory}
    wanted = [f"{monitor}.{variable}" for monitor in monitors.values() for variable in "ti"]
    # one presentation: nothing to compile
    results = open_simulator(spec, network.backend).run(values, [*wanted, "onsets.t"])
    start, millisecond = results["onsets.t"][-1], si(1, "ms")
    spikes = {}
    for population, monitor in monitors.items():
        times, neurons = results[f"{monitor}.t"], results[f"{monitor}.i"]
        last = times >= start
        spikes[population] = (times[last] - start) / millisecond, neurons[last]
    return Recording(spikes, steps(config, plastic=False)[0] * config.presentation.dt)
