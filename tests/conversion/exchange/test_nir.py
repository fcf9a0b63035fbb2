"""NIR files: what is written computes the same by NIR's own equations, here, and in another simulator."""

import contextlib
import itertools
import re

import numpy as np
import pytest
from graphs import chain, convolution, dense

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.exchange import load_nir, save_nir
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.simulators import simulate
from stdpnet.conversion.simulators.torch_correction import corrected
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.readout import MembranePotential

nir = pytest.importorskip("nir")
#: No activation is a whole number of thresholds, which rounding might take for more or less.
SAYABLE = {"reset": "zero", "initial": 0.0, "recent": 1.0, "normalisation": "percentile:90"}
STEPS = 24


def branches(rng):
    """Return a graph with a shortcut, groups, padded average pooling and names that files do not take."""
    return Graph(
        {
            "image": Node(layers.Input((2, 8, 8))),
            "0.stem/conv": Node(convolution(rng, 4, 2), ("image",)),
            "0.stem.conv": Node(layers.ReLU(), ("0.stem/conv",)),
            "grouped": Node(convolution(rng, 4, 2, groups=2), ("0.stem.conv",)),
            "sum": Node(layers.Add(), ("grouped", "0.stem.conv")),
            "sum relu": Node(layers.ReLU(), ("sum",)),
            "mean": Node(layers.AveragePooling((2, 2), (2, 2), (1, 1)), ("sum relu",)),
            "narrow": Node(convolution(rng, 3, 4, size=2, padding=0), ("mean",)),
            "narrow relu": Node(layers.ReLU(), ("narrow",)),
            "halved": Node(layers.AveragePooling((2, 2), (2, 2)), ("narrow relu",)),
            "flat": Node(layers.Flatten(), ("halved",)),
            "dense": Node(dense(rng, 5, 12), ("flat",)),
            "scores": Node(layers.Output(), ("dense",)),
        }
    )


@pytest.fixture(scope="module")
def made():
    """Return a network that NIR can say, and images."""
    rng = np.random.default_rng(0)
    images = rng.normal(size=(20, 2, 8, 8))
    return convert(branches(rng), images, **SAYABLE), images


def by_its_equations(graph, image, steps):
    """Return spikes of each neuron and the sum of the output, by the equations in the docstrings of nir's nodes."""
    torch = pytest.importorskip("torch")
    pools = {nir.AvgPool2d: torch.nn.functional.avg_pool2d, nir.SumPool2d: torch.nn.functional.avg_pool2d}

    def linear(node, x):
        if isinstance(node, nir.Affine | nir.Linear):
            return node.weight.astype(float) @ x + getattr(node, "bias", 0)
        if isinstance(node, nir.Scale):
            return node.scale * x
        if isinstance(node, nir.Flatten):
            return x.ravel()
        if type(node) in pools:
            size, stride, padding = (tuple(map(int, v)) for v in (node.kernel_size, node.stride, node.padding))
            found = pools[type(node)](torch.tensor(x)[None], size, stride, padding)[0].numpy()
            return found * (np.prod(size) if isinstance(node, nir.SumPool2d) else 1)
        weights, bias = torch.tensor(node.weight).double(), torch.tensor(node.bias).double()
        padding = node.padding if isinstance(node.padding, str) else tuple(map(int, node.padding))
        places = (tuple(map(int, pair)) for pair in (node.stride, node.dilation))
        stride, dilation = places
        x = torch.tensor(x)[None]
        return torch.nn.functional.conv2d(x, weights, bias, stride, padding, dilation, int(node.groups))[0].numpy()

    state = {name: np.zeros(node.r.shape) for name, node in graph.nodes.items() if isinstance(node, nir.IF | nir.I)}
    counts, total = {name: np.zeros(values.shape) for name, values in state.items()}, 0
    (out,) = graph.outputs
    for _ in range(steps):
        values = dict.fromkeys(graph.inputs, image)
        while len(values) < len(graph.nodes):
            for name, node in graph.nodes.items():
                sources = [source for source, target in graph.edges if target == name]
                if name in values or not set(sources) <= set(values):
                    continue
                x = sum(values[source] for source in sources)
                if isinstance(node, nir.I):
                    state[name] = x = state[name] + node.r * x
                elif isinstance(node, nir.IF):
                    v = state[name] + node.r * x
                    x = (v > node.v_threshold).astype(float)
                    state[name] = np.where(x > 0, node.v_reset, v)
                    counts[name] += x
                elif not isinstance(node, nir.Output):
                    x = linear(node, x)
                values[name] = x
        integrated = any(isinstance(graph.nodes[source], nir.I) for source, target in graph.edges if target == out)
        total = values[out] if integrated else total + values[out]
    return counts, total


