"""Commands on a run folder that they must not change, or that is damaged: one line, exit code 2, nothing written."""

import shutil
from pathlib import Path

import pytest
from idxfiles import write_idx_folder
from refusal import assert_one_line, content
from tiny import digits

from stdpnet.experiments.stdp.run_folder import RunFolder


@pytest.fixture
def run_copy(tmp_path, trained_run):
    return Path(shutil.copytree(trained_run, tmp_path / "run"))


REFUSED_ON_A_RUN = {
    "no --resume": ([], "already holds a run: add --resume to continue it, or choose another --out"),
    "other neurons": (["--resume", "--neurons", "11"], "was trained with neurons 10, not 11"),
    "other seed": (["--resume", "--seed", "1"], "was trained with seed 0, not 1"),
    "other images": (["--resume", "--images", "30"], "was trained with images 0, not 30"),
    "other delays": (["--resume", "--no-delays"], "was trained with delays True, not False"),
    "other model constant": (["--resume", "--excitatory-tau-m", "90"], "was trained with excitatory"),
    "other rule constant": (["--resume", "--constant", "eta_plus=0.5"], "was trained with constants"),
    "other rule": (["--resume", "--rule", "nowhere.toml"], "nowhere.toml"),
}


@pytest.mark.parametrize("arguments, message", REFUSED_ON_A_RUN.values(), ids=REFUSED_ON_A_RUN)
def test_a_run_is_not_overwritten(script, run_copy, arguments, message):
    before = content(run_copy)
    assert_one_line(script("runs/train.py", *arguments, "--epochs", 2, "--out", run_copy), message)
    assert content(run_copy) == before


@pytest.mark.parametrize("name", ["runs/train.py", "runs/evaluate.py", "analysis/receptive_fields.py"])
def test_a_folder_that_is_no_run(script, tmp_path, name):
    (tmp_path / "other").mkdir()
    place = ["--resume", "--out"] if name == "runs/train.py" else []
    for folder in (tmp_path / "other", tmp_path / "nowhere"):
        done = script(name, *place, folder)
        assert_one_line(done, f"{folder}/config.json: no such file; expected a run folder made by stdpnet train")
    assert content(tmp_path) == {}
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["runs/train.py", "runs/evaluate.py", "analysis/receptive_fields.py"])
@pytest.mark.parametrize("file", ["checkpoint.npz", "config.json"])
def test_a_file_cut_short(script, run_copy, name, file):
    (run_copy / file).write_bytes((run_copy / file).read_bytes()[:-200])
    before = content(run_copy)
    place = ["--resume", "--epochs", 2, "--out"] if name == "runs/train.py" else []
    assert_one_line(script(name, *place, run_copy), f"{run_copy / file}: ")
    assert content(run_copy) == before


def moved_to(run, dataset):
    """Let a run's configuration name another data set."""
    file = RunFolder(run).config_file
    file.write_text(file.read_text().replace(str(RunFolder(run).config().dataset), str(dataset)))


@pytest.mark.parametrize("arguments", [["runs/train.py", "--resume", "--epochs", 2, "--out"], ["runs/evaluate.py"]])
@pytest.mark.parametrize("shape", [(4, 16), (8, 7)], ids=["as many pixels", "fewer pixels"])
def test_a_data_set_of_another_shape(script, run_copy, tmp_path, arguments, shape):
    train, labels, test, test_labels = digits()
    train, test = (
        images.reshape(len(images), 64)[:, : shape[0] * shape[1]].reshape(-1, *shape) for images in (train, test)
    )
    moved_to(run_copy, write_idx_folder(tmp_path / "other", train, labels, test, test_labels))
    before = content(run_copy)
    assert_one_line(script(*arguments, run_copy), "checkpoint.npz: ")
    assert content(run_copy) == before


@pytest.mark.parametrize("arguments", [["--label-images", "61"], ["--test-images", "31"], ["--workers", "0"]])
def test_wrong_arguments_of_evaluation(script, run_copy, arguments):
    before = content(run_copy)
    assert_one_line(script("runs/evaluate.py", run_copy, *arguments), f"{arguments[0][2:]} is {arguments[1]}")
    assert content(run_copy) == before


def test_raster_of_an_image_that_is_not_there(script, run_copy):
    assert_one_line(script("analysis/raster.py", run_copy, "--image", "30"), "--image is 30; expected 0 to 29")
    assert not (run_copy / "raster.png").exists()
