"""A file that is no trained network: one clear error, and no pickle is loaded."""

import pickle

import pytest
import torch

from stdpnet.base.errors import ConversionError
from stdpnet.base.labelled.tensors import write_tensors
from stdpnet.conversion.ann.architectures import build
from stdpnet.conversion.ann.model_file import load_model, save_model


def cut(file):
    file.write_bytes(file.read_bytes()[:-200])


def change(file, **changes):
    write_tensors(file, torch.load(file, weights_only=True) | changes)


class Evil:
    """An object whose pickle writes a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.fixture
def model_file(tmp_path):
    """Return the file of an untrained network."""
    save_model(tmp_path / "model.pt", build("dense", (1, 4, 4), 3), "dense")
    return tmp_path / "model.pt"


FOREIGN = {
    "missing": (lambda file: file.unlink(), "no such file; expected one that stdpnet train-cnn wrote"),
    "cut": (cut, "damaged, or not written by stdpnet train-cnn"),
    "empty": (lambda file: file.write_bytes(b""), "damaged, or not written by"),
    "text": (lambda file: file.write_text("a model"), "damaged, or not written by"),
    "whole module": (lambda file: torch.save(torch.nn.Linear(2, 2), file), "damaged, or not written by"),
    "pickle": (lambda file: file.write_bytes(pickle.dumps(Evil(file.parent / "loaded"))), "damaged, or not written by"),
    "torch pickle": (lambda file: torch.save(Evil(file.parent / "loaded"), file), "damaged, or not written by"),
    "tensor": (lambda file: torch.save(torch.ones(2), file), "holds no 'stdpnet model' version 1"),
    "state dict": (lambda file: torch.save(torch.nn.Linear(2, 2).state_dict(), file), "holds no 'stdpnet model'"),
    "version": (lambda file: change(file, version=2), "holds no 'stdpnet model' version 1"),
    "other network": (lambda file: change(file, architecture="vgg"), "damaged model .*architecture is 'vgg'"),
    "other shape": (lambda file: change(file, input_shape=[1, 4, 5]), "damaged model .*RuntimeError"),
    "no shape": (lambda file: change(file, input_shape=None), "damaged model .*TypeError"),
    "no weights": (lambda file: change(file, state={}), "damaged model .*RuntimeError"),
}


@pytest.mark.parametrize("damage, message", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.filterwarnings("error")
def test_a_file_that_is_no_model(model_file, damage, message):
    assert load_model(model_file).input_shape == (1, 4, 4)
    damage(model_file)
    with pytest.raises(ConversionError, match=message) as caught:
        load_model(model_file)
    assert str(model_file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (model_file.parent / "loaded").exists()
