"""Wrong input at the command line: one line that says what is wrong, exit code 2, nothing written."""

import shutil
from pathlib import Path

import pytest
from idxfiles import write_idx_folder
from tiny import digits

from stdpnet.runfolder import RunFolder


def content(folder):
    """Return the bytes of every file but the log."""
    return {
        path: path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file() and path.suffix != ".txt"
    }


def assert_one_line(done, message):
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert message in done.stderr


WRONG_ARGUMENTS = {
    "unknown rule": (["--rule", "tripel"], "unknown rule 'tripel': expected triplet, or the path of a .toml file"),
    "rule file missing": (["--rule", "nowhere.toml"], "no rule file 'nowhere.toml'"),
    "no neurons": (["--neurons", "0"], "neurons is 0; expected a finite number of at least 1"),
    "negative seed": (["--seed", "-1"], "seed is -1; expected a finite number of at least 0"),
    "seed too large": (["--seed", str(2**31)], "expected less than 2**31"),
    "no epochs": (["--epochs", "0"], "epochs is 0"),
    "batch too long": (["--batch", "1001"], "batch is 1001; expected at most 1000"),
    "not a number": (["--excitatory-tau-m", "nan"], "excitatory.tau_m is nan ms; expected a finite number"),
    "not a number, without bounds": (["--excitatory-v-rest", "nan"], "excitatory.v_rest is nan mV; expected a finite"),
    "rest shorter than delays": (["--presentation-rest", "5"], "presentation.rest is 5.0 ms; expected at least"),
    "rate too high": (["--presentation-rate", "3"], "presentation.rate is 3.0 Hz; expected below 2 Hz"),
    "unknown constant": (["--constant", "eta=1"], "rule 'triplet' has no constant 'eta'; it has tau_x"),
    "constant without value": (["--constant", "eta_plus"], "--constant is 'eta_plus'; expected NAME=VALUE"),
    "constant of text": (["--constant", "eta_plus=a"], "--constant is 'eta_plus=a'; expected NAME=VALUE"),
    "constant not finite": (["--constant", "eta_plus=nan"], "eta_plus"),
    "unknown backend": (["--backend", "fortran"], "unknown backend 'fortran': expected one of auto, cpp"),
    "too many images": (["--images", "61"], "images is 61; expected at most 60, the training images of digits8x8"),
    "too many label images": (["--label-images", "61"], "label-images is 61; expected 1 to 60"),
    "too many test images": (["--test-images", "31"], "test-images is 31; expected 1 to 30"),
    "no workers": (["--workers", "0"], "workers is 0"),
    "unknown data set": (["--dataset", "mnits"], "no data set 'mnits': expected mnist-5k, mnist, or the path"),
    "data folder without files": (["--dataset", "."], "found no train-images-idx3-ubyte"),
    "configuration missing": (["--config", "nowhere.toml"], "cannot read the configuration file nowhere.toml"),
}


@pytest.mark.parametrize("arguments, message", WRONG_ARGUMENTS.values(), ids=WRONG_ARGUMENTS)
def test_wrong_arguments_of_training(tmp_path, script, tiny_toml, arguments, message):
    first = [] if "--config" in arguments else ["--config", tiny_toml]
    done = script("runs/train.py", *first, *arguments, "--out", "run", cwd=tmp_path)
    assert_one_line(done, message)
    assert list(tmp_path.iterdir()) == []


WRONG_TOML = {
    "unknown key": ("neuron = 5", "unknown parameter neuron: expected one of backend"),
    "unknown key in a table": ("[excitatory]\ntau = 5", "unknown parameter excitatory.tau: expected one of"),
    "no table": ("excitatory = 5", "excitatory is 5; expected a table"),
    "text for a number": ('neurons = "ten"', "neurons is 'ten'; expected int"),
    "truth for a number": ("neurons = true", "neurons is True; expected int"),
    "fraction for a count": ("neurons = 1.5", "neurons is 1.5; expected int"),
    "text for a constant": ('[constants]\neta_plus = "much"', "eta_plus"),
    "not TOML": ("neurons: 5", "cannot read the configuration file"),
}


@pytest.mark.parametrize("text, message", WRONG_TOML.values(), ids=WRONG_TOML)
def test_wrong_configuration_files(tmp_path, script, text, message):
    (tmp_path / "wrong.toml").write_text(text)
    done = script("runs/train.py", "--config", "wrong.toml", "--out", "run", cwd=tmp_path)
    assert_one_line(done, message)
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


WRONG_RULES = {
    "unknown field": ('on_spike = "w += 1"', "a rule has no field 'on_spike'; its fields are name, source"),
    "constant of text": ('[constants]\na = "x"', "constant 'a' of rule 'wrong' is 'x'; expected a number"),
    "constants are no table": ("constants = 3", "constants"),
    "unknown unit": ('on_post = "w += a"\n[constants]\na = {value = 1, unit = "furlong"}', "unit 'furlong'"),
    "statement is a number": ("on_post = 3", "on_post"),
    "not TOML": ("on_post: 3", "cannot read the rule file"),
}


@pytest.mark.parametrize("text, message", WRONG_RULES.values(), ids=WRONG_RULES)
def test_wrong_rule_files(tmp_path, script, tiny_toml, text, message):
    (tmp_path / "wrong.toml").write_text(text)
    done = script("runs/train.py", "--config", tiny_toml, "--rule", "wrong.toml", "--out", "run", cwd=tmp_path)
    assert_one_line(done, message)
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


def test_a_rule_that_does_not_compile(tmp_path, script, tiny_toml):
    (tmp_path / "wrong.toml").write_text('on_post = "w += no_such_thing"')
    done = script("runs/train.py", "--config", tiny_toml, "--rule", "wrong.toml", "--out", "run", cwd=tmp_path)
    assert done.returncode == 2
    assert "no_such_thing" in done.stderr
    assert "Traceback" not in done.stderr
    # a configuration left here would make the corrected rule look like another run
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


def test_a_folder_that_cannot_be_written(tmp_path, script, tiny_toml):
    # below a regular file, since permission bits do not stop root
    (tmp_path / "file").write_text("kept")
    done = script("runs/train.py", "--config", tiny_toml, "--out", tmp_path / "file" / "run")
    assert_one_line(done, f"cannot write to {tmp_path / 'file' / 'run'}")
    assert content(tmp_path) == {tmp_path / "file": b"kept"}


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


def test_resuming_needs_a_folder(script, tmp_path):
    assert_one_line(script("runs/train.py", "--resume", cwd=tmp_path), "--resume needs --out FOLDER")


@pytest.mark.parametrize("name", ["runs/train.py", "runs/evaluate.py", "analysis/receptive_fields.py"])
def test_a_folder_that_is_no_run(script, tmp_path, name):
    (tmp_path / "other").mkdir()
    place = ["--resume", "--out"] if name == "runs/train.py" else []
    for folder in (tmp_path / "other", tmp_path / "nowhere"):
        done = script(name, *place, folder)
        assert_one_line(done, f"{folder}/config.json: no such file; expected a run folder made by runs/train.py")
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
