"""Run a network with Brian2's runtime targets (Cython or NumPy): slower, for inspection and where no compiler is."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from brian2 import EventMonitor, StateMonitor, prefs, second
from brian2.groups.group import CodeRunner

from stdpnet.base.errors import SimulationError, root_cause
from stdpnet.network.assembly import FOREVER, assemble
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation.threads import LOCK


@contextmanager
def preferences(target: str) -> Iterator[None]:
    """Set Brian2's global preferences for a target, and set them back.

    Parameters
    ----------
    target : {"cython", "numpy"}

    Yields
    ------
    None

    Raises
    ------
    SimulationError
        In place of any error in the ``with`` block, with its root cause.
    """
    before = prefs.codegen.target, prefs.core.default_float_dtype
    prefs.codegen.target, prefs.core.default_float_dtype = target, np.float32
    try:
        with warnings.catch_warnings():
            # Brian2's own check for invalid values compares single precision with 1e50
            warnings.filterwarnings("ignore", "overflow encountered in cast", RuntimeWarning)
            yield
    except Exception as error:
        raise SimulationError(f"the network cannot be built or run: {root_cause(error)}") from None
    finally:
        prefs.codegen.target, prefs.core.default_float_dtype = before


class RuntimeSimulator:
    """Holds a Brian2 network in this process, with the interface of `StandaloneSimulator`.

    Threads may each have one: they take turns.

    Parameters
    ----------
    spec : NetworkSpec
    target : {"cython", "numpy"}
    """

    def __init__(self, spec: NetworkSpec, target: str) -> None:
        self.target, self.dt = target, spec.dt
        with LOCK, preferences(target):
            self.assembly = assemble(spec)

    def run(self, values: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, np.ndarray]:
        """Set the values, run until the protocol stops, and return the wanted variables.

        See `stdpnet.simulation.standalone.StandaloneSimulator.run`. Of the monitors, only what this run recorded is
        returned, with times counted from its start.

        Returns
        -------
        dict of str to ndarray

        Raises
        ------
        KeyboardInterrupt
            When it was interrupted, which Brian2 keeps to itself.
        """
        with LOCK:
            return self._run(values, wanted)

    def _run(self, values: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, np.ndarray]:
        groups, tables, network = self.assembly.groups, self.assembly.tables, self.assembly.network
        for name, value in values.items():
            owner, variable = name.split(".")
            if owner in tables:
                tables[owner].values[...] = np.reshape(value, tables[owner].values.shape)
            else:
                groups[owner].variables[variable].set_value(np.ravel(value) if np.ndim(value) else value)
        start = float(network.t)
        monitors = [name for name, group in groups.items() if isinstance(group, EventMonitor | StateMonitor)]
        recorded = {name: int(np.asarray(groups[name].N)) for name in monitors}
        with preferences(self.target):
            self.assembly.apply_delays()
            network.run(FOREVER * second, namespace={})
        for runner in network.sorted_objects:  # their code stays as it is: Brian2 would generate it anew for each run
            if isinstance(runner, CodeRunner):
                runner.create_code_objects = lambda namespace: None
        network.t_ = float(network.t)  # after a stop it is the clock's own time, which all networks share
        clock = groups["protocol"].variables
        if clock["image"].get_value()[0] < clock["n_images"].get_value():  # Brian2 takes Ctrl-C for a wish to stop
            raise KeyboardInterrupt
        results = {}
        for name in wanted:
            owner, variable = name.split(".")
            result = np.array(groups[owner].variables[variable].get_value())
            if owner in recorded:
                result = result[recorded[owner] :] - (start if variable == "t" else 0)
            results[name] = result
        return results
