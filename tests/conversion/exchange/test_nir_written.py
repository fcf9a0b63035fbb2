"""NIR files that are written: they compute the same by NIR's own equations, here, and in other simulators."""

import re

import nir
import numpy as np
import pytest
from graphs import chain, convolution, dense
from nir_steps import by_its_equations

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

STEPS = 24


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


def test_concatenations_become_sums(sayable, tmp_path):
    rng = np.random.default_rng(0)
    nodes = {"image": Node(layers.Input((2, 4, 4))), "stem": Node(convolution(rng, 3, 2), ("image",))}
    nodes |= {"relu": Node(layers.ReLU(), ("stem",)), "left": Node(convolution(rng, 2, 3), ("relu",))}
    nodes |= {"left relu": Node(layers.ReLU(), ("left",)), "both": Node(layers.Concatenate(), ("left relu", "relu"))}
    nodes |= {"all": Node(layers.Concatenate(), ("both", "left relu")), "next": Node(convolution(rng, 4, 7), ("all",))}
    nodes |= {"next relu": Node(layers.ReLU(), ("next",)), "more": Node(layers.Concatenate(), ("next relu", "both"))}
    nodes |= {"mean": Node(layers.AveragePooling((2, 2), (2, 2)), ("more",)), "flat": Node(layers.Flatten(), ("mean",))}
    nodes |= {"dense": Node(dense(rng, 3, 36), ("flat",)), "scores": Node(layers.Output(), ("dense",))}
    images = rng.normal(size=(20, 2, 4, 4))
    network = convert(Graph(nodes), images, **sayable)
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


@pytest.mark.slow
def test_norse_gives_the_same_spikes(sayable, tmp_path):
    norse, torch = pytest.importorskip("norse.torch"), pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    convolutions = {"c1": convolution(rng, 4, 2), "r1": layers.ReLU(), "c2": convolution(rng, 6, 4, stride=(2, 2))}
    ends = {"flat": layers.Flatten(), "d": dense(rng, 20, 96), "r3": layers.ReLU(), "last": dense(rng, 5, 20)}
    images = rng.random((4, 2, 8, 8))
    network = convert(chain((2, 8, 8), **convolutions, r2=layers.ReLU(), **ends), images, **sayable)
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
