"""Brian2 gives the same spikes as PyTorch, in every step, and leaves its global state as it was."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from brian2 import defaultclock, get_device, prefs, set_device
from brian2.devices.device import reset_device
from graphs import chain, convolution, dense
from hypothesis import given, settings
from spiking_graphs import graphs, images_for, network, residual

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import forward
from stdpnet.conversion.simulators import brian_simulator, torch_simulator
from stdpnet.conversion.simulators.linear_maps import bias, matrices
from stdpnet.conversion.spiking.neurons import IntegrateAndFire

VARIANTS = {
    "default": {},
    "gates on spikes": {"pool_first": False, "start": 3},
    "exponential gates": {"pool_first": False, "gate": "exponential:8", "readout": "softmax-rates"},
    "finite gates": {"pool_first": False, "gate": "finite:4", "readout": "softmax-triggered"},
    "poisson": {"encoding": "poisson", "pool_first": False, "reset": "zero", "readout": "count", "seed": 4},
}
STEPS = 12


def assert_same_spikes(graph, options, target="numpy"):
    images = images_for(graph, 2)
    spiking = convert(graph, images, **options)
    expected = torch_simulator.simulate(spiking, images, STEPS, dtype="float64", keep="rasters", first=5)
    found = brian_simulator.simulate(spiking, images, STEPS, keep="rasters", first=5, target=target)
    assert set(found.rasters) == set(expected.rasters)
    for name, raster in expected.rasters.items():
        assert raster.any()
        np.testing.assert_array_equal(found.rasters[name], raster, err_msg=name)
        np.testing.assert_array_equal(found.spikes[name], expected.spikes[name])
    np.testing.assert_allclose(found.scores, expected.scores, rtol=1e-12)
    np.testing.assert_array_equal(found.predictions, expected.predictions)
    np.testing.assert_array_equal(found.steps, STEPS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_spike_in_every_step_is_that_of_pytorch(variant):
    assert_same_spikes(residual(np.random.default_rng(0)), VARIANTS[variant])


@pytest.mark.slow  # compiles some twenty modules for each, unless the cache has them
@pytest.mark.parametrize("variant", ["gates on spikes", "exponential gates"])
def test_cython_gives_the_same_spikes(variant, monkeypatch):
    monkeypatch.setitem(prefs, "codegen.runtime.cython.cache_dir", os.environ["STDPNET_TEST_CYTHON"])
    rng = np.random.default_rng(0)
    pooled = {"filters": convolution(rng, 3, 1), "relu": layers.ReLU(), "pool": layers.MaxPooling((2, 2), (2, 2))}
    graph = chain((1, 4, 4), **pooled, flat=layers.Flatten(), last=dense(rng, 4, 12))
    assert_same_spikes(graph, VARIANTS[variant], "cython")


def test_neurons_give_the_floor_of_the_integrated_current():
    currents = np.arange(-8, 17) / 8
    one = network((len(currents),), IntegrateAndFire())
    result = brian_simulator.simulate(one, currents[None], 20, keep="counts")
    np.testing.assert_array_equal(result.counts["layer 0"][0], np.clip(np.floor(currents * 20 + 0.5), 0, 20))


@pytest.mark.parametrize("options", [{}, {"encoding": "poisson", "pool_first": False, "readout": "count"}], ids=str)
def test_layers_without_any_synapse_are_silent(options):
    rng = np.random.default_rng(0)
    silent = layers.Convolution(np.zeros((2, 3, 1, 1)), np.zeros(2))
    middle = {"filters": convolution(rng, 3, 1), "relu": layers.ReLU(), "silent": silent, "none": layers.ReLU()}
    graph = chain((1, 4, 4), **middle, flat=layers.Flatten(), last=dense(rng, 3, 32))
    images = images_for(graph, 2)
    found = brian_simulator.simulate(convert(graph, images, **options), images, STEPS, keep="counts")
    assert found.counts["relu"].any() and not found.counts["none"].any()
    if not options:
        np.testing.assert_allclose(found.scores, STEPS * np.tile(graph.nodes["last"].layer.bias, (2, 1)), rtol=1e-5)


def test_each_image_starts_anew():
    graph = residual(np.random.default_rng(0))
    images = images_for(graph, 2)
    spiking = convert(graph, images, pool_first=False)
    together = brian_simulator.simulate(spiking, images[[0, 1, 0]], STEPS, keep="rasters")
    for raster in together.rasters.values():
        np.testing.assert_array_equal(raster[2], raster[0])
    assert not np.array_equal(together.rasters["sum relu"][1], together.rasters["sum relu"][0])


@settings(max_examples=40)
@given(graph=graphs())
def test_sparse_matrices_compute_what_the_layers_compute(graph):
    images = images_for(graph, 2)
    values = forward(graph, images)
    for name, node in graph.nodes.items():
        if isinstance(node.layer, layers.Input | layers.ReLU | layers.MaxPooling):
            continue
        maps = matrices(node.layer, *(graph.shapes[source] for source in node.inputs))
        given_values = [values[source].reshape(2, -1) for source in node.inputs]
        found = sum((matrix @ x.T).T for matrix, x in zip(maps, given_values, strict=True))
        found += bias(node.layer, graph.shapes[name])
        np.testing.assert_allclose(found, values[name].reshape(2, -1), atol=1e-9 * max(1, np.abs(found).max()))


@pytest.mark.parametrize("stride, dilation", [((2, 1), (1, 1)), ((1, 1), (2, 1)), ((2, 2), (1, 2))])
def test_the_matrix_of_a_convolution_knows_stride_and_dilation(stride, dilation):
    rng = np.random.default_rng(0)
    layer = convolution(rng, 4, 1, stride=stride, dilation=dilation, groups=2)
    graph = chain((2, 7, 6), filters=layer)
    image = rng.normal(size=(1, 2, 7, 6))
    (matrix,) = matrices(layer, (2, 7, 6))
    found = matrix @ image.ravel() + bias(layer, graph.shapes["filters"])
    np.testing.assert_allclose(found, forward(graph, image)["filters"].ravel(), atol=1e-12)


def test_networks_that_are_too_large_are_refused_with_their_number_of_synapses():
    rng = np.random.default_rng(0)
    graph = chain((1, 4, 4), a=convolution(rng, 2, 1), r=layers.ReLU(), f=layers.Flatten(), last=dense(rng, 5, 32))
    images = images_for(graph, 1)
    spiking = convert(graph, images)
    brian_simulator.simulate(spiking, images, 1, most=160)
    with pytest.raises(ConversionError, match="last: up to 160 synapses, more than the 159 that may be; simulate this"):
        brian_simulator.simulate(spiking, images, 1, most=159)


def test_device_preferences_and_clock_stay_as_they_were():
    graph = residual(np.random.default_rng(0))
    images = images_for(graph, 1)
    spiking = convert(graph, images)
    before = prefs.codegen.target, prefs.core.default_float_dtype, defaultclock.dt_
    set_device("cpp_standalone", build_on_run=False)
    try:
        device = get_device()
        brian_simulator.simulate(spiking, images, 2)
        assert get_device() is device and device.build_on_run is False
        assert not device.networks and not device.arrays.keys() - {
            v for v in device.arrays if v.owner.name == "defaultclock"
        }
    finally:
        reset_device()
    brian_simulator.simulate(spiking, images, 2)
    assert get_device() is not device
    assert (prefs.codegen.target, prefs.core.default_float_dtype, defaultclock.dt_) == before


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
import numpy as np
from spiking_graphs import images_for, residual
from stdpnet.conversion.simulators.brian_simulator import simulate
from stdpnet.conversion.convert import convert
graph = residual(np.random.default_rng(0))
images = images_for(graph, 1)
print(simulate(convert(graph, images), images, 2).predictions.shape)
"""


def test_neither_conversion_nor_brian2_needs_pytorch():
    command = [sys.executable, "-c", WITHOUT_TORCH]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    assert done.stdout == "(1, 2)\n", done.stderr


def test_unknown_targets_are_refused():
    with pytest.raises(ConversionError, match="target is 'cpp'; expected one of numpy, cython"):
        brian_simulator.simulate(network((1,), IntegrateAndFire()), np.ones((1, 1)), 1, target="cpp")
