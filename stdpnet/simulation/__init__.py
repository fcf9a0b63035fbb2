"""Simulators: one interface, ``run(values, wanted)``, over compiled and interpreted networks."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation.compiler import find_compiler
from stdpnet.simulation.threads import importing_brian2

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
        raise ConfigError(
            f"unknown backend {name!r}{did_you_mean(name, BACKENDS)}: expected one of {', '.join(BACKENDS)}"
        )
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
    A frozen network of random weights is shown one white image; `stdpnet.learning.presentation.batch.inputs` makes the
    values that a simulator takes for it.

    >>> from stdpnet import Config
    >>> from stdpnet.learning.presentation.batch import Shown, inputs
    >>> from stdpnet.learning.state import initial_state
    >>> from stdpnet.learning.values import network_spec
    >>> config = Config(neurons=10, delays=False)
    >>> shown = Shown(np.full((1, 64), 255, np.uint8), numbers=0, stream="testing")
    >>> values, wanted = inputs(config, initial_state(config, 64), shown, plastic=False)
    >>> wanted
    ['spikes.t', 'spikes.i', 'onsets.image', 'onsets.repetition']
    >>> results = open_simulator(network_spec(config, 64, plastic=False), "numpy").run(values, wanted)
    >>> results["spikes.t"].shape == results["spikes.i"].shape
    True
    """
    # imported here: a compiled network runs without loading Brian2
    if backend == "cpp":
        from stdpnet.simulation.builds import build
        from stdpnet.simulation.standalone import StandaloneSimulator

        return StandaloneSimulator(build(spec, announce))
    with importing_brian2():
        from stdpnet.simulation.runtime import RuntimeSimulator

    return RuntimeSimulator(spec, backend)
