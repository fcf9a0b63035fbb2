"""Simulators: one interface, ``run(values, wanted)``, over compiled and interpreted networks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import numpy as np
from joblib import cpu_count

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation.compiler import find_compiler
from stdpnet.simulation.threads import importing_brian2

BACKENDS = ("auto", "cpp", "cython", "numpy")
#: A thread more pays from so many neurons for each (``benchmarks/threads.py``).
NEURONS_PER_THREAD = 2000

_left: ContextVar[int] = ContextVar("cores that a run among others may take")


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


def choose_threads(asked: int, neurons: int, backend: str) -> int:
    """Return how many threads simulate a network.

    Parameters
    ----------
    asked : int
        0 for as many as pay; never more than there are cores, or than `at_most` leaves.
    neurons : int
        Excitatory ones.
    backend : {"cpp", "cython", "numpy"}
        Brian2's own targets take one.

    Returns
    -------
    int

    Examples
    --------
    >>> choose_threads(0, 400, "cpp"), choose_threads(8, 6400, "numpy")
    (1, 1)
    """
    if backend != "cpp":
        return 1
    cores = cpu_count()
    return max(1, min(asked or neurons // NEURONS_PER_THREAD, cores, _left.get(cores)))


@contextmanager
def at_most(cores: int) -> Iterator[None]:
    """Let simulations that are started in a ``with`` block, in this thread, take no more cores than these.

    Yields
    ------
    None

    Examples
    --------
    >>> with at_most(1):
    ...     choose_threads(8, 6400, "cpp")
    1
    """
    before = _left.set(cores)
    try:
        yield
    finally:
        _left.reset(before)


def open_simulator(
    spec: NetworkSpec, backend: str, announce: Callable[[str], None] | None = None, threads: int = 1
) -> Simulator:
    """Return a simulator of a `NetworkSpec`.

    Parameters
    ----------
    spec : NetworkSpec
    backend : {"cpp", "cython", "numpy"}
        C++ compiled once and cached, or one of Brian2's runtime targets.
    announce : callable, optional
        Called with one line of text before a compilation starts.
    threads : int
        Of the compiled program. The results are the same for any number.

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

        return StandaloneSimulator(build(spec, announce), threads)
    with importing_brian2():
        from stdpnet.simulation.runtime import RuntimeSimulator

    return RuntimeSimulator(spec, backend)
