"""Where the command finds the network: a Python file with weights, a run folder of the right command; what it chose."""

import json

import numpy as np
import pytest
import torch
from tiny import digits

from stdpnet.base.errors import ConversionError, RunFolderError
from stdpnet.commands import convert_command
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.experiments.conversion.folder import ConversionFolder
from stdpnet.experiments.conversion.source import load_graph
from stdpnet.learning.config import Config

FILE = """
import torch
from torch import nn
from parts_of_my_net import Block

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block, self.last = Block(), nn.Linear(12, 10)

    def forward(self, x):
        return self.last(self.block(x.flatten(1)))

def make():
    torch.manual_seed(3)
    return Net()

net = make()
rows = nn.Sequential(nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10))
number = 3

def fails():
    raise KeyError("nothing here")

def asks(size):
    return Net()
"""
BLOCKS = """
from torch import nn

class Block(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(64, 12), nn.ReLU())
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with a model in a Python file, and what it imports beside it."""
    folder = tmp_path_factory.mktemp("nets")
    (folder / "my_net.py").write_text(FILE)
    (folder / "parts_of_my_net.py").write_text(BLOCKS)
    return folder


def convert(model, digits_folder, out, *more):
    asked = ["--dataset", digits_folder, "--steps", "8", "--threads", "1", "--images", "10", "--out", out, *more]
    convert_command([str(text) for text in (model, *asked)])
    return ConversionFolder(out)


@pytest.mark.parametrize("name", ["net", "make", "Net"])
def test_a_model_in_a_python_file(place, name):
    state = load_graph(f"{place}/my_net.py:make", (1, 8, 8)).nodes["last"].layer.weights
    found = load_graph(f"{place}/my_net.py:{name}", (1, 8, 8))
    assert found.shapes["input"] == (1, 8, 8) and list(found.nodes)[-2:] == ["last", "output"]
    assert (name == "Net") != np.array_equal(found.nodes["last"].layer.weights, state)  # the class draws others


def test_a_model_that_takes_rows_gets_rows(place):
    assert load_graph(f"{place}/my_net.py:rows", (1, 8, 8)).shapes["input"] == (64,)


def test_weights_go_into_the_model_of_the_file(place, digits_folder, tmp_path):
    model = torch.nn.Sequential(torch.nn.Linear(64, 12), torch.nn.ReLU(), torch.nn.Linear(12, 10))
    state = {f"module.{name}": value for name, value in model.state_dict().items()}  # as of several GPUs
    torch.save({"epoch": 3, "state_dict": state}, tmp_path / "net.pt")
    folder = convert(f"{place}/my_net.py:rows", digits_folder, tmp_path / "out", "--weights", tmp_path / "net.pt")
    expected = import_model(model, (64,))
    pixels = digits()[2][:10].reshape(10, 64) / 255
    right = scores(expected, pixels).argmax(1) == digits()[3][:10]
    assert folder.report()["analogue"]["accuracy"] == right.mean()
    assert json.loads(folder.config_file.read_text())["weights"] == str(tmp_path / "net.pt")


REFUSED = {
    "nowhere.py:net": "nowhere.py: no such file; expected FILE.py:NAME",
    "my_net.py": r"has no ''; expected FILE.py:NAME, .* \(found .*Net, make, net, rows, fails, asks\)",
    "my_net.py:nett": r"has no 'nett' \(did you mean 'net'\?\)",
    "my_net.py:number": "number is a int; expected FILE.py:NAME",
    "my_net.py:fails": r"my_net.py, line 23: fails\(\) cannot be run: KeyError: 'nothing here'",
    "my_net.py:asks": r"asks\(\) cannot be run: TypeError: .*missing 1 required positional argument: 'size'",
    "broken.py:net": r"broken.py, line 2: it cannot be run: SyntaxError: ",
    "exits.py:net": r"exits.py, line 1: it cannot be run: SystemExit: 3",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_python_file_cannot_give_is_said(place, name):
    (place / "broken.py").write_text("x = 1\nnet = = 3\n")
    (place / "exits.py").write_text("raise SystemExit(3)\n")
    with pytest.raises(ConversionError, match=REFUSED[name]):
        load_graph(f"{place}/{name}", (1, 8, 8))


def test_weights_that_do_not_fit_or_are_pickled_are_refused(place, tmp_path, digits_folder):
    def load(content, name="rows"):
        torch.save(content, tmp_path / "net.pt")
        return load_graph(f"{place}/my_net.py:{name}", (1, 8, 8), str(tmp_path / "net.pt"))

    with pytest.raises(ConversionError, match=r"net.pt: does not fit Sequential: .*size mismatch for 0.weight"):
        load(torch.nn.Sequential(torch.nn.Linear(3, 12), torch.nn.ReLU(), torch.nn.Linear(12, 10)).state_dict())
    with pytest.raises(ConversionError, match=r"not written by torch.save\(model.state_dict\(\), FILE\)"):
        load(torch.nn.Linear(3, 3))  # a whole module is a pickle
    with pytest.raises(ConversionError, match="holds no weights by name"):
        load([1, 2])
    with pytest.raises(ConversionError, match=r"weights are given for .*digits8x8, which has its own"):
        load_graph(digits_folder, (1, 8, 8), "net.pt")


def test_the_run_folder_of_another_command_is_called_by_its_name(digits_folder, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text(Config(neurons=10).to_json())
    with pytest.raises(RunFolderError, match="not made by stdpnet train-cnn but by stdpnet train; give a folder of"):
        convert(tmp_path / "run", digits_folder, tmp_path / "out")


def test_what_was_chosen_is_in_the_report_and_in_the_log(place, digits_folder, tmp_path):
    plain = convert(f"{place}/my_net.py:net", digits_folder, tmp_path / "plain")
    chosen = plain.report()["chosen"]
    assert chosen["likeness_by_share"][str(chosen["recent"])] == max(chosen["likeness_by_share"].values())
    assert "the readout goes by the last" in plain.log_file.read_text()
    tuned = convert(f"{place}/my_net.py:net", digits_folder, tmp_path / "tuned", "--tune")
    chosen = tuned.report()["chosen"]
    assert chosen["steps"] == 8 and chosen["agreement"] == max(chosen["agreement_by_choice"].values())
    assert chosen["choice"] in chosen["agreement_by_choice"] and f"made for 8 steps, {chosen['choice']}" in (
        tuned.log_file.read_text()
    )
    given = convert(f"{place}/my_net.py:net", digits_folder, tmp_path / "given", "--recent", "0.75")
    assert given.report()["chosen"] == {"recent": 0.75}
