"""``import stdpnet``: what a user needs, one level deep, and nothing heavy before it is asked for."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest
from idxfiles import write_idx_folder
from tiny import CHANGES, TRIPLET, digits, tiny_config

import stdpnet
from stdpnet.experiments.stdp.run_folder import RunFolder

HEAVY = ("brian2", "torch", "sklearn", "matplotlib", "scipy", "joblib")


def test_importing_it_loads_nothing_heavy():
    code = f"import sys, stdpnet; dir(stdpnet); print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_name_is_there_and_says_what_it_is():
    wanted = {"Config", "train", "evaluate", "record", "sweep", "calibrate", "load_dataset", "Dataset", "RULES", "Rule"}
    wanted |= {"import_model", "convert", "simulate", "StdpnetError", "__version__"}
    assert wanted <= set(stdpnet.__all__) <= {"__version__", *dir(stdpnet)}
    for name in set(stdpnet.__all__) - {"__version__", "RULES"}:
        assert getattr(stdpnet, name).__doc__
    with pytest.raises(AttributeError, match="trian"):
        stdpnet.trian  # noqa: B018


def test_a_configuration_from_python_is_that_of_the_script(digits_folder, tmp_path, script):
    arguments = ["--neurons", 12, "--epochs", 1, "--dataset", digits_folder, "--backend", "numpy", "--no-evaluation"]
    arguments += ["--images", 5, "--out", tmp_path / "run"]
    assert script("runs/train.py", *arguments).returncode == 0
    asked = stdpnet.Config(neurons=12, epochs=1, dataset=str(digits_folder), backend="numpy", images=5)
    assert asked.drive == "auto"  # 8 x 8 pixels are not like MNIST's
    assert RunFolder(tmp_path / "run").config() == replace(asked, drive="contrast", shuffle="off")


def equal(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def own_dataset():
    images, labels, test_images, test_labels = digits()
    return stdpnet.Dataset("mine", images, labels, test_images, test_labels)


@pytest.fixture(scope="module")
def in_memory(first_build):
    """Return a network trained on arrays, in memory."""
    return stdpnet.train(tiny_config({"batch": 20}), own_dataset(), show_progress=False)


def test_training_in_memory_gives_the_bits_of_the_script(in_memory, trained_run):
    equal(in_memory.state, RunFolder(trained_run).checkpoint())
    assert in_memory.weights.shape == (64, 10)
    assert in_memory.theta.mean() == pytest.approx(1e3 * in_memory.state["excitatory.theta"].mean(), rel=1e-5)
    assert in_memory.delays.max() == 9.5 and in_memory.delays.min() == 0  # ms, below 10, in steps of 0.5
    rows = RunFolder(trained_run).metrics()
    assert in_memory.metrics["presented"].tolist() == [row["presented"] for row in rows] == [20, 40, 60]
    np.testing.assert_allclose(in_memory.metrics["theta_sd_mV"], [row["theta_sd_mV"] for row in rows], rtol=1e-5)


def test_evaluating_in_memory_gives_what_the_script_writes(in_memory, trained_run):
    result, stored = stdpnet.evaluate(in_memory, workers=1, show_progress=False), RunFolder(trained_run)
    expected = stored.evaluation() | {"dataset": "mine"}
    assert result.report == expected
    equal(result.arrays, stored.predictions())
    assert result.accuracy == np.mean(result.predictions == result.test_labels)


def test_arrays_of_ones_own_leave_a_folder_that_goes_on(tmp_path, in_memory, script):
    config, place = tiny_config({"batch": 20}), tmp_path / "run"
    half = stdpnet.train(replace(config, images=60, epochs=1), own_dataset(), folder=place, show_progress=False)
    equal(half.state, in_memory.state)
    assert Path(half.config.dataset) == place / "dataset"
    done = script("runs/evaluate.py", place, "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert stdpnet.evaluate(place, show_progress=False).report == RunFolder(place).evaluation()
    assert script("analysis/receptive_fields.py", place).returncode == 0
    more = stdpnet.train(replace(half.config, epochs=2), folder=place, resume=True, show_progress=False)
    whole = stdpnet.train(replace(config, epochs=2), own_dataset(), show_progress=False)
    equal(more.state, whole.state)
    assert [row["presented"] for row in more.rows] == [row["presented"] for row in whole.rows]


def test_a_folder_is_not_overwritten_and_not_mixed(tmp_path, first_build):
    config = tiny_config({"batch": 20, "images": 20})
    stdpnet.train(config, own_dataset(), folder=tmp_path, show_progress=False)
    with pytest.raises(stdpnet.RunFolderError, match="already holds a run"):
        stdpnet.train(config, own_dataset(), folder=tmp_path, show_progress=False)
    with pytest.raises(stdpnet.RunFolderError, match="was trained with seed 0, not 1"):
        stdpnet.train(replace(config, seed=1), own_dataset(), folder=tmp_path, resume=True, show_progress=False)
    images, *others = digits()
    changed = stdpnet.Dataset("mine", images[::-1], *others)
    with pytest.raises(stdpnet.RunFolderError, match="holds other images than mine"):
        stdpnet.train(config, changed, folder=tmp_path, resume=True, show_progress=False)
    with pytest.raises(stdpnet.ConfigError, match="resume is True without a folder"):
        stdpnet.train(config, own_dataset(), resume=True, show_progress=False)


def test_a_data_set_that_was_loaded_is_named_not_copied(tmp_path, first_build):
    train, labels, test, test_labels = digits()
    folder = write_idx_folder(tmp_path / "set", train, labels, test, test_labels)
    dataset = stdpnet.load_dataset(folder)
    stdpnet.train(tiny_config({"images": 20}), dataset, folder=tmp_path / "run", show_progress=False)
    assert RunFolder(tmp_path / "run").config().dataset == str(folder)
    assert not (tmp_path / "run" / "dataset").exists()


def test_a_rule_object_goes_in_and_takes_no_preset():
    own = replace(stdpnet.RULES["triplet"], name="mine", on_pre="")
    config = stdpnet.Config(neurons=400, rule=own)
    assert config.plasticity == own
    assert config.excitatory.theta_plus == 0.03  # the preset of triplet has 0.12
    same = stdpnet.Config(neurons=400, rule=stdpnet.RULES["triplet"])
    assert same == stdpnet.Config(neurons=400)
    assert stdpnet.Config(rule=stdpnet.RULES["triplet"].with_constants({"eta_plus": 0.5})).constants["eta_plus"] == 0.5


def test_a_configuration_is_frozen(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('on_post = "w = clip(w + a, 0, w_max)"\n[constants]\na = 0.5\n')
    config = stdpnet.Config(rule=path)
    path.write_text('on_post = "w = clip(w + a, 0, w_max)"\n[constants]\na = 0.75\n')
    assert config.plasticity.constants["a"].value == 0.5
    path.unlink()
    assert replace(config, seed=1).plasticity.constants["a"].value == 0.5
    with pytest.raises(TypeError):
        config.constants["a"] = 1.0
    with pytest.raises(TypeError):
        stdpnet.RULES["triplet"].constants["eta_plus"] = 1.0
    with pytest.raises(FrozenInstanceError):
        config.seed = 5


def test_objects_say_what_they_are(in_memory):
    assert repr(in_memory).startswith("TrainedNetwork: 10 neurons, rule triplet, 60 presentations of mine\n")
    assert "last batch: accuracy" in repr(in_memory)
    assert repr(own_dataset()) == "Dataset 'mine': 60 training and 30 test images of 8 x 8, 10 classes"
    config = tiny_config()
    assert eval(repr(config), {"Config": stdpnet.Config}) == config
    assert config == stdpnet.Config(**CHANGES, **TRIPLET)
