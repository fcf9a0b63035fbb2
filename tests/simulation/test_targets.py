"""One model, three ways to run it: NumPy, Cython and compiled C++ agree."""

import numpy as np
import pytest

FASTER = ["cython", "cpp"]
DELAYS = pytest.mark.parametrize("delays", [True, False], ids=["delays", "no delays"])


@DELAYS
@pytest.mark.parametrize("target", FASTER)
def test_spikes_are_the_same_on_every_target(recordings, target, delays):
    reference, found = recordings["numpy", delays], recordings[target, delays]
    assert reference["counts"].sum() > 20
    assert reference["repetition_counts"].sum() > 0
    assert reference["inhibitory_spikes.t"].size > 10
    for name in ("counts", "repetition_counts", "onsets.image", "onsets.repetition"):
        np.testing.assert_array_equal(found[name], reference[name])
    for monitor in ("inputs_spikes", "spikes", "inhibitory_spikes"):
        for variable in "ti":
            np.testing.assert_array_equal(found[f"{monitor}.{variable}"], reference[f"{monitor}.{variable}"])


@DELAYS
@pytest.mark.parametrize("target", FASTER)
def test_weights_and_thresholds_agree_to_rounding(recordings, target, delays):
    reference, found = recordings["numpy", delays], recordings[target, delays]
    # single precision: each of the some hundred updates of a weight may round by 6e-8 of it
    for name in ("input_synapses.w", "excitatory.theta"):
        assert found[name].dtype == np.float32
        np.testing.assert_allclose(found[name], reference[name], rtol=2e-5, atol=1e-9)


@pytest.mark.parametrize("target", ["numpy", *FASTER])
def test_delays_matter(recordings, target):
    # otherwise the comparisons with and without would be one comparison made twice
    with_delays, without = recordings[target, True], recordings[target, False]
    assert not np.array_equal(with_delays["spikes.t"], without["spikes.t"])


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