def test_what_is_written_gives_the_same_spikes_by_nirs_equations_and_back(made, tmp_path):
    network, images = made
    assert save_nir(network, tmp_path / "network.nir") is None
    graph, ours = nir.read(tmp_path / "network.nir"), simulate(network, images, STEPS, keep="counts")
    back = simulate(load_nir(tmp_path / "network.nir"), images, STEPS, keep="counts")
    names = {name: re.sub(r"\W", "_", name) for name in ours.counts}
    names["0.stem.conv"] = "node_0_stem_conv_"
    assert sum(counts.sum() for counts in ours.counts.values()) > 1000
    np.testing.assert_array_equal(back.scores, ours.scores)
    for name, counts in ours.counts.items():
        np.testing.assert_array_equal(back.counts[names[name]], counts)
    for number in range(3):
        counts, total = by_its_equations(graph, images[number], STEPS)
        np.testing.assert_allclose(total, ours.scores[number], atol=1e-4)
        for name, found in ours.counts.items():
            np.testing.assert_array_equal(counts[names[name]], found[number])


def test_constant_currents_become_biases(made, tmp_path):
    network, images = made
    network = corrected(network, images, 8)
    save_nir(network, tmp_path / "network.nir")
    one, other = (simulate(each, images, 8) for each in (network, load_nir(tmp_path / "network.nir")))
    assert (one.scores != simulate(made[0], images, 8).scores).any()
    np.testing.assert_array_equal(other.scores, one.scores)


def test_concatenations_become_sums(tmp_path):
    rng = np.random.default_rng(0)
    nodes = {"image": Node(layers.Input((2, 4, 4))), "stem": Node(convolution(rng, 3, 2), ("image",))}
    nodes |= {"relu": Node(layers.ReLU(), ("stem",)), "left": Node(convolution(rng, 2, 3), ("relu",))}
    nodes |= {"left relu": Node(layers.ReLU(), ("left",)), "both": Node(layers.Concatenate(), ("left relu", "relu"))}
    nodes |= {"all": Node(layers.Concatenate(), ("both", "left relu")), "next": Node(convolution(rng, 4, 7), ("all",))}
    nodes |= {"next relu": Node(layers.ReLU(), ("next",)), "more": Node(layers.Concatenate(), ("next relu", "both"))}
    nodes |= {"mean": Node(layers.AveragePooling((2, 2), (2, 2)), ("more",)), "flat": Node(layers.Flatten(), ("mean",))}
    nodes |= {"dense": Node(dense(rng, 3, 36), ("flat",)), "scores": Node(layers.Output(), ("dense",))}
    images = rng.normal(size=(20, 2, 4, 4))
    network = convert(Graph(nodes), images, **SAYABLE)
    save_nir(network, tmp_path / "network.nir")
    one, other = (
        simulate(each, images, STEPS, dtype="float64") for each in (network, load_nir(tmp_path / "network.nir"))
    )
    np.testing.assert_allclose(other.scores, one.scores, atol=1e-9)
    assert [spikes.sum() for spikes in other.spikes.values()] == [spikes.sum() for spikes in one.spikes.values()]
    assert min(spikes.sum() for spikes in one.spikes.values()) > 100


def test_what_cannot_be_said_is_refused_or_measured(tmp_path):
    rng = np.random.default_rng(0)
    pooling = layers.MaxPooling((2, 2), (2, 2))
    flat = {"flat": layers.Flatten(), "dense": dense(rng, 3, 8)}
    graph = chain((2, 4, 4), conv=convolution(rng, 2, 2), relu=layers.ReLU(), pool=pooling, **flat)
    images, path = rng.random((30, 2, 4, 4)), tmp_path / "network.nir"
    network = convert(graph, images, recent=0.5)
    with pytest.raises(ConversionError) as error:
        save_nir(network, path)
    for reason in ("reset by subtraction", "potential before the first step", "max pooling", "a readout other than"):
        assert reason in str(error.value)
    with pytest.raises(ConversionError, match="lossy without images; expected some"):
        save_nir(network, path, lossy=True)
    assert not path.exists()
    loss = save_nir(network, path, lossy=True, images=images, steps=32)
    one, other = (simulate(each, images, 32, keep="counts") for each in (network, load_nir(path)))
    assert loss.agreement == np.mean(one.predictions[:, -1] == other.predictions[:, -1])
    assert loss.rates["relu"] == pytest.approx(np.abs(one.counts["relu"] - other.counts["relu"]).mean() / 32)
    assert len(loss.reasons) == 4 and f"answers {loss.agreement:.1%} of 30 images" in str(loss)


