"""The dense device gives what Brian2's own C++ device gives: same spikes, weights equal to rounding."""

import json
import subprocess
import sys

import numpy as np
import pytest
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from tiny import SHORT, record, tiny_config, training_digits

from stdpnet import Config, datasets
from stdpnet.learning.values import network_spec
from stdpnet.simulation.device import support
from stdpnet.simulation.standalone import StandaloneSimulator

#: Other shapes of statement than the triplet rule's, and no normalisation.
WEIGHT_DEPENDENT = {
    "name": "weight-dependent",
    "source": "test",
    "normalise": False,
    "pre_traces": "dx/dt = -x / tau : 1",
    "pre_spike": "x += 1",
    "post_traces": "dy/dt = -y / tau : 1",
    "post_spike": "y += 1",
    "on_pre": "w = clip(w - eta * y_post * w, 0, w_max)",
    "on_post": "change = eta * (x_pre - 0.4)\nw = clip(w + change * (w_max - w), 0, w_max)",
    "constants": {"tau": {"value": 20.0, "unit": "ms"}, "eta": 0.05},
}
CASES = {
    "triplet, delays": {"delays": True},
    "triplet, no delays": {"delays": False},
    "other rule, no delays": {"delays": False, "custom_rule": WEIGHT_DEPENDENT},
}


def compiled(spec, folder, *options):
    """Compile a network in a folder and return its simulator."""
    folder.mkdir()
    request = folder / "spec.json"
    request.write_text(json.dumps(spec.to_dict()))
    command = [sys.executable, "-m", "stdpnet.simulation.code_generation", str(request), str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return StandaloneSimulator(folder)


def both_devices(config, images, folder):
    """Return what Brian2's own device and ours record of the same presentations."""
    spec = network_spec(config, images.shape[1], plastic=True, record_all=True)
    return [
        record(config, images, "cpp", simulator=compiled(spec, folder / name, *options))
        for name, options in {"plain": ["--plain"], "dense": []}.items()
    ]


def assert_equal(plain, dense):
    """Compare to the bit, but for potentials and refractory times, which the device keeps in single precision."""
    for monitor in ("inputs_spikes", "spikes", "inhibitory_spikes"):
        for variable in "ti":
            np.testing.assert_array_equal(dense[1][f"{monitor}.{variable}"], plain[1][f"{monitor}.{variable}"])
    for name, values in plain[0].state.items():
        if name.endswith(".v"):
            np.testing.assert_allclose(dense[0].state[name], values, rtol=1e-6, err_msg=name)
        elif name.endswith(".refractory_left"):  # what is left at the end is the rounding of dt, in its precision
            np.testing.assert_allclose(dense[0].state[name], values, atol=1e-8, err_msg=name)
        else:
            np.testing.assert_array_equal(dense[0].state[name], values, err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_spikes_and_weights_equal_those_of_plain_standalone(case, tmp_path):
    images = training_digits(30).copy()
    images[10:14] = 0  # half a second in which inhibitory neurons come to rest, to wake up after it
    plain, dense = both_devices(tiny_config(SHORT, CASES[case]), images, tmp_path)
    assert plain[0].counts[:10].sum() > 30
    assert plain[0].counts[14:].sum() > 60
    assert np.ptp(dense[0].state["input_synapses.w"]) > 0.1
    assert_equal(plain, dense)


@pytest.mark.slow
@pytest.mark.parametrize("delays", [True, False], ids=["delays", "no delays"])
def test_400_neurons_on_real_digits_equal_those_of_plain_standalone(delays, tmp_path):
    images = datasets.load_dataset("mnist-5k").train_images[:200].reshape(200, -1)
    plain, dense = both_devices(Config(neurons=400, delays=delays), images, tmp_path)
    assert plain[0].counts.sum() > 2000
    assert_equal(plain, dense)


def test_this_brian2_has_what_the_device_needs():
    assert support.problems() == []


def test_a_brian2_that_lacks_something_is_named(monkeypatch):
    class Empty:
        pass

    monkeypatch.setattr(CPPStandaloneCodeObject, "templater", Empty())
    found = support.problems()
    assert "templates cannot be derived (Templater.derive is missing)" in found
    assert "the template 'synapses' is missing" in found
