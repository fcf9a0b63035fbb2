"""What a layer must be told, in six places, and which layers a place may lack.

A new layer needs its formula (forward), the bounds that its weights allow (model_based), whether its values stay
multiples of a power of two (fixed_point), what a spike costs (connections), its sparse matrix for Brian2 (linear_maps)
and its function for PyTorch (torch_linear, torch_spiking). This test names what is missing.
"""

import pytest

from stdpnet.conversion.graph import endings, forward, layers, maps, rates
from stdpnet.conversion.report import connections
from stdpnet.conversion.simulators import linear_maps, torch_lif, torch_linear, torch_spiking  # noqa: F401  register
from stdpnet.conversion.spiking import encoding, fixed_point, gate, lif, neurons, readout
from stdpnet.conversion.storage import KINDS
from stdpnet.conversion.thresholds import model_based

#: What other layers are made from; no graph holds them.
ABSTRACT = {"Layer", "Pooling", "Readout", "Neurons"}
INPUTS = {"Input", "AnalogueInput", "PoissonInput"}
SIMPLIFIED = {
    "Dropout",
    "BatchNormalisation",
    "Affine",
    "Softmax",
    "LogSoftmax",
    "Sigmoid",
    "Tanh",
}  # taken out before conversion
NEURONS = {"IntegrateAndFire", "LIF", "CurveNeurons"}
#: Not linear, and their networks are neither scaled nor simulated in Brian2.
CURVES = {"RateCurve", "SoftLIF"}
UNSCALED = CURVES | {"LIF", "CurveNeurons", "AlphaSynapse"}
GATES = {"MaxGate"}
READOUTS = {kind.__name__ for kind in readout.READOUTS.values()}

PLACES = {
    "forward": (forward.compute, set()),
    # the images' range is that of an input, and graphs are simplified before
    "bounds": (model_based.limits, INPUTS | SIMPLIFIED | UNSCALED),
    # left out: values that are arbitrary anyway, sums of weights and analogue images, and what nothing follows
    "fixed point": (
        fixed_point.value_range,
        {"Input", "AnalogueInput", "Dense", "Convolution", "ReLU", "Output", "AlphaSynapse"}
        | READOUTS
        | CURVES
        | SIMPLIFIED,
    ),
    # only what is linear leads on; spikes are counted where they start
    "connections": (
        connections.leading_on,
        {"ReLU", "MaxPooling", "Output"} | INPUTS | NEURONS | CURVES | GATES | READOUTS | SIMPLIFIED,
    ),
    # only what is linear becomes synapses, and the output takes them in; neurons and gates are groups
    "linear maps": (linear_maps.matrices, {"ReLU", "MaxPooling"} | INPUTS | NEURONS | UNSCALED | GATES | SIMPLIFIED),
    # of a spiking network only; the encoding is drawn in NumPy, alike for every simulator
    "torch": (torch_linear.build, {"ReLU", "MaxPooling"} | INPUTS | CURVES | SIMPLIFIED),
}


def kinds_below(kind):
    """Return a layer's class and all that the package makes from it."""
    found = [other for child in kind.__subclasses__() for other in kinds_below(child)]
    return [kind, *found] if kind.__module__.startswith("stdpnet.") else found


@pytest.mark.parametrize("place", PLACES)
def test_each_place_knows_every_layer_but_those_that_it_may_lack(place):
    function, allowed = PLACES[place]
    unknown = {
        kind.__name__ for kind in kinds_below(layers.Layer) if function.dispatch(kind) is function.dispatch(object)
    }
    assert unknown - ABSTRACT == allowed - ABSTRACT


def test_every_layer_can_be_saved():
    homes = {kind.__module__ for kind in kinds_below(layers.Layer)}
    assert homes == {
        module.__name__ for module in (layers, maps, endings, rates, encoding, gate, neurons, lif, readout)
    }
    assert set(kinds_below(layers.Layer)) == set(KINDS.values())
