"""Spike-Norm: the paper's example, thresholds against a computation in NumPy, junctions, and what it converts to."""

import numpy as np
import pytest
from graphs import chain, convolution, dense
from spiking_graphs import images_for, residual

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import forward
from stdpnet.conversion.options import ConversionOptions
from stdpnet.conversion.simulators import simulate
from stdpnet.conversion.spiking.encoding import PoissonInput, generator
from stdpnet.conversion.spiking.neurons import IntegrateAndFire

#: Sengupta et al. 2019.
PAPER = {"encoding": "poisson", "per_channel": False, "reset": "zero", "initial": 0.0}


def test_the_papers_example():
    ones = layers.Dense(np.ones((1, 2)), np.zeros(1))
    graph = chain((2,), sum=ones, relu=layers.ReLU(), last=layers.Dense(np.ones((2, 1)), np.zeros(2)))
    image = np.array([[0.5, 1.0]])
    assert convert(graph, image, normalisation="maximum", **PAPER).scales["relu"] == pytest.approx(1.5)
    assert convert(graph, image, normalisation="spikes:50", **PAPER).scales["relu"] == pytest.approx(2.0)


@pytest.mark.parametrize("reset", ["zero", "subtraction"])
def test_thresholds_are_those_of_a_computation_in_numpy(reset):
    rng = np.random.default_rng(3)
    weights = [rng.normal(size=size) for size in ((12, 8), (10, 12), (9, 10), (3, 9))]
    middle = {}
    for number, weight in enumerate(weights, 1):
        middle[f"dense{number}"] = layers.Dense(weight, np.zeros(len(weight)))
        middle |= {f"relu{number}": layers.ReLU()} if number < 4 else {}
    images, steps = rng.normal(size=(4, 8)), 40
    options = PAPER | {"reset": reset, "normalisation": f"spikes:{steps}"}
    network = convert(chain((8,), **middle), images, **options)

    largest = np.abs(images).max()
    trains = [rows.random((steps, 8)) < np.abs(image) / largest
              for image, rows in ((image, generator(0, "input", k)) for k, image in enumerate(images))]  # fmt: skip
    sent = np.stack([train * np.sign(image) for train, image in zip(trains, images, strict=True)], axis=1)
    before = largest
    for number, weight in enumerate(weights[:-1], 1):
        currents = sent @ weight.T
        threshold = currents.max()  # in the paper's units, where every spike is 1
        assert network.scales[f"relu{number}"] == pytest.approx(np.full(len(weight), before * threshold), rel=1e-5)
        potential, sent = np.zeros((4, len(weight))), np.zeros_like(currents)
        for step in range(steps):
            potential += currents[step]
            sent[step] = potential >= threshold * (1 - 1e-6)  # the largest current is the threshold, but for rounding
            potential = np.where(sent[step], 0 if reset == "zero" else potential - threshold, potential)
        before *= threshold


def test_the_input_is_signed():
    layer = PoissonInput((2,), scale=np.ones(1))
    spikes = layer.spikes(np.array([-0.75, 0.25]), generator(0, "input", 0), 4000)
    np.testing.assert_allclose(spikes.mean(axis=0), [-0.75, 0.25], atol=0.03)
    assert set(np.unique(spikes)) == {-1, 0, 1}


def test_spikes_that_meet_in_a_junction_stand_for_the_same():
    graph = residual(np.random.default_rng(1))
    images = images_for(graph, 6)
    network = convert(graph, images, normalisation="spikes:64", recent=1.0)
    expected = forward(graph, images)["dense"]
    scores = simulate(network, images, 2000).scores / 2000
    assert np.corrcoef(scores.ravel(), expected.ravel())[0, 1] > 0.999


def test_no_current_is_above_its_threshold():
    graph = chain((2, 6, 6), conv=convolution(np.random.default_rng(0), 3, 2), relu=layers.ReLU(),
                  flat=layers.Flatten(), dense=dense(np.random.default_rng(1), 4, 108), relu2=layers.ReLU(),
                  last=dense(np.random.default_rng(2), 2, 4))  # fmt: skip
    images = images_for(graph, 5)
    network = convert(graph, images, normalisation="spikes:30", **PAPER)
    result = simulate(network, images, 30, keep="rasters")
    layer = network.graph.layer("dense", layers.Dense)
    currents = result.rasters["relu"].reshape(5, 30, -1) @ layer.weights.T + layer.bias
    assert 0.99 < currents.max() <= 1.0001


def test_a_clipped_relu_keeps_its_bound():
    graph = chain((2,), sum=layers.Dense(np.ones((1, 2)), np.zeros(1)), relu=layers.ReLU(1.25),
                  last=layers.Dense(np.ones((2, 1)), np.zeros(2)))  # fmt: skip
    network = convert(graph, np.array([[0.5, 1.0]]), normalisation="spikes:50", **PAPER)
    assert network.scales["relu"] == 1.25
    assert isinstance(network.graph.nodes["relu"].layer, IntegrateAndFire)


def test_too_few_steps_are_told(caplog):
    graph = chain((2,), first=layers.Dense(np.full((2, 2), 0.1), np.zeros(2)), relu1=layers.ReLU(),
                  second=layers.Dense(np.ones((2, 2)), np.zeros(2)), relu2=layers.ReLU(),
                  last=layers.Dense(np.ones((2, 2)), np.zeros(2)))  # fmt: skip
    image = np.array([[0.001, 1.0]])
    convert(graph, image, normalisation="spikes:1", **PAPER)
    assert not [one for one in caplog.records if one.levelname == "WARNING"]
    convert(graph, image * [[1, -1]], normalisation="spikes:1", **PAPER)
    assert "relu2: no spikes reach it in 1 steps" in caplog.text


@pytest.mark.parametrize("text", ["spikes", "spikes:", "spikes:0", "spikes:many"])
def test_steps_are_a_number(text):
    with pytest.raises(ConversionError, match=f"normalisation is '{text}'; expected spikes:STEPS"):
        ConversionOptions(normalisation=text)
