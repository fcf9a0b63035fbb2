"""Images become inputs as they did in the training, or the log says that they do not."""

import logging

import numpy as np
import pytest
import torch
from graphs import chain, dense
from torch import nn

from stdpnet.base.errors import ConfigError, ConversionError
from stdpnet.conversion import storage
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.preprocessing import with_preprocessing
from stdpnet.conversion.simulators import simulate
from stdpnet.conversion.thresholds.histogram import ERROR_BOUND, Histogram
from stdpnet.experiments.conversion.config import ConversionConfig

MEAN, STD = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]


@pytest.fixture(scope="module")
def trained():
    """Return a module with batch normalisation that saw inputs of mean 0 and standard deviation 1, and images."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 36, 4)).double()
    images = np.clip(np.random.default_rng(0).normal(size=(200, 3, 8, 8)) * np.array(STD)[:, None, None], -0.3, 0.5)
    images += np.array(MEAN)[:, None, None]
    model[1].momentum = None
    model(prepared(images))
    return model.eval(), images


def prepared(images):
    return torch.tensor((images - np.array(MEAN)[:, None, None]) / np.array(STD)[:, None, None])


def test_the_graph_takes_images_as_they_are(trained, tmp_path):
    model, images = trained
    graph = with_preprocessing(import_model(model, (3, 8, 8)), MEAN, STD)
    with torch.no_grad():
        expected = model(prepared(images)).numpy()
    np.testing.assert_allclose(scores(graph, images), expected, atol=1e-12)
    storage.save(graph, tmp_path / "model.npz")  # the file says how images become inputs
    network = convert(storage.load(tmp_path / "model.npz"), images)
    found = simulate(network, images, 64).predictions[:, -1]
    assert np.mean(found == expected.argmax(axis=1)) > 0.9


def test_images_that_were_prepared_otherwise_are_noticed(trained, caplog):
    model, images = trained
    with caplog.at_level(logging.WARNING, "stdpnet"):
        convert(model, prepared(images).numpy())
        convert(with_preprocessing(import_model(model, (3, 8, 8)), MEAN, STD), images)
        assert caplog.text == ""
        for wrong in (images, 255 * images, prepared(images).numpy() / 255):
            convert(model, wrong)
            assert "are they scaled as they were then" in caplog.text and "1: these images" in caplog.text
            caplog.clear()


def test_scales_of_other_images_are_noticed(caplog):
    rng = np.random.default_rng(0)
    graph = chain((5,), hidden=dense(rng, 20, 5), relu=layers.ReLU(), last=dense(rng, 3, 20))
    images = rng.random((60, 5))
    with caplog.at_level(logging.WARNING, "stdpnet"):
        simulate(convert(graph, images), rng.random((20, 5)), 16)
        assert caplog.text == ""
        simulate(convert(graph, 255 * images), rng.random((20, 5)), 16)
        assert "relu: its neurons spike 0" in caplog.text and "are these images in the same range" in caplog.text
        caplog.clear()
        convert(graph, images[:1])
        assert "only 1 image sets the scales" in caplog.text


def test_the_usual_rate_is_that_of_the_activations():
    histogram, values = Histogram(2), np.abs(np.random.default_rng(0).normal(size=(500, 2))) * [1, 5]
    values[::3] = 0
    histogram.add(values)
    scale = np.array([0.5, 8.0])
    assert histogram.mean_rate(scale) == pytest.approx(np.minimum(values / scale, 1).mean(), rel=ERROR_BOUND)


@pytest.mark.parametrize(
    "mean, std, words",
    [
        ([0.1, 0.2], 1, r"mean is \[0.1, 0.2\]; expected one finite number, or one for each of 3 channels"),
        (0, 0, "std is 0; expected above 0"),
        (np.nan, 1, "mean is nan; expected one finite number"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(trained, mean, std, words):
    with pytest.raises(ConversionError, match=words):
        with_preprocessing(import_model(trained[0], (3, 8, 8)), mean, std)


def test_the_command_takes_one_number_or_one_for_each_channel():
    config = ConversionConfig(mean="0.4914,0.4822,0.4465", std="0.25")
    assert config.preprocessing() == ([0.4914, 0.4822, 0.4465], [0.25])
    with pytest.raises(ConfigError, match="mean is 'a half'; expected a number, or one for each channel"):
        ConversionConfig(mean="a half")
