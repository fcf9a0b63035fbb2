"""The dense device gives what Brian2's own C++ device gives: same spikes, weights equal to rounding."""

import json
import subprocess
import sys

import numpy as np
import pytest
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from tiny import N_INPUTS, SHORT, record, tiny_config, training_digits

from stdpnet.device import support
from stdpnet.parameters import network_spec
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
    "other rule, no delays": {"delays": False, "custom_rule": WEIGHT_DEPENDENT},
}


def compiled(spec, folder, *options):
    """Compile a network in a folder and return its simulator."""
    folder.mkdir()
    request = folder / "spec.json"
    request.write_text(json.dumps(spec.to_dict()))
    command = [sys.executable, "-m", "stdpnet.simulation.compile", str(request), str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return StandaloneSimulator(folder)


@pytest.mark.parametrize("case", CASES)
def test_spikes_and_weights_equal_those_of_plain_standalone(case, tmp_path):
    config = tiny_config(SHORT, CASES[case])
    spec = network_spec(config, N_INPUTS, plastic=True, record_all=True)
    plain, dense = (
        record(config, training_digits(30), "cpp", simulator=compiled(spec, tmp_path / name, *options))
        for name, options in {"plain": ["--plain"], "dense": []}.items()
    )
    assert plain[0].counts.sum() > 100
    for monitor in ("inputs_spikes", "spikes", "inhibitory_spikes"):
        for variable in "ti":
            np.testing.assert_array_equal(dense[1][f"{monitor}.{variable}"], plain[1][f"{monitor}.{variable}"])
    before = dense[0].state["input_synapses.w"]
    assert np.ptp(before) > 0.1
    # both work in single precision, but the compiler vectorises only one of them
    for name, values in plain[0].state.items():
        np.testing.assert_allclose(dense[0].state[name], values, rtol=1e-5, atol=1e-6, err_msg=name)


def test_this_brian2_has_what_the_device_needs():
    assert support.problems() == []


def test_a_brian2_that_lacks_something_is_named(monkeypatch):
    class Empty:
        pass

    monkeypatch.setattr(CPPStandaloneCodeObject, "templater", Empty())
    found = support.problems()
    assert "templates cannot be derived (Templater.derive is missing)" in found
    assert "the template 'synapses' is missing" in found