@pytest.mark.parametrize(
    "layer, words",
    [
        (layers.Concatenate(), "r2: IntegrateAndFire of concatenated channels"),
        (layers.Add(), "r2: takes the same values twice"),
    ],
)
def test_what_has_no_node_is_refused_by_name(layer, words, tmp_path):
    cells = IntegrateAndFire(reset="zero", initial=0.0)
    nodes = {
        "image": Node(AnalogueInput((2,))),
        "r": Node(cells, ("image",)),
        "both": Node(layer, ("r", "r")),
        "r2": Node(cells, ("both",)),
        "scores": Node(MembranePotential(), ("r2",)),
    }
    with pytest.raises(ConversionError, match=words):
        save_nir(SpikingNetwork(Graph(nodes), {}), tmp_path / "network.nir")


def test_a_folder_that_takes_no_files_is_named(made):
    with pytest.raises(ConversionError, match=r"/no/such/a\.nir: cannot be written"):
        save_nir(made[0], "/no/such/a.nir")


def neurons(shape, threshold=1.0, r=1.0, reset=0.0):
    """Return neurons of NIR."""
    r, threshold, reset = (np.broadcast_to(value, shape).astype(np.float32) for value in (r, threshold, reset))
    return nir.IF(r, threshold, reset)


def test_graphs_of_other_programs_are_read(tmp_path):
    rng = np.random.default_rng(0)
    nodes = {
        "z_in": nir.Input(np.array([2, 6, 6])),
        "conv": nir.Conv2d((6, 6), rng.normal(size=(3, 2, 3, 3)), 1, "same", 1, 1, rng.normal(size=3)),
        "cells": neurons((3, 6, 6), threshold=rng.uniform(0.5, 3, (3, 6, 6)), r=0.5),
        "sums": nir.SumPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
        "scale": nir.Scale(rng.uniform(0.1, 1, (3, 3, 3))),
        "more": neurons((3, 3, 3), threshold=np.array([0.5, 1.0, 2.0])[:, None, None]),
        "flat": nir.Flatten({"input": np.array([3, 3, 3])}, 0, -1),
        "one": nir.Linear(rng.normal(size=(4, 27))),
        "other": nir.Affine(rng.normal(size=(4, 27)), rng.normal(size=4)),
        "a_last": neurons((4,)),  # its potential may stay at the threshold, where neurons of NIR do not spike
        "ones": nir.Affine(np.eye(4) * 0.5, np.zeros(4)),
        "sum": nir.I(np.ones(4)),
        "a_out": nir.Output(np.array([4])),
    }
    row = ["z_in", "conv", "cells", "sums", "scale", "more", "flat", "one", "a_last", "ones", "sum", "a_out"]
    graph = nir.NIRGraph(nodes, [*itertools.pairwise(row), ("flat", "other"), ("other", "a_last")])
    nir.write(tmp_path / "graph.nir", graph)
    network = load_nir(tmp_path / "graph.nir")
    images = rng.normal(size=(3, 2, 6, 6))
    found = simulate(network, images, STEPS, dtype="float64", keep="counts")
    for number, image in enumerate(images):
        counts, total = by_its_equations(graph, image, STEPS)
        for name in ("cells", "more", "a_last"):
            np.testing.assert_array_equal(found.counts[name][number], counts[name])
        np.testing.assert_allclose(found.scores[number], total)


def test_neurons_spike_above_their_threshold_only(tmp_path):
    nodes = {"in": nir.Input(np.array([2])), "cells": neurons((2,), 1.0), "out": nir.Output(np.array([2]))}
    nir.write(tmp_path / "graph.nir", nir.NIRGraph(nodes, [("in", "cells"), ("cells", "out")]))
    result = simulate(load_nir(tmp_path / "graph.nir"), np.array([[0.5, 0.75]]), 6)
    np.testing.assert_array_equal(result.scores, [[2, 3]])  # 0.5 reaches 1 in the second step, and 1.5 in the third


CELLS = np.ones(2)
UNREAD = {
    "cells: LIF, neurons that leak": nir.LIF(CELLS, CELLS, 0 * CELLS, CELLS),
    "cells: Delay, a delay": nir.Delay(CELLS),
    "cells: Threshold, a threshold without": nir.Threshold(CELLS),
    "cells: v_reset is not 0": nir.IF(CELLS, CELLS, -CELLS),
    "cells: v_threshold is not above 0": nir.IF(CELLS, -CELLS),
    "cells: LI, a leaky integrator": nir.LI(CELLS, CELLS, 0 * CELLS),
}


