"""Colour from a path through a training with labels and a conversion; planes are refused where STDP learns."""

import numpy as np
import pytest
import torch
from cifarfiles import coloured

from stdpnet.base.errors import ConversionError, DataError
from stdpnet.commands import convert_command, train_cnn_command
from stdpnet.commands.labelled.train_spiking import train_spiking_command
from stdpnet.commands.train import train_command
from stdpnet.conversion.ann.model_file import load_model
from stdpnet.experiments.ann.folder import TrainingFolder
from stdpnet.experiments.conversion.folder import ConversionFolder

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Return a folder of which images are told apart by their colour, and hardly by their grey level."""
    folder = tmp_path_factory.mktemp("data") / "colours"
    folder.mkdir()
    for part, n in (("train", 48), ("test", 24)):
        images, labels = coloured(n, side=8)[0] // 4, np.arange(n) % 3
        images[np.arange(n), :, :, labels] += (60 / np.array([0.299, 0.587, 0.114])[labels] / 3).astype(np.uint8)[
            :, None, None
        ]
        np.savez(folder / f"{part}.npz", images=images, labels=labels)
    return folder


@pytest.fixture(scope="module")
def trained(images, tmp_path_factory):
    """Return the folder of a dense network that learned the colours."""
    folder = tmp_path_factory.mktemp("runs") / "dense"
    asked = ["--dataset", f"{images},colour=planes", "--architecture", "dense", "--epochs", "8", "--batch", "11"]
    train_cnn_command([*asked, "--shift", "1", "--out", str(folder)])
    return folder


def test_a_network_learns_colours_and_is_converted(trained, images, tmp_path):
    folder = TrainingFolder(trained)
    assert load_model(folder.model_file).input_shape == (3, 8, 8)
    assert folder.evaluation()["accuracy"] == 1
    convert_command([str(trained), "--steps", "16", "--threads", "1", "--out", str(tmp_path / "spiking")])
    report = ConversionFolder(tmp_path / "spiking").report()
    assert report["analogue"]["accuracy"] == report["spiking"]["accuracy"] == 1
    assert ConversionFolder(tmp_path / "spiking").config().dataset == f"{images},colour=planes"


def test_images_in_another_form_than_in_the_training_are_refused_with_the_form(trained, images, tmp_path):
    with pytest.raises(ConversionError, match=r"\(3, 8, 8\); those of the data set are \(1, 8, 8\).*colour=planes"):
        convert_command([str(trained), "--dataset", str(images), "--out", str(tmp_path / "spiking")])


def test_training_through_spikes_takes_every_plane(images, tmp_path):
    asked = ["--dataset", f"{images},colour=planes", "--layers", "10", "--epochs", "1", "--batch", "11"]
    train_spiking_command([*asked, "--presentation-time", "5", "--out", str(tmp_path / "spiking")])
    assert torch.load(tmp_path / "spiking" / "model.pt", weights_only=True)["description"]["n_inputs"] == 3 * 8 * 8


def test_stdp_refuses_planes_before_it_writes(images, tiny_toml, tmp_path):
    asked = ["--config", str(tiny_toml), "--dataset", f"{images},colour=planes", "--out", str(tmp_path / "run")]
    with pytest.raises(DataError, match="networks that learn by STDP take grey levels: read it with colour=grey"):
        train_command(asked)
    assert not (tmp_path / "run").exists()
