"""The options of a conversion: one declaration, given as an object or one by one."""

import numpy as np
import pytest
from spiking_graphs import images_for, residual

from stdpnet.base.errors import ConfigError, ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.options import ConversionOptions
from stdpnet.conversion.spiking.encoding import PoissonInput
from stdpnet.conversion.spiking.readout import SoftmaxRates
from stdpnet.experiments.conversion.config import ConversionConfig

OTHERS = {
    "normalisation": "maximum",
    "per_channel": False,
    "reset": "zero",
    "initial": 0.25,
    "pool_first": False,
    "gate": "finite:3",
    "encoding": "poisson",
    "readout": "softmax-rates",
    "start": 2,
    "seed": 7,
}


def assert_same(one, other):
    assert [repr(node) for node in one.graph.nodes.values()] == [repr(node) for node in other.graph.nodes.values()]
    for name, node in one.graph.nodes.items():
        for field, array in node.layer.arrays().items():
            np.testing.assert_array_equal(array, getattr(other.graph.nodes[name].layer, field))


@pytest.fixture(scope="module")
def graph():
    return residual(np.random.default_rng(0))


def test_options_one_by_one_as_an_object_and_as_part_of_a_configuration(graph):
    images = images_for(graph, 5)
    network = convert(graph, images, **OTHERS)
    layer = network.graph.nodes["image"].layer
    assert isinstance(layer, PoissonInput) and layer.seed == network.readout.seed == 7
    assert isinstance(network.readout, SoftmaxRates) and network.readout.start == 2
    assert_same(convert(graph, images, ConversionOptions(**OTHERS)), network)
    assert_same(convert(graph, images, ConversionConfig(steps=9, **OTHERS)), network)
    assert_same(convert(graph, images, ConversionOptions(**OTHERS | {"seed": 1}), seed=7), network)


def test_single_options_go_over_the_object(graph):
    images = images_for(graph, 5)
    options = ConversionOptions(reset="zero", initial=0.25)
    neurons = convert(graph, images, options, initial=0.75).graph.nodes["sum relu"].layer
    assert (neurons.reset, neurons.initial) == ("zero", 0.75)


WRONG = {
    "a name that is none": (
        ConfigError,
        {"resets": "zero"},
        r"unknown parameter resets \(did you mean 'reset'\?\): expected one of encoding",
    ),
    "another type": (ConfigError, {"per_channel": "no"}, "per_channel is 'no'; expected bool"),
    "below the bound": (ConfigError, {"start": -1}, "start is -1; expected a finite number of at least 0"),
    "a gate without a span": (ConversionError, {"gate": "finite:0"}, "the finite estimate has a span of 0"),
    "a potential at the threshold": (
        ConversionError,
        {"initial": 1.0},
        "initial is 1.0; expected at least 0 and",
    ),
}


@pytest.mark.parametrize("kind, options, message", WRONG.values(), ids=WRONG)
def test_wrong_options(graph, kind, options, message):
    with pytest.raises(kind, match=message):
        convert(graph, images_for(graph, 2), **options)
