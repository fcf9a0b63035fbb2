"""BindsNET's network of the same paper, where BindsNET is installed: an optional peer.

Its model differs: currents instead of conductances, pair-based learning, steps of 1 ms, no rest
after an image but a reset of all state, no delays. Images and input rates are those of stdpnet.
"""

import importlib.metadata
import time
from pathlib import Path

INSTALL = f"pip install -r {Path(__file__).with_name('requirements-bindsnet.txt')}"
TIME, DT = 350, 1.0


def available():
    """Return whether BindsNET can be imported; say how to install it where it cannot."""
    try:
        import bindsnet  # noqa: F401
    except (ImportError, OSError, RuntimeError) as error:  # PyTorch and torchvision that do not fit raise the latter
        print(f"BindsNET left out ({error}): {INSTALL}")
        return False
    return True


def versions():
    """Return the versions of BindsNET and PyTorch."""
    return {name: importlib.metadata.version(name) for name in ("bindsnet", "torch")}


class BindsNetPeer:
    """BindsNET's ``DiehlAndCook2015``, learning, one image at a time, on one thread.

    Parameters
    ----------
    config : stdpnet.Config
    n_inputs : int
    """

    def __init__(self, config, n_inputs):
        import torch
        from bindsnet.models import DiehlAndCook2015
        from bindsnet.network.monitors import Monitor

        torch.set_num_threads(1)
        torch.manual_seed(config.seed)
        self._network = DiehlAndCook2015(n_inpt=n_inputs, n_neurons=config.neurons, dt=DT)
        self._spikes = Monitor(self._network.layers["Ae"], state_vars=["s"], time=TIME)
        self._network.add_monitor(self._spikes, name="Ae")
        self._rate = config.presentation.rate * config.presentation.intensity

    def present(self, images):
        """Show the images once each, learning; return the seconds taken and the excitatory spikes."""
        import torch
        from bindsnet.encoding import poisson

        spikes, start = 0, time.perf_counter()
        for image in images:
            rates = torch.from_numpy(image).float() * self._rate
            self._network.run(inputs={"X": poisson(rates, time=TIME, dt=DT)}, time=TIME)
            spikes += int(self._spikes.get("s").sum())
            self._network.reset_state_variables()
        return time.perf_counter() - start, spikes
