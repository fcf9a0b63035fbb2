"""Simulators: one interface, ``run(values, wanted)``, over compiled and interpreted networks."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from stdpnet.base.errors import ConfigError
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation.compiler import find_compiler

BACKENDS = ("auto", "cpp", "cython", "numpy")


class Simulator(Protocol):
    """What all simulators of a network can do."""

    def run(self, values: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, np.ndarray]:
        """Set the values, run until the protocol stops, and return the wanted variables.

        See `stdpnet.simulation.standalone.StandaloneSimulator.run`.
        """


def resolve_backend(name: str) -> str:
    """Return the backend that ``auto`` stands for on this machine, or `name` itself.

    Raises
    ------
    ConfigError
        When there is no such backend.

    Examples
    --------
    >>> resolve_backend("numpy")
    'numpy'
    >>> resolve_backend("auto") in ("cpp", "numpy")
    True
    """
    if name not in BACKENDS:
        raise ConfigError(f"unknown backend {name!r}: expected one of {', '.join(BACKENDS)}")
    if name != "auto":
        return name
    return "cpp" if find_compiler() else "numpy"


def open_simulator(spec: NetworkSpec, backend: str, announce: Callable[[str], None] | None = None) -> Simulator:
    """Return a simulator of a `NetworkSpec`.

    Parameters
    ----------
    spec : NetworkSpec
    backend : {"cpp", "cython", "numpy"}
        C++ compiled once and cached, or one of Brian2's runtime targets.
    announce : callable, optional
        Called with one line of text before a compilation starts.

    Returns
    -------
    Simulator

    Raises
    ------
    SimulationError
        When the network cannot be built or compiled, as with a wrong statement in its rule.

    Examples
    --------
    A frozen network is shown one blank image: no value but these is needed, since zeros stand for the others.

    >>> from stdpnet.rules import RULES
    >>> spec = NetworkSpec(n_inputs=64, n_neurons=10, dt=5e-4, rule=RULES["triplet"], delays=False, plastic=False)
    >>> simulator = open_simulator(spec, "numpy")
    >>> values = {"protocol.n_images": 1, "protocol.slot_steps": 20, "inputs.slot_steps": 20}
    >>> simulator.run(values, ["protocol.image", "spikes.i"])
    {'protocol.image': array([1], dtype=int32), 'spikes.i': array([], dtype=int32)}
    """
    # imported here: a compiled network runs without loading Brian2
    if backend == "cpp":
        from stdpnet.simulation.builds import build
        from stdpnet.simulation.standalone import StandaloneSimulator

        return StandaloneSimulator(build(spec, announce))
    from stdpnet.simulation.runtime import RuntimeSimulator

    return RuntimeSimulator(spec, backend)
