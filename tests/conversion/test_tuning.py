"""Networks that are made for a number of steps: corrected rates, and the choice by the analogue network's answers."""

import logging

import numpy as np
import pytest
from graphs import chain, dense
from spiking_graphs import images_for, residual
from spiking_graphs import network as chain_of

from stdpnet.base.errors import ConversionError
from stdpnet.conversion import storage
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.options import MOST_STEPS
from stdpnet.conversion.simulators import brian_simulator
from stdpnet.conversion.simulators.torch_correction import ROUNDS, UNIT, corrected
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire


def deep(n_layers=6):
    """Return a graph whose last neurons hear late and unevenly of the image."""
    rng, middle = np.random.default_rng(0), {}
    for number in range(n_layers):
        size = 30 if number else 8
        weights = rng.normal(size=(30, size)) * np.sqrt(2 / size)
        middle |= {f"dense{number}": layers.Dense(weights, 0.1 * rng.normal(size=30)), f"relu{number}": layers.ReLU()}
    return chain((8,), **middle, last=dense(rng, 5, 30))


def test_a_correction_by_hand():
    # 0.375 for 4 steps from half a threshold: 2 spikes, a rate of 0.5; with 0.25 for each step, one spike
    graph = chain((1,), layer=layers.Dense(np.array([[0.375], [1.0]]), np.zeros(2)), relu=layers.ReLU())
    plain = convert(graph, np.ones((1, 1)), normalisation="maximum", per_channel=False)
    counts = simulate(plain, np.ones((1, 1)), 4, keep="counts").counts["relu"]
    np.testing.assert_array_equal(counts, [[2, 4]])
    found = corrected(plain, np.ones((1, 1)), 4).graph.nodes["relu"].layer.correction
    current, target, correction = 0.375, 0.375, 0.0
    for _ in range(ROUNDS):
        rate = np.floor(4 * (current + correction) + 0.5) / 4
        correction += target - rate
    np.testing.assert_allclose(found, [correction, 0.0], atol=UNIT)


def test_corrected_rates_are_closer_in_every_layer():
    graph, images = deep(), np.random.default_rng(1).random((60, 8))
    plain = convert(graph, images)
    network, errors = corrected(plain, images, 8), {}
    wanted = {name: np.clip(values, 0, 1) for name, values in layer_values(plain, images).items()}
    for title, one in (("plain", plain), ("corrected", network)):
        counts = simulate(one, images, 8, keep="counts").counts
        errors[title] = {name: np.abs((counts[name] / 8 - wanted[name]).mean(axis=0)).mean() for name in counts}
    assert all(errors["corrected"][name] < 0.7 * errors["plain"][name] for name in errors["plain"])


def test_potentials_that_do_not_fall_below_a_bound():
    # what arrives is 0.5, -1, 0.5 and 0.5: the last two reach the threshold from 0, and not from -0.25
    weights = layers.Dense(np.array([[0.5, -1.5]]), np.zeros(1))
    first = layers.Dense(np.array([[1.0], [0.25]]), np.zeros(2))
    counts = []
    for lowest in (None, 0.0):
        neurons = IntegrateAndFire(initial=0.25, lowest=lowest)
        found = simulate(
            chain_of((1,), first, IntegrateAndFire(), weights, neurons), np.ones((1, 1)), 4, keep="rasters"
        )
        counts.append(found.rasters["layer 3"][0, :, 0].tolist())
    assert counts == [[False] * 4, [False, False, False, True]]
    with pytest.raises(ConversionError, match=r"lowest is 0\.6; expected at most initial, 0\.5"):
        IntegrateAndFire(lowest=0.6)


def layer_values(network, images):
    from stdpnet.conversion.graph.forward import forward

    values = forward(network.graph, images)
    return {name: values[name] for name in network.graph.names(IntegrateAndFire)}


@pytest.mark.parametrize("lowest", [None, 0.0, -0.5])
def test_both_simulators_and_files_know_corrections(tmp_path, lowest):
    graph = residual(np.random.default_rng(0))
    images = images_for(graph, 6)
    network = corrected(convert(graph, images), images, 6, lowest)
    storage.save(network.graph, tmp_path / "network.npz")
    read = type(network)(storage.load(tmp_path / "network.npz"), {})
    results = [simulate(one, images, 6, dtype="float64", keep="rasters") for one in (network, read)]
    results.append(brian_simulator.simulate(network, images, 6, keep="rasters"))
    plain = simulate(convert(graph, images), images, 6, dtype="float64", keep="rasters")
    assert any((plain.rasters[name] != raster).any() for name, raster in results[0].rasters.items())
    for other in results[1:]:
        for name, raster in results[0].rasters.items():
            np.testing.assert_array_equal(other.rasters[name], raster)


def test_a_network_made_for_few_steps_agrees_more_often(caplog):
    graph, rng = deep(12), np.random.default_rng(2)
    images, others = rng.random((300, 8)), rng.random((300, 8))
    answers = scores(graph, others).argmax(axis=1)
    with caplog.at_level(logging.INFO):
        made = convert(graph, images, steps=4)
    assert "made for 4 steps" in caplog.text and "images as the analogue network does" in caplog.text
    plain, better = (
        np.mean(simulate(network, others, 4).predictions[:, -1] == answers)
        for network in (convert(graph, images, recent=1.0), made)
    )
    assert better > plain + 0.1


def test_a_readout_goes_by_the_share_that_brings_the_answers(caplog):
    # what the neurons say in the first steps is wrong: a large bias is made up for only by spikes that come later
    inhibited = layers.Dense(np.array([[-4.0, 0.0], [0.0, 0.0]]), np.array([4.0, 0.4]))
    middle = {"one": layers.Dense(np.eye(2), np.zeros(2)), "r1": layers.ReLU(), "two": inhibited, "r2": layers.ReLU()}
    graph = chain((2,), **middle, last=layers.Dense(np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)))
    images = np.stack([np.linspace(0.85, 1, 16), np.ones(16)], axis=1)
    with caplog.at_level(logging.INFO):
        network = convert(graph, images, normalisation="maximum")
    assert "the readout goes by the last" in caplog.text
    assert network.readout.recent < 1
    assert convert(graph, images, recent=0.75).readout.recent == 0.75


def test_the_same_images_make_the_same_network():
    graph, images = deep(), np.random.default_rng(1).random((60, 8))
    one, other = (convert(graph, images, steps=6).graph for _ in range(2))
    for name in one.nodes:
        for field, values in one.nodes[name].layer.arrays().items():
            np.testing.assert_array_equal(other.nodes[name].layer.arrays()[field], values)


def test_what_cannot_be_made_is_said():
    graph, images = deep(), np.random.default_rng(1).random((60, 8))
    for steps in (-1, MOST_STEPS + 1):
        with pytest.raises(ConversionError, match=f"steps is {steps}; expected 1 to {MOST_STEPS}, or 0"):
            convert(graph, images, steps=steps)
    with pytest.raises(ConversionError, match="there is 1 image; expected at least 2"):
        convert(graph, images[:1], steps=4)
