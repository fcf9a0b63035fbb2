"""``stdpnet show``: what it opens, and what it refuses."""

import importlib.util
import os
import signal
import subprocess
import sys
import urllib.request

import numpy as np
import pytest
from tiny import ROOT, digits

import stdpnet
from stdpnet.base.errors import DataError, RunFolderError
from stdpnet.commands.main import main
from stdpnet.show.source import read_source


@pytest.fixture(scope="module")
def model_file(small, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "small.npz"
    stdpnet.save_model(small.model, path)
    return path


def test_ctrl_c_ends_it_in_one_line(model_file):
    command = [sys.executable, "-m", "stdpnet", "show", str(model_file), "--no-browser"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, **streams)
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:") and address.endswith("/")
    with urllib.request.urlopen(address, timeout=20) as page:
        assert b"<title>stdpnet show</title>" in page.read()
    process.send_signal(signal.SIGINT)
    assert process.stdout.read() == "Ctrl-C ends it\nended\n" and process.stderr.read() == ""
    assert process.wait(timeout=30) == 0


def test_a_browser_is_opened_unless_asked_not_to(model_file, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("stdpnet.show.server.PageServer.run", lambda server: None)
    monkeypatch.setattr("stdpnet.commands.models.show.LiveNetwork", lambda model, announce: None)
    assert main(["show", str(model_file), "--no-browser"]) == 0 and opened == []
    capsys.readouterr()
    assert main(["show", str(model_file)]) == 0
    assert opened == capsys.readouterr().out.splitlines()[:1]


def test_without_bottle_it_says_what_to_install(model_file, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["show", str(model_file)]) == 2
    assert capsys.readouterr().err.endswith('show needs it: pip install "stdpnet[show]"\n')


def test_what_is_no_model_is_refused(tmp_path, capsys):
    assert main(["show", str(tmp_path / "missing.npz")]) == 2
    assert "missing.npz: no such file; expected one made by stdpnet export" in capsys.readouterr().err
    with pytest.raises(RunFolderError, match=r"config.json: no such file; expected a run folder"):
        read_source(tmp_path)


def test_a_file_has_the_test_images_that_are_named(model_file, digits_folder):
    assert len(read_source(model_file).test_images) == 0
    source = read_source(model_file, str(digits_folder))
    np.testing.assert_array_equal(source.test_images, digits()[2])
    assert source.test_labels == tuple(map(str, digits()[3]))
    with pytest.raises(DataError, match=r"mnist-5k has images of 28 x 28, and the model takes 8 x 8: name"):
        read_source(model_file, "mnist-5k")


def test_test_images_that_are_not_there_are_missed_only_where_asked_for(model_file, tmp_path):
    np.savez(tmp_path / "untested.npz", train_images=digits()[0], train_labels=digits()[1])
    with pytest.raises(DataError, match=r"no test images and no labels|no test images, which the page is to show"):
        read_source(model_file, str(tmp_path / "untested.npz"))


def test_a_run_folder_is_shown_with_its_test_images(trained_run):
    source = read_source(trained_run)
    np.testing.assert_array_equal(source.test_images, digits()[2])
    run = stdpnet.experiments.stdp.run_folder.RunFolder(trained_run)
    np.testing.assert_array_equal(source.model.assignments, run.predictions()["assignments"])
