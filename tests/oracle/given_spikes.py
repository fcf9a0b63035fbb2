"""The package's own network with given spikes, on every target.

    python tests/oracle/given_spikes.py FOLDER/request.json  # compiles what `given_simulator` has asked for

A presentation lasts a single step, so that the images are the spikes: with a mean interval of 0 the first spike of a
pixel above 0 is due at once. Output neuron j fires with pixel j: of the network only its threshold is replaced.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from stdpnet.learning.presentation.batch import Shown, inputs
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation.runtime import RuntimeSimulator
from stdpnet.simulation.standalone import StandaloneSimulator

RUNTIME = ("numpy", "cython")
COMPILED = ("plain", "dense")  # Brian2's C++ device, and the package's own
ONE_STEP = {f"{group}.{name}_steps": 1 for group in ("protocol", "inputs") for name in ("window", "slot")}


def threshold(steps):
    """Return Brian2 text: an output neuron fires with its pixel. Time runs on from one run to the next."""
    return f"images((t_in_timesteps % {steps}) * second, i) > 0"


def given_simulator(config, n_inputs, steps, target, folder):
    """Return a simulator of the plastic network whose output spikes are given, for runs of `steps` steps."""
    spec = network_spec(config, n_inputs, plastic=True)
    spec = replace(spec, excitatory=replace(spec.excitatory, threshold=threshold(steps)))
    if target in RUNTIME:
        return RuntimeSimulator(spec, target)
    request = folder / "request.json"
    request.write_text(json.dumps({"spec": spec.to_dict(), "target": target}))
    done = subprocess.run([sys.executable, __file__, str(request)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return StandaloneSimulator(folder)


def learned(simulator, config, weights, fired):
    """Return the weights after given spikes, and the output spikes.

    Parameters
    ----------
    simulator : RuntimeSimulator or StandaloneSimulator
        From `given_simulator`.
    config : Config
    weights : ndarray, shape (n_inputs, n_outputs)
    fired : ndarray of bool, shape (n_steps, n_inputs)
        The first n_outputs columns are the spikes of the outputs as well.

    Returns
    -------
    weights : ndarray of float32, shape (n_inputs, n_outputs)
    steps, neurons : ndarray of int
    """
    state = initial_state(config, len(weights)) | {"input_synapses.w": weights}
    values, _ = inputs(config, state, Shown(fired, 0, "training"), plastic=True)
    results = simulator.run(
        values | ONE_STEP | {"inputs.mean_interval": 0}, ["input_synapses.w", "spikes.t", "spikes.i"]
    )
    steps = np.rint(results["spikes.t"] / (1e-3 * config.presentation.dt)).astype(int)
    return results["input_synapses.w"].reshape(weights.shape), steps, results["spikes.i"]


def compile_request(path):
    """Compile a network, in a process of its own: Brian2's device is global."""
    from stdpnet.simulation.code_generation import PLAIN, compile_network
    from stdpnet.simulation.device.dense import NAME

    request = json.loads(path.read_text())
    device = {"plain": PLAIN, "dense": NAME}[request["target"]]
    compile_network(NetworkSpec.from_dict(request["spec"]), path.parent, device)


if __name__ == "__main__":
    compile_request(Path(sys.argv[1]).resolve())
