"""Clipped activations and staircases: neurons of a fixed scale."""

import numpy as np
import pytest
import torch
from graphs import chain, dense
from torch import nn

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.ann.activations import ClipFloorShift
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import forward, scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.simulators.torch_simulator import simulate


def network(activation):
    torch.manual_seed(0)
    parts = nn.Linear(5, 20), activation(), nn.Linear(20, 20), activation(), nn.Linear(20, 4)
    return nn.Sequential(*parts).double().eval()


@pytest.mark.parametrize("activation", [nn.ReLU6, lambda: nn.Hardtanh(0, 0.3), lambda: ClipFloorShift(4, 0.7)])
def test_the_graph_computes_what_the_module_does(activation):
    model, images = network(activation), 3 * np.random.default_rng(0).normal(size=(50, 5))
    graph = import_model(model, (5,))
    assert len(graph.names(layers.ReLU)) == 2
    with torch.no_grad():
        np.testing.assert_allclose(scores(graph, images), model(torch.tensor(images)), atol=1e-12)
    spiking = convert(graph, images, normalisation="percentile:90", recent=1.0)  # also in units of smaller scales
    np.testing.assert_allclose(scores(spiking.graph, images), scores(graph, images), atol=1e-5)


def test_in_as_many_steps_as_levels_the_stairs_are_spikes():
    # one layer, from half a threshold: floor(z L / bound + 1 / 2) spikes in L steps
    rng, levels, bound = np.random.default_rng(0), 4, 0.7
    graph = chain((5,), first=dense(rng, 30, 5), relu=layers.ReLU(bound, levels), last=dense(rng, 3, 30))
    images = rng.normal(size=(40, 5))
    spiking = convert(graph, images, recent=1.0)
    np.testing.assert_array_equal(spiking.scales["relu"], bound)
    counts = simulate(spiking, images, levels, dtype="float64", keep="counts").counts["relu"]
    stairs = forward(graph, images)["relu"] * (levels / bound)
    assert set(counts.ravel()) == set(range(levels + 1))
    np.testing.assert_allclose(counts, stairs, atol=1e-12)


def test_no_scale_is_above_the_bound():
    graph = chain(
        (2,),
        first=layers.Dense(np.eye(2), np.zeros(2)),
        relu=layers.ReLU(0.5),
        last=dense(np.random.default_rng(0), 2, 2),
    )
    for normalisation, expected in (("maximum", [0.2, 0.5]), ("model", [0.5, 0.5])):
        spiking = convert(graph, np.array([[0.2, 0.9]]), normalisation=normalisation, recent=1.0)
        np.testing.assert_allclose(spiking.scales["relu"], expected)


def test_bounds_that_are_none():
    for bound in (0, -1.0, np.inf, np.nan):
        with pytest.raises(ConversionError, match="expected a finite bound above 0"):
            layers.ReLU(bound)
    with pytest.raises(ConversionError, match="has 4 levels up to None; expected at least 1, and a bound"):
        layers.ReLU(levels=4)
    with pytest.raises(ConversionError, match=r"has a bound of -1, learned or given; expected above 0: train it anew"):
        import_model(network(lambda: ClipFloorShift(4, -1.0)), (5,))
