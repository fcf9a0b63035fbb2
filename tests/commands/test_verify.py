"""``stdpnet verify``: printed figures are those of the files behind them, in this tree as well."""

import json

import pytest
from tiny import ROOT

from stdpnet.commands.main import main


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Make a folder of figures: three runs, 81, 83 and 85 % right, a table and a report."""
    monkeypatch.chdir(tmp_path)
    for seed, accuracy in enumerate((0.81, 0.83, 0.85)):
        folder = tmp_path / f"docs/figures/sweep/run_seed{seed}"
        folder.mkdir(parents=True)
        (folder / "evaluation.json").write_text(json.dumps({"accuracy": accuracy, "readouts": {"2-gram": {"n": 1234}}}))
    (tmp_path / "docs/figures/table.csv").write_text("data,accuracy\nmnist,0.8825\nfashion,0.7\nempty,\n")
    table = "without,difference\ndelays,-0.01\ndelays,-0.02\nrest,-0.0004\n"
    (tmp_path / "docs/figures/differences.csv").write_text(table)
    return tmp_path


def verified(tree, text, capsys):
    """Return exit code and output for a README."""
    (tree / "README.md").write_text(text)
    try:
        return main(["verify"]), capsys.readouterr()
    except SystemExit as end:
        return end.code, capsys.readouterr()


RIGHT = {
    "one run": "**81.0**<!-- = sweep/run_seed0/evaluation.json; accuracy; % -->",
    "a unit between": "81 %<!-- = sweep/run_seed0/evaluation.json; accuracy; % -->",
    # the root of (4 + 4) / 2
    "three runs": "| 83.0 ± 2.0<!-- = sweep/run_seed*/evaluation.json; accuracy; % --> (82.9) |",
    "their mean": "83<!-- = sweep/run_seed*/evaluation.json; accuracy; % -->",
    "a share": "0.81<!-- = sweep/run_seed0/evaluation.json; accuracy -->",
    "thousands": "1,234 spikes<!-- = sweep/run_seed0/evaluation.json; readouts.2-gram.n -->",
    "half a last digit": "88.3<!-- = table.csv; accuracy; %; data=mnist -->",
    "less than nothing": "−1.5 ± 0.7<!-- = differences.csv; difference; %; without=delays -->",
    "a range": "1-81.0<!-- = sweep/run_seed0/evaluation.json; accuracy; % -->",
    "nothing": "0.0<!-- = differences.csv; difference; %; without=rest -->",
    "a row": "70<!-- = table.csv; accuracy; %; data=fashion -->",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_right_figures(tree, text, capsys):
    code, said = verified(tree, f"# Title\n\nIt gets {text} of them.\n", capsys)
    assert (code, said.out) == (0, "1 of 1 figures are those of the files behind them\n")


WRONG = {
    "81.1<!-- = sweep/run_seed0/evaluation.json; accuracy; % -->": "81.1 is printed, 81.0 found",
    "83.0 ± 1.6<!-- = sweep/run_seed*/evaluation.json; accuracy; % -->": "83.0 ± 1.6 is printed, 83.0 ± 2.0 found",
    "1.5<!-- = differences.csv; difference; %; without=delays -->": "1.5 is printed, -1.5 found",
    "88.2<!-- = table.csv; accuracy; %; data=mnist -->": "88.2 is printed, 88.3 found",
    "8<!-- = sweep/gone/evaluation.json; accuracy -->": "8 is printed, nothing in docs/figures/sweep/gone/",
    "8<!-- = table.csv; accuracy; data=gone -->": "nothing in docs/figures/table.csv",
    "8<!-- = table.csv; accuracy; data=empty -->": "no number 'accuracy' in docs/figures/table.csv",
    "8<!-- = table.csv; speed -->": "no number 'speed' in docs/figures/table.csv",
    "8<!-- = sweep/run_seed0/evaluation.json; readouts -->": "no number 'readouts'",
    "8<!-- = sweep/run_seed0/evaluation.json -->": "no number ''",
    "many<!-- = sweep/run_seed0/evaluation.json; accuracy -->": "no number is printed, one before",
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_figures_are_named_with_their_place(tree, text, capsys):
    code, said = verified(tree, f"# Title\n\n{text}\n", capsys)
    assert code == 1
    assert said.out.startswith("README.md:3: ")
    assert WRONG[text] in said.out
    assert "0 of 1 figures are" in said.out
    assert said.err == ""


def test_texts_without_a_mark_and_texts_that_are_not_there(tree, capsys):
    code, said = verified(tree, "89.1 % of the digits", capsys)
    assert (code, said.err.splitlines()[0][:43]) == (2, "error: no figure is marked in these texts; ")
    assert main(["verify", "LIESMICH.md"]) == 2
    assert "LIESMICH.md is no file and no folder" in capsys.readouterr().err


def test_the_figures_of_this_tree(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["verify"]) == 0, capsys.readouterr().out
    count = int(capsys.readouterr().out.split()[0])
    assert count >= 80
