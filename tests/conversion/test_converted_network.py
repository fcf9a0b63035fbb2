"""A converted network as users hold it: images in every form, values over time, a file, a table."""

import logging

import numpy as np
import pytest
import torch
from graphs import chain, dense
from sklearn.neural_network import MLPRegressor
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import stdpnet
from stdpnet.base.errors import ConversionError
from stdpnet.conversion import batches, storage
from stdpnet.conversion.converted import ConvertedNetwork
from stdpnet.conversion.converted_file import load_spiking
from stdpnet.conversion.graph import layers
from stdpnet.conversion.report.connections import leading_on
from stdpnet.conversion.report.size import Size, sizes, synapses

pytestmark = pytest.mark.usefixtures("one_thread")


class Small(nn.Module):
    """Two convolutions of which one ReLU is used twice, for images in colour."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 5, 3, stride=2)
        self.act, self.last = nn.ReLU(), nn.Linear(45, 4)

    def forward(self, x):
        return self.last(self.act(self.second(self.act(self.first(x)))).flatten(1))


@pytest.fixture(scope="module")
def colour():
    """Return a network of colour images, the images, their classes by the network, and its outputs."""
    torch.manual_seed(0)
    model, images = Small(), torch.rand(120, 3, 8, 8)
    with torch.no_grad():
        outputs = model(images)
    return model, images, outputs.argmax(1), outputs.double().numpy()


@pytest.fixture(scope="module")
def spiking(colour):
    model, images, _, _ = colour
    return stdpnet.convert(model, images)


def test_images_in_every_form_give_one_network(colour, spiking):
    model, images, labels, _ = colour
    loader = DataLoader(TensorDataset(images, labels), batch_size=50)
    expected = spiking.spikes(images.numpy(), steps=8)
    forms = (images.double(), images.numpy().tolist(), loader, [images[:70], images[70:].numpy()])
    for given in forms:
        for name, scale in stdpnet.convert(model, given, recent=1.0).scales.items():
            np.testing.assert_allclose(scale, spiking.scales[name], rtol=1e-6)
        for name, counts in spiking.spikes(given, steps=8).items():
            np.testing.assert_array_equal(counts, expected[name])


def test_it_is_evaluated_with_labels_given_or_of_the_loader(colour, spiking):
    _, images, labels, _ = colour
    found = spiking.evaluate(images, labels, steps=32)
    loader = DataLoader(TensorDataset(images, labels), batch_size=50)
    other = spiking.evaluate(loader, steps=32)
    np.testing.assert_array_equal(other.curve, found.curve)
    assert found.analogue["accuracy"] == 1 and found.accuracy == found.curve[-1] > 0.95
    simulated = stdpnet.simulate(spiking, images.numpy(), 32, keep="counts")
    np.testing.assert_array_equal(found.curve, (simulated.predictions == labels.numpy()[:, None]).mean(axis=0))
    assert list(found.rates) == ["act", "act_2"]  # of one module, used twice
    for name, rate in found.rates.items():
        assert rate == pytest.approx(simulated.counts[name].mean() / 32) and found.correlation[name] > 0.9
    # 4 filters of 27 weights on 64 places, less the padding; 5 of 36 on 9 places; 45 to 4
    padded = (
        4
        * 3
        * sum(
            9 - 3 * (i in (0, 7)) - 3 * (j in (0, 7)) + (i in (0, 7)) * (j in (0, 7))
            for i in range(8)
            for j in range(8)
        )
    )
    weights = 4 * 27 + 4 + 5 * 36 + 5 + 45 * 4 + 4
    assert found.size == {"neurons": 4 * 64 + 45, "synapses": padded + 45 * 36 + 180, "parameters": weights}
    assert found.operations.shape == (32,) and found.energy["45_nm_pJ"]["spiking_over_analogue"] > 0
    assert "accuracy" in repr(found) and "act_2  rate" in repr(found)


def test_values_approach_the_outputs_of_the_module(colour, spiking):
    _, images, _, outputs = colour
    found = spiking.values(images, steps=256)
    assert found.shape == (120, 256, 4)
    off = np.sqrt(((found - outputs[:, None]) ** 2).mean(axis=(0, 2)))
    assert off[-1] < 0.01 * outputs.std() and off[-1] < 0.1 * off[3]
    few = stdpnet.simulate(spiking, images.numpy(), 5)
    np.testing.assert_allclose(found[:, 4], few.scores / 5, rtol=1e-5)


def test_spikes_in_every_step_add_up(colour, spiking):
    _, images, _, _ = colour
    every, number = spiking.spikes(images[:9], 12, every_step=True), spiking.spikes(images[:9], 12)
    assert every["act_2"].shape == (9, 12, 5, 3, 3)
    for name, counts in number.items():
        np.testing.assert_array_equal(every[name].sum(axis=1), counts)


def test_a_saved_network_is_the_same_one(colour, spiking, tmp_path):
    _, images, labels, _ = colour
    spiking.save(tmp_path / "net.npz")
    found = stdpnet.load_spiking(tmp_path / "net.npz")
    assert isinstance(found, ConvertedNetwork) and repr(found) == repr(spiking)
    assert (found.rates, found.chosen, found.ending) == (spiking.rates, spiking.chosen, None)
    for name, scale in spiking.scales.items():
        np.testing.assert_array_equal(found.scales[name], scale)
    assert found.evaluate(images, labels, 8).report == spiking.evaluate(images, labels, 8).report


def test_files_that_are_not_whole_are_refused(spiking, tmp_path):
    path = tmp_path / "net.npz"
    spiking.save(path)
    with np.load(path) as archive:
        arrays = dict(archive)
    storage.save(spiking.graph, path)
    with pytest.raises(ConversionError, match=r"holds no converted network; .*stdpnet.conversion.storage.load"):
        load_spiking(path)
    for change, message in (
        ({"last.bias": arrays["last.bias"] + 1}, "its checksum does not fit"),
        ({"about": np.array(str(arrays["about"]).replace('"version": 1', '"version": 9'))}, "version 9; expected"),
    ):
        np.savez(path, **(arrays | change))
        with pytest.raises(ConversionError, match=message):
            load_spiking(path)
    whole = (spiking.save(path), path.read_bytes())[1]
    path.write_bytes(whole[:-200])
    with pytest.raises(ConversionError, match="damaged or no npz file"):
        load_spiking(path)
    with pytest.raises(ConversionError, match="cannot be written"):
        spiking.save(tmp_path / "nowhere" / "net.npz")


@pytest.fixture(scope="module")
def regression():
    """Return a network of two values, its images, and what is right."""
    rng = np.random.default_rng(0)
    images = rng.random((300, 6))
    targets = np.stack([images[:, 0] * images[:, 1], images[:, 2:].mean(axis=1) ** 2], axis=1)
    return (
        MLPRegressor(hidden_layer_sizes=(40,), solver="lbfgs", max_iter=1000, tol=1e-3, random_state=0).fit(
            images, targets
        ),
        images,
        targets,
    )


def test_the_error_of_values_over_time(regression):
    model, images, targets = regression
    spiking = stdpnet.convert(model, images)
    found = spiking.evaluate(images, targets, steps=128)
    own = np.sqrt(((model.predict(images) - targets) ** 2).mean())
    assert found.analogue["error"] == pytest.approx(own, rel=1e-6)
    values = spiking.values(images, steps=128)
    expected = np.sqrt(((values - targets[:, None]) ** 2).mean(axis=(0, 2)))
    np.testing.assert_allclose(found.curve, expected, rtol=1e-6)
    assert found.error == found.curve[-1] < found.curve[3] and np.isnan(found.accuracy)
    deviation = [row["deviation"] for row in found.report["curve"]]
    np.testing.assert_allclose(
        deviation, np.sqrt(((values - model.predict(images)[:, None]) ** 2).mean(axis=(0, 2))), rtol=1e-4
    )
    assert deviation[-1] < 0.1 * deviation[1]
    assert "root mean squared error" in repr(found)


def test_values_go_through_the_end_of_the_module():
    torch.manual_seed(1)
    model, images = nn.Sequential(nn.Linear(5, 20), nn.ReLU(), nn.Linear(20, 1), nn.Sigmoid()), torch.rand(150, 5)
    with torch.no_grad():
        outputs = model(images).numpy()
    spiking = stdpnet.convert(model, images)
    values = spiking.values(images, steps=200)
    assert np.abs(values[:, -1] - outputs).max() < 0.01
    assert spiking.evaluate(images, outputs[:, 0], steps=200).analogue["error"] < 1e-6


@pytest.mark.parametrize(
    "labels, message",
    [
        (None, "the images have no labels"),
        (np.arange(120), "from 0 to 119; expected classes from 0 to 3"),
        (np.zeros(119, int), "there are 120 images or more, and 119 labels"),
        (np.zeros(121, int), "there are 120 images, and 121 labels"),
        (np.zeros(120), r"values of shape \(120,\); expected \(120, 4\), .*labels.astype\(int\)"),
    ],
)
def test_labels_that_do_not_fit_are_refused(colour, spiking, labels, message):
    with pytest.raises(ConversionError, match=message):
        spiking.evaluate(colour[1], labels, steps=4)


def test_other_inputs_are_refused(colour, spiking):
    _, images, labels, _ = colour
    with pytest.raises(ConversionError, match="labels are given, and the batches have labels too"):
        spiking.evaluate([(images, labels)], labels)
    with pytest.raises(ConversionError, match="a batch is a str"):
        spiking.evaluate(["cat", "dog"])
    with pytest.raises(ConversionError, match="there are no images"):
        spiking.evaluate([])
    with pytest.raises(ConversionError, match="images are uint8; expected float32 or float64"):
        spiking.spikes((images * 255).to(torch.uint8))
    counting = stdpnet.convert(colour[0], images, readout="count")
    with pytest.raises(ConversionError, match="readout is a SpikeCount, which gives classes and no values"):
        counting.values(images, 4)
    assert counting.evaluate(images, labels, steps=16).analogue["accuracy"] == 1


def test_of_a_loader_the_first_images_set_the_scales(colour, monkeypatch, caplog):
    model, images, _, _ = colour
    monkeypatch.setattr(batches, "IMAGES", 60)
    caplog.set_level(logging.INFO)
    found = stdpnet.convert(model, (images[k : k + 50] for k in (0, 50, 100)), recent=1.0)
    expected = stdpnet.convert(model, images[:60], recent=1.0)
    assert "the first 60 images set the scales" in caplog.text
    np.testing.assert_array_equal(found.scales["act"], expected.scales["act"])


@pytest.mark.parametrize("kind", ["plain", "strided", "dilated", "grouped"])
def test_synapses_are_the_paths_of_single_spikes(kind):
    options = {"strided": {"stride": (2, 1)}, "dilated": {"dilation": (1, 2)}, "grouped": {"groups": 2}}.get(kind, {})
    weights = np.random.default_rng(0).normal(size=(4, 2 // options.get("groups", 1), 3, 3))
    weights[weights < -0.5] = 0
    layer = layers.Convolution(weights, np.zeros(4), padding=(1, 2), **options)
    out = layer.output_shape((2, 7, 6))
    (paths,) = leading_on(layer, np.ones(out), (2, 7, 6))
    assert synapses(layer, (2, 7, 6)) == paths.sum()


def test_the_table_has_a_line_for_each_layer():
    graph = chain(
        (8,), a=dense(np.random.default_rng(0), 30, 8), ra=layers.ReLU(), b=dense(np.random.default_rng(1), 5, 30)
    )
    found = stdpnet.convert(graph, np.random.default_rng(2).random((50, 8)))
    lines = repr(found).splitlines()
    assert lines[0] == "ConvertedNetwork: (8,) to (5,), 30 neurons, 390 synapses, 425 parameters"
    assert lines[1].split() == ["name", "kind", "shape", "neurons", "synapses"]
    assert [line.split()[0] for line in lines[2:]] == list(found.graph.nodes)
    assert sizes(found.graph)["a"] == Size(0, 240, 270)
