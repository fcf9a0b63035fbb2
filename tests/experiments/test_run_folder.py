"""Damaged files of a run: one clear error each."""

import numpy as np
import pytest
from fakeruns import write_run
from tiny import ROOT

from analysis import run_analysis
from stdpnet.base import files
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import flat
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import from_dict

ROW = "presented,running_accuracy\n1000,nan\n"

DAMAGED_METRICS = {
    "empty": (b"", "damaged"),
    "cut short": (ROW.encode() + b"2000", "damaged"),
    "a field too many": (ROW.encode() + b"2000,0.5,7\n", "damaged"),
    "text": (ROW.encode() + b"2000,half\n", "damaged .*half"),
    "not text": (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "damaged"),
    "other columns": (b"a,b\n1,2\n", "has no column 'presented'"),
}


@pytest.mark.parametrize("content, message", DAMAGED_METRICS.values(), ids=DAMAGED_METRICS)
def test_damaged_metrics(tmp_path, content, message):
    folder = write_run(tmp_path / "run")
    folder.metrics_file.write_bytes(content)
    with pytest.raises(RunFolderError, match=rf"run/metrics\.csv: {message}"):
        folder.metrics()


def test_metrics_are_read_as_they_were_written(tmp_path):
    folder = write_run(tmp_path / "run", (0.25, 0.5))
    assert [row["running_accuracy"] for row in folder.metrics()] == [0.25, 0.5]
    presented, theta = folder.series("presented", "theta_mean_mV")
    assert (presented.tolist(), theta.tolist()) == ([1000, 2000], [30, 31])


def test_series_of_a_column_that_is_not_there(tmp_path):
    folder = write_run(tmp_path / "run")
    with pytest.raises(RunFolderError, match=r"metrics\.csv: has no column 'loss'"):
        folder.series("loss")
    folder.metrics_file.unlink()
    with pytest.raises(RunFolderError, match=r"metrics\.csv: no batch finished yet"):
        folder.series("presented")


@pytest.mark.parametrize("value", [[], [1, 2], None, 5, "text"])
def test_a_configuration_that_is_no_table(value):
    with pytest.raises(ConfigError, match=f"the configuration is a {type(value).__name__}; expected a table"):
        from_dict(value)


PUBLISHED = sorted((ROOT / "docs" / "figures" / "sweep").glob("*/config.json"))


def test_configurations_of_published_runs_are_read():
    assert len(PUBLISHED) == 28
    for path in PUBLISHED:
        config, stored = RunFolder(path.parent).config(), files.read_json(path)
        assert f"{config.rule}_{config.neurons}_seed{config.seed}" == path.parent.name
        found = flat(config.to_dict())
        assert {name: found[name] for name in flat(stored) if name != "custom_rule"} == {
            name: value for name, value in flat(stored).items() if name != "custom_rule"
        }


DAMAGED_CONFIGURATIONS = {
    "a list": ('["neurons"]', "holds a list, expected a table"),
    "unknown name": ('{"neuron": 5}', r"unknown parameter neuron \(did you mean 'neurons'\?\): expected one of"),
    "wrong value": ('{"neurons": null}', "neurons is None; expected int"),
    "a group that is a list": ('{"excitatory": [1]}', r"excitatory is \[1\]; expected a table"),
}


@pytest.mark.parametrize("text, message", DAMAGED_CONFIGURATIONS.values(), ids=DAMAGED_CONFIGURATIONS)
def test_damaged_configuration(tmp_path, text, message):
    folder = write_run(tmp_path / "run")
    folder.config_file.write_text(text)
    with pytest.raises(RunFolderError, match=rf"run/config\.json: {message}"):
        folder.config()


@pytest.mark.parametrize(
    "text, message",
    [
        ("[]", "holds a list, expected a table"),
        ("{}", "accuracy is None"),
        ('{"accuracy": "high"}', "accuracy is 'high'"),
        ('{"accuracy": 0.5}', "confidence_interval_95 is None"),
    ],
)
def test_damaged_evaluation(tmp_path, text, message):
    folder = write_run(tmp_path / "run", accuracy=0.5)
    assert folder.evaluation()["accuracy"] == 0.5
    folder.evaluation_file.write_text(text)
    with pytest.raises(RunFolderError, match=rf"evaluation\.json: {message}"):
        folder.evaluation()


