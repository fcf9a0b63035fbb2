"""The folders of a training with labels and of a conversion read their own configuration, and no other's."""

import json

import pytest
from tiny import ROOT

from stdpnet.base.errors import RunFolderError
from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.ann.folder import TrainingFolder
from stdpnet.experiments.backprop.config import SpikingConfig
from stdpnet.experiments.backprop.folder import SpikingFolder
from stdpnet.experiments.conversion.config import ConversionConfig
from stdpnet.experiments.conversion.folder import ConversionFolder

TRAINING = TrainingConfig(architecture="dense", epochs=3)
SPIKING = SpikingConfig(layers="20", neuron={"tau": 30.0})
CONVERSION = ConversionConfig(model="model.npz", steps=20, encoding="poisson", initial=0.25)


def written(path, text):
    """Return a folder with such a ``config.json``."""
    path.mkdir()
    (path / "config.json").write_text(text)
    return path


def test_each_reads_its_own(tmp_path):
    assert TrainingFolder(written(tmp_path / "ann", TRAINING.to_json())).config() == TRAINING
    assert SpikingFolder(written(tmp_path / "spiking", SPIKING.to_json())).config() == SPIKING
    assert ConversionFolder(written(tmp_path / "snn", CONVERSION.to_json())).config() == CONVERSION


def test_a_conversion_of_an_earlier_version_is_read(tmp_path):
    for name in ("lenet", "dense"):
        folder = ConversionFolder(ROOT / "docs" / "figures" / "conversion" / name)
        config, stored = folder.config(), json.loads(folder.config_file.read_text())
        assert config.encoding == stored.pop("input") == "analog"
        assert {key: getattr(config, key) for key in stored} == stored
    many = json.loads(CONVERSION.to_json()) | {"threads": 1000}  # made on a larger machine
    assert ConversionFolder(written(tmp_path / "run", json.dumps(many))).config().threads == 1000


OTHERS = {
    "a training of a conversion": (TrainingFolder, CONVERSION.to_json(), "train-cnn but by stdpnet convert"),
    "a training of a run": (TrainingFolder, '{"neurons": 100}', "not made by stdpnet train-cnn but by stdpnet train"),
    "a training of a spiking network": (TrainingFolder, SPIKING.to_json(), "train-cnn but by stdpnet train-spiking"),
    "a spiking network of a training": (SpikingFolder, TRAINING.to_json(), "train-spiking but by stdpnet train-cnn"),
    "a conversion of a training": (ConversionFolder, TRAINING.to_json(), "convert but by stdpnet train-cnn"),
    "a conversion of a run": (ConversionFolder, '{"neurons": 100}', "not made by stdpnet convert but by stdpnet train"),
    "an unknown parameter": (ConversionFolder, '{"model": "m", "leak": 1}', "unknown parameter leak"),
    "an unusable parameter": (ConversionFolder, '{"model": "m", "reset": "hard"}', "reset is 'hard'; expected one of"),
    "a list": (ConversionFolder, "[1]", "holds a list, expected a table"),
    "no JSON": (TrainingFolder, "{", "config.json: cannot be read as JSON"),
}


@pytest.mark.parametrize("kind, text, message", OTHERS.values(), ids=OTHERS)
def test_others_are_refused_by_name(tmp_path, kind, text, message):
    with pytest.raises(RunFolderError, match=message) as caught:
        kind(written(tmp_path / "run", text)).config()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind, command", [(TrainingFolder, "train-cnn"), (ConversionFolder, "convert")])
def test_a_missing_one_is_named(tmp_path, kind, command):
    with pytest.raises(RunFolderError, match=f"no such file; expected a run folder made by stdpnet {command}"):
        kind(tmp_path).config()


def test_a_training_that_was_not_evaluated_says_what_evaluates_it(tmp_path):
    with pytest.raises(RunFolderError, match=r"not evaluated yet; run stdpnet train-cnn --resume --out .+"):
        TrainingFolder(tmp_path).evaluation()
