"""A folder is checked again under its lock: another process may have been there in between."""

from contextlib import contextmanager

import numpy as np
import pytest

from stdpnet.base.errors import RunFolderError
from stdpnet.commands.convert import convert_command
from stdpnet.commands.labelled.train_cnn import train_cnn_command
from stdpnet.conversion import storage
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import Dense, Flatten, Input, Output, ReLU
from stdpnet.experiments.results_folder import ResultsFolder


@pytest.fixture
def another(monkeypatch):
    """Let another process finish in a folder just before it is claimed."""
    claim = ResultsFolder.claim

    @contextmanager
    def late(folder):
        folder.config_file.write_text("{}")
        with claim(folder):
            yield

    monkeypatch.setattr(ResultsFolder, "claim", late)


def test_a_second_training_is_refused(tmp_path, digits_folder, another):
    with pytest.raises(RunFolderError, match="out already holds a run: add --resume to continue it"):
        train_cnn_command(["--dataset", str(digits_folder), "--architecture", "dense", "--out", str(tmp_path / "out")])
    assert (tmp_path / "out" / "config.json").read_text() == "{}"
    assert not (tmp_path / "out" / "model.pt").exists()


def test_a_second_conversion_is_refused(tmp_path, digits_folder, another):
    random = np.random.default_rng(0)
    weights = random.random((10, 64), dtype=np.float32), np.zeros(10, np.float32)
    nodes = {"image": Node(Input((1, 8, 8))), "flat": Node(Flatten(), ("image",))}
    nodes |= {"dense": Node(Dense(*weights), ("flat",)), "relu": Node(ReLU(), ("dense",))}
    nodes |= {"scores": Node(Output(), ("relu",))}
    storage.save(Graph(nodes), tmp_path / "graph.npz")
    with pytest.raises(RunFolderError, match="out already holds a run: choose another --out"):
        where = ["--dataset", str(digits_folder), "--out", str(tmp_path / "out")]
        convert_command([str(tmp_path / "graph.npz"), *where, "--steps", "8"])
    assert not (tmp_path / "out" / "report.json").exists()
