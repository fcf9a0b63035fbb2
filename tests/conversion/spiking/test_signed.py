"""Signed neurons: negative spikes take back what was sent too much of, the same in every simulator."""

import numpy as np
import pytest
from spiking_graphs import images_for, network, residual
from stepper import step_by_step
from test_tuning import deep

from stdpnet.base.errors import ConversionError
from stdpnet.conversion import storage
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import forward
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.simulators import brian_simulator, simulate
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire


@pytest.mark.parametrize("signed, spikes", [(False, [1, 0, 0, 0]), (True, [1, -1, 0, 1])])
def test_what_was_sent_too_early_is_taken_back(signed, spikes):
    # of the first two neurons one spikes in every step, the other in the second: they bring 0.5, -1, 0.5, 0.5
    first = layers.Dense(np.array([[1.0], [0.25]]), np.zeros(2))
    second = layers.Dense(np.array([[0.5, -1.5]]), np.zeros(1))
    chain = network((1,), first, IntegrateAndFire(), second, IntegrateAndFire(signed=signed))
    found = simulate(chain, np.ones((1, 1)), 4, keep="rasters")
    np.testing.assert_array_equal(found.rasters["layer 3"][0, :, 0], spikes)
    assert found.scores[0, 0] == sum(spikes)
    assert found.spikes["layer 3"].sum() == np.abs(spikes).sum()


def test_all_simulators_send_the_same_spikes(tmp_path):
    graph = residual(np.random.default_rng(0))
    images = images_for(graph, 4)
    made = convert(graph, images, signed=True, recent=1.0)
    storage.save(made.graph, tmp_path / "network.npz")
    rasters, sums = step_by_step(made, images, 8)
    assert min(raster.min() for raster in rasters.values()) == -1
    for one in (made, SpikingNetwork(storage.load(tmp_path / "network.npz"), {})):
        found = simulate(one, images, 8, dtype="float64", keep="rasters")
        np.testing.assert_allclose(found.scores, sums)
        for name, raster in rasters.items():
            np.testing.assert_array_equal(found.rasters[name], raster)
            np.testing.assert_array_equal(found.spikes[name], np.abs(raster).sum(axis=tuple(range(2, raster.ndim))))
    brian = brian_simulator.simulate(made, images, 8, keep="rasters")
    counts = [simulate(made, images, 8, keep="counts"), brian_simulator.simulate(made, images, 8, keep="counts")]
    for name, raster in rasters.items():
        np.testing.assert_array_equal(brian.rasters[name], raster)
        for one in counts:
            np.testing.assert_array_equal(one.counts[name], raster.sum(axis=1))


def test_deep_networks_are_right_in_few_steps_and_it_is_counted():
    graph, rng = deep(12), np.random.default_rng(1)
    images, shown = rng.random((100, 8)), rng.random((100, 8))
    errors, spent = {}, {}
    for signed in (False, True):
        made = convert(graph, images, signed=signed, recent=1.0)
        found = simulate(made, shown, 8, keep="counts")
        wanted = forward(made.graph, shown)
        errors[signed] = np.mean(
            [np.abs(n / 8 - np.clip(wanted[name], 0, 1)).mean() for name, n in found.counts.items()]
        )
        measured = Measurement(made, graph, 8)
        measured.add(shown, found)
        spent[signed] = measured.report(np.zeros(100, int))["spiking"]["operations"]
        assert sum(n.sum() for n in found.spikes.values()) >= sum(n.sum() for n in found.counts.values())
    assert errors[True] < 0.8 * errors[False]
    assert spent[True] > spent[False]


def test_they_need_reset_by_subtraction():
    with pytest.raises(ConversionError, match="signed neurons with reset zero; expected subtraction"):
        IntegrateAndFire(reset="zero", signed=True)
