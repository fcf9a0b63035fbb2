"""Drive a hand-written C++ loop of the same network, where one is at hand: a lower bound for the time.

The folder given holds ``fused_loop.cpp`` with one function ``present``, which shows one image
once, learns, and normalises the weights. It keeps potentials in mV and no protocol.
"""

import ctypes
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from stdpnet.base.errors import SimulationError
from stdpnet.learning.values import delay_slots, steps
from stdpnet.simulation.compiler import find_compiler

FLAGS = ("-O3", "-march=native", "-ffast-math", "-shared", "-fPIC")
SINGLE = np.float32


def compile_loop(source, folder):
    """Compile the loop in `folder` and return it as a ctypes library."""
    library = Path(folder) / "fused_loop.so"
    done = subprocess.run(
        [find_compiler(), *FLAGS, str(source), "-o", str(library)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SimulationError(f"could not compile {source}:\n{done.stderr[:2000]}")
    return ctypes.CDLL(str(library))


def pointer(array):
    """Return the address of an array's data."""
    return array.ctypes.data_as(ctypes.c_void_p)


class FusedLoop:
    """The loop with the state to start from.

    Parameters
    ----------
    source : Path
        ``fused_loop.cpp``.
    config : stdpnet.Config
    state : dict of str to ndarray
    """

    def __init__(self, source, config, state):
        with tempfile.TemporaryDirectory(prefix="stdpnet-benchmark-") as folder:
            self._library = compile_loop(source, folder)
        self._config, self._state = config, state

    def present(self, images):
        """Show the images from the initial state; return the seconds taken and the excitatory spikes."""
        config, n, spikes = self._config, self._config.neurons, 0
        arrays, delays = self._arrays(), config.delays
        state = [pointer(arrays[name]) for name in ("v", "ge", "gi", "theta", "wait", "vi", "gei", "gii", "waiti")]
        ring, position, y1, y2 = (pointer(arrays[name]) for name in ("ring", "position", "y1", "y2"))
        slots, (window, whole) = delay_slots(config) + 2, steps(config, plastic=True)
        rule, rate = config.plasticity.constants, config.presentation.rate * config.presentation.intensity
        numbers = [
            *(rule["eta_minus"].value, rule["eta_plus"].value, config.excitatory.theta_plus * n / 400),
            *(config.connections.excitation, config.connections.inhibition),
        ]
        learning, dt = [ctypes.c_float(number) for number in numbers], ctypes.c_float(config.presentation.dt)
        weights, steps_late = pointer(arrays["w"]), pointer(arrays["delays"])
        start = time.perf_counter()
        for image in images:
            counts, rates = np.zeros(n, np.int32), image.astype(SINGLE) * SINGLE(rate)
            np.maximum(arrays["wait"], -1000, out=arrays["wait"])
            np.maximum(arrays["waiti"], -1000, out=arrays["waiti"])
            spikes += self._library.present(
                *(n, images.shape[1], slots, weights, steps_late, int(delays), *state, ring, position, y1, y2),
                *(pointer(rates), dt, window, whole, 1, *learning, pointer(counts)),
            )
        return time.perf_counter() - start, spikes

    def _arrays(self):
        n, given = self._config.neurons, self._state
        arrays = {name: np.zeros(n, SINGLE) for name in ("ge", "gi", "gei", "gii", "y1", "y2")}
        arrays |= {name: np.full(n, -100, np.int32) for name in ("wait", "waiti")}
        for name, origin in {"v": "excitatory.v", "theta": "excitatory.theta", "vi": "inhibitory.v"}.items():
            arrays[name] = (1e3 * given[origin]).astype(SINGLE)
        arrays["w"] = given["input_synapses.w"].astype(SINGLE)
        delays = given.get("input_synapses.delay_steps", np.zeros(arrays["w"].shape))
        arrays["delays"] = delays.astype(np.uint8)
        arrays["ring"] = np.zeros((delay_slots(self._config) + 2, n), SINGLE)
        arrays["position"] = np.zeros(1, np.int32)
        return arrays
