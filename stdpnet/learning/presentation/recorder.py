"""Record what happens inside a network while images are shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stdpnet.base.units import si
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.batch import Shown, inputs
from stdpnet.learning.presentation.recording import Recording
from stdpnet.learning.state import State, trace_names
from stdpnet.learning.values import inhibitory_neurons, network_spec, steps
from stdpnet.simulation import Simulator, open_simulator

#: Monitors of spikes by population.
MONITORS = {"inputs": "inputs_spikes", "excitatory": "spikes", "inhibitory": "inhibitory_spikes"}

#: Values of chosen neurons that every network has, and their units; traces and weights have the unit 1.
UNITS = {
    "excitatory.v": "mV",
    "excitatory.ge": "1",
    "excitatory.gi": "1",
    "excitatory.theta": "mV",
    "inhibitory.v": "mV",
    "inhibitory.ge": "1",
}


@dataclass(frozen=True)
class Chosen:
    """Whose values are recorded.

    Attributes
    ----------
    neurons : ndarray of int
        The excitatory neurons, with their inhibitory partners; without any, spikes alone are recorded.
    inputs : ndarray of int
        The inputs, of a network that learns: their traces and their synapses to these neurons.
    """

    neurons: np.ndarray
    inputs: np.ndarray


def record(
    config: Config,
    state: State,
    shown: Shown,
    chosen: Chosen,
    backend: str,
    plastic: bool = False,
    announce: Callable[[str], None] | None = None,
    simulator: Simulator | None = None,
) -> Recording:
    """Show images to a network and return what happened.

    Parameters
    ----------
    config : Config
    state : State
        From `frozen_state`, or that of a training if the network is to learn.
    shown : Shown
    chosen : Chosen
    backend : {"cpp", "cython", "numpy"}
    plastic : bool
        Whether weights and thresholds learn.
    announce : callable, optional
        Called with one line of text before a compilation starts.
    simulator : Simulator, optional
        One that is kept open from recording to recording, of the same network and as many chosen.

    Returns
    -------
    Recording
    """
    # a build is for 1, 2, 4, ... neurons, so that few choices compile anything: the last ones repeat the first
    n, k = config.neurons, len(chosen.neurons)
    neurons = np.resize(chosen.neurons, 1 << (k - 1).bit_length() if k else 0)
    n_chosen = len(chosen.inputs) if plastic and k else 0
    spec = replace(
        network_spec(config, shown.images.shape[1], plastic, record_all=True),
        recorded_neurons=len(neurons),
        recorded_inputs=n_chosen,
    )
    units = _units(config, plastic, n_chosen) if k else {}
    trains = {name: monitor for name, monitor in MONITORS.items() if name != "inhibitory" or spec.n_inhibitory}
    monitors = {name: name.replace(".", "_values.") for name in units}
    values, wanted = inputs(config, state, shown, plastic)
    places = {
        "excitatory": neurons,
        "inhibitory": neurons % max(spec.n_inhibitory, 1),  # their partners
        "inputs": chosen.inputs,
        "input_synapses": chosen.inputs[:, None] * n + neurons,
    }
    for group in {name.split(".")[0] for name in units}:
        values[f"{group}_values._indices"] = places[group].ravel()
    spikes = [f"{monitor}.{variable}" for monitor in trains.values() for variable in "ti"]
    simulator = simulator or open_simulator(spec, backend, announce)
    results = simulator.run(values, {*wanted, *spikes, *monitors.values(), "onsets.t"})
    found = {name: results[monitor].reshape(-1, places[name.split(".")[0]].size) for name, monitor in monitors.items()}
    if "input_synapses.w" in found:
        found["input_synapses.w"] = found["input_synapses.w"].reshape(-1, n_chosen, len(neurons))[:, :, :k]
    return _recording(config, results, _in_units(config, found, units, k), chosen, plastic)


def _units(config: Config, plastic: bool, n_chosen: int) -> dict[str, str]:
    """Return the names of the values that are recorded, and their units."""
    every = {name: unit for name, unit in UNITS.items() if name.startswith("excitatory") or inhibitory_neurons(config)}
    if not plastic:
        return every
    rule = config.plasticity
    names = [f"excitatory.{name}" for name in trace_names(rule.post_traces)]
    if n_chosen:
        names += [*(f"inputs.{name}" for name in trace_names(rule.pre_traces)), "input_synapses.w"]
    return every | dict.fromkeys(names, "1")


def _in_units(
    config: Config, found: dict[str, np.ndarray], units: dict[str, str], k: int
) -> dict[str, tuple[np.ndarray, str]]:
    """Return values of the `k` chosen neurons in their units, with the units; and the threshold."""
    values = {}
    for name, array in found.items():
        array = array[:, :k] if name.startswith(("excitatory.", "inhibitory.")) else array
        values[name] = array * np.float32(1 / si(1, units[name])), units[name]
    if values:
        constants = config.excitatory
        theta = values["excitatory.theta"][0]
        values["excitatory.threshold"] = theta + np.float32(constants.v_threshold - constants.theta_offset), "mV"
    return values


def _recording(
    config: Config,
    results: dict[str, np.ndarray],
    values: dict[str, tuple[np.ndarray, str]],
    chosen: Chosen,
    plastic: bool,
) -> Recording:
    dt, (window_steps, slot_steps) = config.presentation.dt, steps(config, plastic)

    def milliseconds(seconds: Any) -> np.ndarray:
        return np.rint(seconds / si(dt, "ms")) * dt

    return Recording(
        times=np.arange(len(results["onsets.t"]) * slot_steps) * dt,
        values={name: array for name, (array, _) in values.items()},
        units={name: unit for name, (_, unit) in values.items()},
        spikes={
            population: (milliseconds(results[f"{monitor}.t"]), results[f"{monitor}.i"])
            for population, monitor in MONITORS.items()
            if f"{monitor}.t" in results
        },
        neurons=chosen.neurons,
        inputs=chosen.inputs if plastic else chosen.inputs[:0],
        onsets=milliseconds(results["onsets.t"]),
        images=results["onsets.image"],
        repetitions=results["onsets.repetition"],
        window=window_steps * dt,
    )
