"""``stdpnet verify --rerun cheap``: another seed, trained and evaluated, beside what is printed."""

import json
import shutil

import numpy as np
import pytest
from tiny import ROOT

from stdpnet.base import files
from stdpnet.commands.main import main
from stdpnet.commands.verifying.rerun import expected, reason_against, runs_behind

MARK = "40<!-- = sweep/triplet_10_seed*/evaluation.json; accuracy; % -->"


@pytest.fixture
def tree(tmp_path, monkeypatch, trained_run):
    """Make a README whose figure is that of one run, seed 0."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "docs/figures/sweep/triplet_10_seed0"
    folder.mkdir(parents=True)
    for name in ("config.json", "environment.json", "evaluation.json", "metrics.csv"):
        shutil.copy(trained_run / name, folder)
    printed = 100 * files.read_json(folder / "evaluation.json")["accuracy"]
    (tmp_path / "README.md").write_text(f"It gets {printed:.1f} %{MARK[2:]} of them.\n")
    return folder


def changed(file, **values):
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def verified(capsys):
    """Return exit code and output of the command."""
    try:
        code = main(["verify", "README.md", "--rerun", "cheap"])
    except SystemExit as end:
        code = end.code
    return code, capsys.readouterr().out.splitlines()


def test_a_run_with_another_seed(tree, tmp_path, capsys):
    code, said = verified(capsys)
    new = tmp_path / "results/verify/triplet_10_seed0/triplet_10_seed1"
    stored, first = (files.read_json(folder / "config.json") for folder in (new, tree))
    assert stored == first | {"seed": 1}
    accuracy = files.read_json(new / "evaluation.json")["accuracy"]
    printed = files.read_json(tree / "evaluation.json")["accuracy"]
    half = 1.96 * np.sqrt(2 * printed * (1 - printed) / 30)
    assert said == [
        "1 of 1 figures are those of the files behind them",
        f"triplet, 10 neurons, seed 1, accuracy: {accuracy:.1%}, within {printed - half:.1%} to {printed + half:.1%} "
        "(1 seed printed)",
    ]
    assert code == 0

    changed(tree / "evaluation.json", accuracy=1.0, confidence_interval_95=[0.9, 1.0])
    (tmp_path / "README.md").write_text(f"It gets 100 %{MARK[2:]} of them.\n")
    before = (new / "evaluation.json").stat().st_mtime_ns
    code, said = verified(capsys)
    assert (code, said[1].split(": ", 1)[1]) == (1, f"{accuracy:.1%}, OUTSIDE 100.0% to 100.0% (1 seed printed)")
    assert (new / "evaluation.json").stat().st_mtime_ns == before  # what has been run is not run again


REFUSED = {
    "long": ({"config.json": {"neurons": 10_000_000}}, "takes about 23 minutes"),
    "elsewhere": ({"config.json": {"dataset": "/nowhere/digits"}}, "its images are not here: "),
    "others": ({"environment.json": {"data_fingerprint": "0" * 64}}, "has other images here"),
    "half": ({"config.json": {"epochs": 2}}, "was not trained to the end"),
}


@pytest.mark.parametrize("changes, reason", REFUSED.values(), ids=REFUSED)
def test_what_is_not_run_again(tree, changes, reason):
    for name, values in changes.items():
        changed(tree / name, **values)
    (printed,) = runs_behind([MARK.partition("= ")[2].removesuffix(" -->")], tree.parent.parent)
    assert reason in reason_against(printed)


def test_runs_behind_the_figures_of_this_tree(monkeypatch):
    marks = [
        "sweep/triplet_100_seed*/evaluation.json; accuracy; %",
        "sweep/triplet_100_seed*/evaluation.json; readouts.n-gram.accuracy; %",
        "sweep/triplet_6400_seed*/evaluation.json; accuracy; %",
        "other-images/accuracy.csv; accuracy; %; data=mnist",
        "first/evaluation.json; n_test_images",
    ]
    small, large = runs_behind(marks, ROOT / "docs" / "figures")
    assert [run.seed for run in small.runs] == [0, 1, 2]
    assert (small.seed, large.seed) == (3, 1)
    assert small.names == ["accuracy", "readouts.n-gram.accuracy"]
    assert reason_against(large) == "takes about 69 minutes"


def test_the_interval_by_hand():
    # t of 2 degrees of freedom is 4.3027; s is 0.01; the binomial part is 1.96 sqrt(2 * 0.9 * 0.1 / 10,000)
    low, high = expected([0.89, 0.90, 0.91], 10_000)
    half = np.hypot(4.3027 * 0.01 * np.sqrt(4 / 3), 1.96 * np.sqrt(0.18 / 10_000))
    np.testing.assert_allclose([low, high], [0.9 - half, 0.9 + half], rtol=1e-5)


def test_nineteen_of_twenty_new_seeds_fall_within_the_interval_of_three():
    rng = np.random.default_rng(0)
    accuracies = rng.normal(0.9, 0.007, (4000, 4))
    within = [low <= new <= high for *seeds, new in accuracies for low, high in [expected(seeds, 10**9)]]
    assert abs(np.mean(within) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 4000)
