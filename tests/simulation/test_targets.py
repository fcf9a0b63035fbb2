"""One model, three ways to run it: NumPy, Cython and compiled C++ agree."""

import numpy as np
import pytest
from recorder import RECORDINGS

FASTER = ["cython", "cpp"]
NAMES = pytest.mark.parametrize("name", RECORDINGS)


@NAMES
@pytest.mark.parametrize("target", FASTER)
def test_spikes_are_the_same_on_every_target(recordings, target, name):
    reference, found = recordings["numpy", name], recordings[target, name]
    assert reference["counts"].sum() > 20
    assert reference["repetition_counts"].sum() > 0 or name == "own equations"  # which excite more
    assert reference["inhibitory_spikes.t"].size > 10
    for array in ("counts", "repetition_counts", "onsets.image", "onsets.repetition"):
        np.testing.assert_array_equal(found[array], reference[array])
    for monitor in ("inputs_spikes", "spikes", "inhibitory_spikes"):
        for variable in "ti":
            np.testing.assert_array_equal(found[f"{monitor}.{variable}"], reference[f"{monitor}.{variable}"])


@NAMES
@pytest.mark.parametrize("target", FASTER)
def test_weights_and_thresholds_agree_to_rounding(recordings, target, name):
    reference, found = recordings["numpy", name], recordings[target, name]
    # single precision: each of the some hundred updates of a weight may round by 6e-8 of it
    own = ("excitatory.a", "excitatory.g_slow") if name == "own equations" else ()
    for array in ("input_synapses.w", "excitatory.theta", *own):
        assert found[array].dtype == np.float32
        np.testing.assert_allclose(found[array], reference[array], rtol=2e-5, atol=1e-9)


@pytest.mark.parametrize("target", ["numpy", *FASTER])
def test_delays_and_own_equations_matter(recordings, target):
    # otherwise the comparisons would be one comparison made again
    delayed, without, own = (recordings[target, name]["spikes.t"] for name in RECORDINGS)
    assert not np.array_equal(delayed, without)
    assert not np.array_equal(own, without)


def test_numpy_needs_no_compiler(recordings_folder):
    # Brian2 would otherwise connect synapses with Cython, which takes a minute at the first start
    assert not (recordings_folder / "numpy-compiles-nothing").exists()


@pytest.mark.parametrize("target", FASTER)
def test_what_happens_inside_is_the_same_on_every_target(recordings, target):
    reference, found = recordings["numpy", "inside"], recordings[target, "inside"]
    assert {"excitatory.v", "excitatory.gi", "excitatory.y1", "inputs.x", "input_synapses.w"} <= found.keys()
    assert found.keys() == reference.keys()
    for name, values in reference.items():
        assert found[name].shape == values.shape
        assert np.ptp(values) > 0
        # single precision; potentials in mV
        np.testing.assert_allclose(found[name], values, rtol=2e-5, atol=2e-5, err_msg=name)
