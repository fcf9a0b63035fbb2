"""Sweeps: interrupted and not, on one machine and on a cluster, they give the same table to the byte."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from dask.distributed import Client, LocalCluster, get_task_stream
from joblib import parallel_config
from refusal import content
from tiny import CHANGES, ROOT, TRIPLET, tiny_config

from stdpnet.base import files
from stdpnet.base.errors import SimulationError
from stdpnet.base.parameters import merged
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.sweep import sweep
from stdpnet.learning.config import from_dict
from stdpnet.rules import RULES

SEEDS = 3
NAMES = [f"triplet_10_seed{seed}" for seed in range(SEEDS)]


@pytest.fixture(scope="module")
def command(tiny_toml):
    """Return a function that gives the command line of the same sweep in any folder."""

    def line(folder, *more):
        script = ROOT / "runs" / "sweep.py"
        given = ["--config", tiny_toml, "--batch", 20, "--seeds", SEEDS, "--jobs", 2, "--out", folder, *more]
        return [str(word) for word in (sys.executable, script, *given)]

    return line


@pytest.fixture(scope="module")
def configs(digits_folder):
    tiny = merged(CHANGES | TRIPLET, {"dataset": str(digits_folder), "batch": 20})
    return [from_dict(tiny | {"seed": seed}) for seed in range(SEEDS)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, first_build, configs):
    """Return the folder of an uninterrupted sweep, one run after the other. Do not change it."""
    folder = tmp_path_factory.mktemp("sweeps") / "undisturbed"
    sweep(configs, folder, jobs=1, show_progress=False)
    return folder


def finished(folder):
    return {path.parent.name for path in folder.glob("*/evaluation.json")}


def table(folder):
    with open(folder / "sweep.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_of_a_sweep_is_what_the_training_script_makes(undisturbed, trained_run):
    run, alone = RunFolder(undisturbed / NAMES[0]), RunFolder(trained_run)
    for name in ("config_file", "metrics_file", "evaluation_file"):
        assert getattr(run, name).read_bytes() == getattr(alone, name).read_bytes()
    for name, array in alone.checkpoint().items():
        np.testing.assert_array_equal(run.checkpoint()[name], array, err_msg=name)
    assert {path.name for path in run.path.iterdir()} == {path.name for path in alone.path.iterdir()}
    assert "test accuracy" in run.log_file.read_text()


def test_the_table_holds_what_the_folders_hold(undisturbed):
    rows = table(undisturbed)
    assert [row["folder"] for row in rows] == NAMES
    for seed, row in enumerate(rows):
        report = files.read_json(undisturbed / row["folder"] / "evaluation.json")
        last = (undisturbed / row["folder"] / "metrics.csv").read_text().splitlines()[-1].split(",")
        low, high = report["confidence_interval_95"]
        assert row == {
            **{"rule": "triplet", "neurons": "10", "seed": str(seed), "status": "finished"},
            **{"accuracy": f"{report['accuracy']:.6g}", "interval_low": f"{low:.6g}", "interval_high": f"{high:.6g}"},
            **{"presentations": "60", "n_label_images": "60", "n_test_images": "30", "folder": NAMES[seed]},
            **{"spikes_per_image": last[2], "silent_share": last[3], "theta_mean_mV": last[5]},
        }


def stop(line, condition, number, send):
    """Start a sweep, send it a signal when the condition holds, return its exit code and what it said."""
    process = subprocess.Popen(line, start_new_session=True, stderr=subprocess.PIPE, text=True)
    while not condition():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.002)
    send(process.pid, number)
    said = process.stderr.read()  # ends when the workers have ended too
    return process.wait(), said


def begun(folder):
    """Return the presentations of every run that has a checkpoint and is not finished, by name."""
    names = {path.parent.name for path in folder.glob("*/checkpoint.npz")} - finished(folder)
    return {name: int(RunFolder(folder / name).checkpoint()["presented"]) for name in names}


def test_a_sweep_that_was_stopped_finishes_only_the_rest(tmp_path, undisturbed, command):
    folder = tmp_path / "sweep"
    line = command(folder)

    # Ctrl-C in a terminal reaches the workers too
    code, said = stop(line, lambda: begun(folder), signal.SIGINT, os.killpg)
    assert (code, finished(folder)) == (130, set())
    assert "interrupted; the same command goes on from the last checkpoints" in said
    assert {row["status"] for row in table(folder)} == {"unfinished"}

    def half_way():
        return finished(folder) and min(begun(folder).values(), default=60) < 60

    code, _ = stop(line, half_way, signal.SIGKILL, os.killpg)
    done, presented = finished(folder), begun(folder)
    assert code == -signal.SIGKILL
    assert done and presented
    before = {path: path.stat().st_mtime_ns for name in done for path in (folder / name).iterdir()}

    again = subprocess.run(line, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert f"{len(done)} of {SEEDS} runs are finished" in again.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    for name in presented:
        last_start = (folder / name / "log.txt").read_text().rsplit(" presentations of ", 1)[1]
        trained = [int(number) for number in re.findall(r"(\d+) presentations: ", last_start)]
        assert trained == list(range(presented[name] + 20, 61, 20))
    assert (folder / "sweep.csv").read_bytes() == (undisturbed / "sweep.csv").read_bytes()
    for name in NAMES:
        assert (folder / name / "metrics.csv").read_bytes() == (undisturbed / name / "metrics.csv").read_bytes()


def test_sigterm_stops_a_sweep_and_its_workers(tmp_path, command):
    folder = tmp_path / "sweep"
    code, said = stop(command(folder), lambda: begun(folder), signal.SIGTERM, os.kill)
    assert code == 130
    assert "interrupted; the same command goes on" in said


def test_a_cluster_gives_the_same_table(tmp_path, undisturbed, configs):
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster),
        parallel_config(backend="dask"),
        get_task_stream() as tasks,
    ):
        rows = sweep(configs, tmp_path / "sweep", show_progress=False)
    assert [row["status"] for row in rows] == ["finished"] * SEEDS
    assert (tmp_path / "sweep" / "sweep.csv").read_bytes() == (undisturbed / "sweep.csv").read_bytes()
    # the runs went to the cluster, and asked it for nothing more
    assert {task["key"].split("_1_calls")[0] for task in tasks.data} == {"batch_of_carry_out"}
    assert len(tasks.data) == SEEDS


def test_a_cluster_of_one_worker_does_the_work_itself(monkeypatch, tmp_path, digits_folder):
    configs = [tiny_config({"dataset": str(digits_folder), "seed": seed, "backend": "numpy"}) for seed in range(4)]
    monkeypatch.setattr("stdpnet.experiments.sweeps.sweep.carry_out", where)
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
        parallel_config(backend="dask"),
    ):
        sweep(configs, tmp_path / "sweep", show_progress=False)
        (worker,) = client.run(os.getpid).values()
    assert {int(path.read_text()) for path in tmp_path.glob("sweep/*/process")} == {worker}


def where(planned):
    """Write which process does the work, in place of doing it."""
    planned.folder.prepare()
    (planned.folder.path / "process").write_text(str(os.getpid()))
    return planned, planned.row("failed"), ""


def growing_rule(path):
    """Write a rule with the text of the triplet rule, so that nothing is compiled, whose trace grows to infinity."""
    rule = RULES["triplet"]
    texts = ("pre_traces", "post_traces", "pre_spike", "post_spike", "on_pre", "on_post")
    lines = [f"{name} = {json.dumps(getattr(rule, name))}" for name in texts] + ["[constants]"]
    for name, constant in rule.constants.items():
        value = -1.0 if name == "tau_x" else constant.value
        lines.append(f'{name} = {{ value = {value}, unit = "{constant.unit}" }}')
    path.write_text("\n".join(lines))
    return path


def test_a_run_that_fails_does_not_stop_the_others(tmp_path, first_build, command, undisturbed):
    rule, folder = growing_rule(tmp_path / "growing.toml"), tmp_path / "sweep"
    line = command(folder, "--rules", rule, "triplet", "--seeds", 1, "--jobs", 1)
    for attempt in range(2):
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "growing_10_seed0 failed: inputs.x[" in done.stderr
        assert done.stderr.endswith("1 of 2 runs failed, see error.txt in growing_10_seed0\n")
        assert f"{attempt} of 2 runs are finished" in done.stderr  # the failed one is tried again
    assert "SimulationError: inputs.x[" in (folder / "growing_10_seed0" / "error.txt").read_text()
    failed, other = table(folder)
    assert failed["status"] == "failed"
    assert set(failed.values()) == {"growing", "10", "0", "failed", "", "growing_10_seed0"}
    assert other == table(undisturbed)[0]


def test_a_finished_sweep_does_nothing(undisturbed, configs):
    before = content(undisturbed)
    assert [row["folder"] for row in sweep(configs, undisturbed, show_progress=False)] == NAMES
    assert content(undisturbed) == before


def test_other_label_images_are_evaluated_anew_and_not_trained_anew(tmp_path, configs):
    folder = tmp_path / "sweep"
    first = sweep(configs[:1], folder, label_images=20, test_images=10, jobs=1, show_progress=False)
    weights = (folder / NAMES[0] / "checkpoint.npz").stat().st_mtime_ns
    other = sweep(configs[:1], folder, label_images=30, test_images=10, jobs=1, show_progress=False)
    assert [rows[0]["n_label_images"] for rows in (first, other)] == [20, 30]
    assert (folder / NAMES[0] / "checkpoint.npz").stat().st_mtime_ns == weights


def test_a_worker_that_is_killed(monkeypatch, tmp_path, digits_folder):
    def killed(planned):
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr("stdpnet.experiments.sweeps.sweep.carry_out", killed)
    configs = [tiny_config({"dataset": str(digits_folder), "neurons": n, "backend": "numpy"}) for n in (10, 20)]
    with pytest.raises(SimulationError, match=r"the system ended a worker.*--jobs starts fewer runs at a time"):
        sweep(configs, tmp_path / "sweep", jobs=2, show_progress=False)
    assert [row["status"] for row in table(tmp_path / "sweep")] == ["unfinished"] * 2
