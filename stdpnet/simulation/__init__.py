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
        """Set the values, run until the protocol stops, and return the wanted variables."""


def resolve_backend(name: str) -> str:
    """Return the backend that ``auto`` stands for on this machine, or `name` itself.

    Raises
    ------
    ConfigError
        When there is no such backend.
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
    """
    # imported here: a compiled network runs without loading Brian2
    if backend == "cpp":
        from stdpnet.simulation.builds import build
        from stdpnet.simulation.standalone import StandaloneSimulator

        return StandaloneSimulator(build(spec, announce))
    from stdpnet.simulation.runtime import RuntimeSimulator

    return RuntimeSimulator(spec, backend)