@pytest.mark.parametrize("words", UNREAD)
def test_what_these_neurons_cannot_compute_is_refused_by_name(words, tmp_path):
    nodes = {"in": nir.Input(np.array([2])), "cells": UNREAD[words], "out": nir.Output(np.array([2]))}
    nir.write(tmp_path / "graph.nir", nir.NIRGraph(nodes, [("in", "cells"), ("cells", "out")]))
    with pytest.raises(ConversionError, match=words):
        load_nir(tmp_path / "graph.nir")


def test_loops_are_refused(tmp_path):
    nodes = {"in": nir.Input(np.array([2])), "cells": neurons((2,)), "w": nir.Linear(np.eye(2))}
    nodes["out"] = nir.Output(np.array([2]))
    edges = [("in", "cells"), ("cells", "w"), ("w", "cells"), ("cells", "out")]
    nir.write(tmp_path / "graph.nir", nir.NIRGraph(nodes, edges))
    with pytest.raises(ConversionError, match="a recurrent connection"):
        load_nir(tmp_path / "graph.nir")


def test_bad_files_are_said_in_one_sentence(made, tmp_path):
    path = tmp_path / "network.nir"
    with pytest.raises(ConversionError, match="no such file; expected a NIR graph"):
        load_nir(path)
    save_nir(made[0], path)
    whole = path.read_bytes()
    for start in range(0, len(whole), len(whole) // 10):  # it may hit what is not used, or be one error
        path.write_bytes(whole[:start] + b"\xff" * 64 + whole[start + 64 :])
        with contextlib.suppress(ConversionError):
            assert load_nir(path).output == "scores"
    for damage in (b"", b"not a graph", whole[: len(whole) // 2]):
        path.write_bytes(damage)
        with pytest.raises(ConversionError, match=r"network\.nir: damaged, or no NIR graph"):
            load_nir(path)
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file["other"] = 1
    with pytest.raises(ConversionError, match="damaged, or no NIR graph"):
        load_nir(path)
    nir.write(path, nir.Linear(np.eye(2)))
    with pytest.raises(ConversionError, match="damaged, or no NIR graph"):
        load_nir(path)


@pytest.mark.slow
def test_norse_gives_the_same_spikes(tmp_path):
    norse, torch = pytest.importorskip("norse.torch"), pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    convolutions = {"c1": convolution(rng, 4, 2), "r1": layers.ReLU(), "c2": convolution(rng, 6, 4, stride=(2, 2))}
    ends = {"flat": layers.Flatten(), "d": dense(rng, 20, 96), "r3": layers.ReLU(), "last": dense(rng, 5, 20)}
    images = rng.random((4, 2, 8, 8))
    network = convert(chain((2, 8, 8), **convolutions, r2=layers.ReLU(), **ends), images, **SAYABLE)
    save_nir(network, tmp_path / "network.nir")
    expected = simulate(network, images, STEPS, keep="counts")
    module = norse.from_nir(nir.read(tmp_path / "network.nir"))
    for number, image in enumerate(images):  # it flattens all axes, as the file says: one image at a time
        state, total, counts = None, 0, dict.fromkeys(expected.counts, 0)
        for _ in range(STEPS):
            out, state = module(torch.tensor(image, dtype=torch.float32), state)
            total = total + out.detach().numpy()
            counts = {name: count + state.cache[name].detach().numpy() for name, count in counts.items()}
        np.testing.assert_array_equal(total, expected.scores[number].astype(np.float32))
        for name, found in counts.items():
            np.testing.assert_array_equal(found, expected.counts[name][number])


@pytest.mark.slow
def test_spikingjelly_gives_the_same_scores(made, tmp_path):
    exchange = pytest.importorskip("spikingjelly.activation_based.nir_exchange")
    torch = pytest.importorskip("torch")
    network, images = made
    save_nir(network, tmp_path / "network.nir")
    module, state, total = exchange.import_from_nir(nir.read(tmp_path / "network.nir"), dt=1.0), None, 0
    with torch.no_grad():
        for _ in range(STEPS):
            out, state = module(torch.tensor(images, dtype=torch.float32), state)
            total = total + out.numpy()
    np.testing.assert_allclose(total, simulate(network, images, STEPS).scores, atol=1e-4)