DAMAGED_ARRAYS = {
    "predictions gone": ("predictions", {"predictions": None}, "holds no predictions of 1 dimensions"),
    "too few predictions": ("predictions", {"predictions": np.zeros(3, int)}, "3 predictions for 200 labels"),
    "names gone": ("predictions", {"assignments": None}, "holds no assignments of 1 dimensions"),
    "weights gone": ("checkpoint", {"input_synapses.w": None}, "holds no input_synapses.w of 2 dimensions"),
    "other images": (
        "checkpoint",
        {"image_shape": np.array([8, 9])},
        r"shape \(64, 4\), expected \(72, 4\)",
    ),
    "other neurons": (
        "checkpoint",
        {"excitatory.theta": np.zeros(5)},
        r"shape \(64, 4\), expected \(64, 5\)",
    ),
}


@pytest.mark.parametrize("file, changes, message", DAMAGED_ARRAYS.values(), ids=DAMAGED_ARRAYS)
def test_arrays_that_are_not_those_of_a_run(tmp_path, file, changes, message):
    folder = write_run(tmp_path / "run", accuracy=0.5)
    read, path = (
        (folder.predictions, folder.predictions_file)
        if file == "predictions"
        else (folder.network, folder.checkpoint_file)
    )
    arrays = read() | changes
    files.write_arrays(path, {name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(RunFolderError, match=rf"{file}\.npz: .*{message}"):
        read()


def test_arrays_may_have_any_name(tmp_path):
    arrays = {"file": np.arange(3), "allow_pickle": np.float32(0.5), "a.b": np.zeros((2, 0))}
    files.write_arrays(tmp_path / "arrays.npz", arrays)
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as archive:
        assert sorted(archive.files) == sorted(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(archive[name], array, strict=True)
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        files.write_arrays(tmp_path / "objects.npz", {"a": np.array([None])})
    assert [path.name for path in tmp_path.iterdir()] == ["arrays.npz"]


def test_environment_of_a_run(tmp_path):
    folder = write_run(tmp_path / "run")
    assert folder.environment() == {}
    folder.environment_file.write_text("[]")
    with pytest.raises(RunFolderError, match=r"environment\.json: holds a list, expected a table"):
        folder.environment()


def test_a_run_that_has_not_been_evaluated(tmp_path):
    folder = write_run(tmp_path / "run")
    for read in (folder.evaluation, folder.predictions):
        with pytest.raises(RunFolderError, match=r"run: not evaluated yet; run stdpnet evaluate"):
            read()


WRONG = {
    "metrics.csv": ("learning_curve", "presented\n1,2\n"),
    "config.json": ("receptive_fields", "[]"),
    "evaluation.json": ("confusion", "[]"),
}


@pytest.mark.parametrize("file", WRONG)
def test_scripts_say_it_in_one_line(tmp_path, file):
    name, content = WRONG[file]
    write_run(tmp_path / "run", accuracy=0.5)
    (tmp_path / "run" / file).write_text(content)
    done = run_analysis(name, tmp_path / "run")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {tmp_path / 'run' / file}: ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "run" / f"{name}.png").exists()


@pytest.mark.parametrize("name", ["accuracy_vs_neurons", "sweep_overview"])
def test_comparing_folders_without_runs(tmp_path, name):
    done = run_analysis(name, tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {tmp_path}: expected a run folder made by stdpnet train, or a folder with")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_unknown_format(tmp_path):
    write_run(tmp_path / "run", accuracy=0.5)
    done = run_analysis("histograms", tmp_path / "run", "--out", tmp_path / "a.gif")
    assert done.returncode == 2
    assert done.stderr == f"error: --out is {tmp_path / 'a.gif'}; expected a name that ends in .png, .pdf, .svg\n"


def test_a_folder_is_held_by_one_process_at_a_time(tmp_path, script, tiny_toml):
    folder = RunFolder(tmp_path / "run")
    folder.prepare()
    with folder.claim():
        done = script("runs/train.py", "--config", tiny_toml, "--backend", "numpy", "--out", folder.path)
    assert done.returncode == 2 and f"another process is at work in {folder.path}" in done.stderr
    assert not folder.checkpoint_file.exists()
    with folder.claim():  # it was given back
        pass


def test_metrics_keep_every_digit_of_a_count(tmp_path):
    folder = RunFolder(tmp_path)
    rows = [{"presented": 1_234_567, "theta_mean_mV": 1 / 3, "running_accuracy": float("nan")}]
    folder.write_metrics(rows)
    (row,) = folder.metrics()
    assert row["presented"] == 1_234_567
    assert row["theta_mean_mV"] == pytest.approx(1 / 3, rel=1e-6)
    assert row["running_accuracy"] != row["running_accuracy"]
