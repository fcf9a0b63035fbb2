"""Runs under way are seen while they last, whoever does the work."""

import os

import pytest
from tiny import CHANGES, tiny_config
from tqdm import tqdm

from stdpnet.base import files
from stdpnet.base.parameters import merged
from stdpnet.base.progress import progress_bar
from stdpnet.experiments.stdp.metrics import METRICS
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps import under_way
from stdpnet.experiments.sweeps.calibration import Trial, calibrate
from stdpnet.experiments.sweeps.sweep import sweep
from stdpnet.experiments.sweeps.under_way import UnderWay


@pytest.fixture(autouse=True)
def no_bars_of_others():
    """Close bars that tests have left open: tqdm would put those of here on other lines."""
    for bar in list(getattr(tqdm, "_instances", ())):
        bar.close()


@pytest.fixture
def folders(tmp_path):
    made = [RunFolder(tmp_path / name) for name in ("one", "two", "old")]
    for folder in made:
        folder.path.mkdir()
    batch(made[2], 400)
    return made


def batch(folder, presented):
    """Write what a batch writes, at a time of its own."""
    folder.write_metrics([dict(zip(METRICS, (presented, 0.75, 17, 0.25, 0, 30, 1), strict=True))])
    os.utime(folder.metrics_file, ns=(presented, presented))


def test_bars_come_and_go_with_the_runs(folders):
    runs = [(folder.path.name, folder, 1000) for folder in folders]
    watch = UnderWay(runs, progress_bar(3000, 0, "sweep"), show_progress=True)
    watch.look()
    assert watch.bars == {}  # what lies there from an earlier day is not under way
    batch(folders[0], 200)
    batch(folders[2], 500)
    watch.look()
    assert {name: (bar.n, bar.total) for name, bar in watch.bars.items()} == {"one": (200, 1000), "old": (500, 1000)}
    assert watch.total.n == 700
    assert "accuracy 75.0%, 17.0 spikes/image, silent 25%, theta 30.0 mV" in str(watch.bars["one"])
    batch(folders[0], 1000)
    watch.look()
    assert watch.bars["one"].n == 1000
    assert "evaluating" in str(watch.bars["one"])
    files.write_json(folders[0].evaluation_file, {})
    watch.look()
    assert set(watch.bars) == {"old"}
    watch.over("old")
    watch.over("two")  # it has failed before its first batch
    assert watch.bars == {}
    assert watch.total.n == 3000
    batch(folders[2], 1100)
    watch.look()
    assert watch.bars == {}


def test_a_damaged_folder_is_left_to_those_who_work_there(folders):
    watch = UnderWay([("one", folders[0], 1000)], progress_bar(1, 0, "sweep"), show_progress=True)
    folders[0].metrics_file.write_text("presented\nmany\n")
    watch.look()
    assert watch.bars == {}


def test_a_sweep_tells_of_runs_that_have_not_finished(monkeypatch, tmp_path, capsys, digits_folder):
    monkeypatch.setattr(under_way, "ELSEWHERE", 0.01)
    config = tiny_config({"dataset": str(digits_folder), "batch": 10})
    sweep([config], tmp_path / "sweep", jobs=1)
    said = capsys.readouterr().err
    assert "triplet_10_seed0:" in said
    assert "/60 [" in said
    assert not {"\x1b", "\r"} & set(said)  # a log file
    (line,) = [line for line in said.splitlines() if line.startswith("triplet_10_seed0:  ")][:1]
    assert "spikes/image, silent " in line


def test_a_calibration_tells_of_its_rounds_and_the_time_left_for_all(monkeypatch, tmp_path, capsys, digits_folder):
    monkeypatch.setattr(under_way, "ELSEWHERE", 0.01)
    base = merged(CHANGES, {"dataset": str(digits_folder), "batch": 10})
    trial = Trial(trained=40, validation=20, rounds=2)
    for attempt in range(2):
        calibrate(base, {"connections.inhibition": [10.0, 17.0]}, trial, tmp_path / "out", jobs=1)
        said = capsys.readouterr().err
        assert ("candidate1_seed0, round 1:" in said) == (attempt == 0)  # the second time all is there
        assert "160/160 [" in said
        assert "\r" not in said
    assert next(line for line in said.splitlines() if line.startswith("calibration:")).startswith("calibration: 100%")


def test_where_there_is_no_terminal_a_bar_is_lines(capsys):
    with progress_bar(60, 0, "training", text="accuracy 75 %") as bar:
        bar.update(60)
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("training:   0%") and "accuracy 75 %" in first
    assert last.startswith("training: 100%")
