"""The console command: help, wrong names, and that it does what the scripts do."""

import configparser
import shutil
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fakeruns import write_conversion, write_sweep
from tiny import ROOT

import stdpnet
from analysis import run_analysis
from stdpnet.base.tables import write_table
from stdpnet.commands.main import COMMANDS, main
from stdpnet.commands.process import called
from stdpnet.experiments.stdp.inside.snapshots import write_snapshot
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.plots.figures import FIGURES


@pytest.fixture(autouse=True)
def started_as_stdpnet(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/stdpnet"])
    yield
    plt.close("all")


@pytest.fixture
def module():
    """Return a function that runs ``python -m stdpnet`` and returns the finished process."""

    def run(*arguments, **options):
        command = [sys.executable, "-m", "stdpnet", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)

    return run


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_teaches_every_command(capsys, arguments):
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert len(COMMANDS) == 15
    for name, command in COMMANDS.items():
        assert f"  {name:<10} {command.about}\n             stdpnet {name} {command.example}".rstrip() in text
    assert max(map(len, text.splitlines())) <= 110


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_ends_with_an_example(capsys, name):
    try:
        code = main([name, "--help"])
    except SystemExit as ended:
        code = ended.code
    text = capsys.readouterr().out
    assert code == 0
    assert text.startswith(f"usage: stdpnet {name} ")
    assert f"stdpnet {name}" in text[text.index("example") :]
    assert "runs/" not in text and "analysis/" not in text


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"stdpnet {stdpnet.__version__}\n"


WRONG = {
    "command": (["trian"], "error: unknown command 'trian' (did you mean 'train'?): expected one of train, plot, "),
    "nothing like it": (["xyz"], "error: unknown command 'xyz': expected one of train, "),
    "figure": (
        ["plot", "receptivefields"],
        "error: unknown figure 'receptivefields' (did you mean 'receptive-fields'?): expected",
    ),
    "figure, nothing like it": (
        ["plot", "xyz"],
        "error: unknown figure 'xyz': expected one of\n  receptive-fields\n      Inp",
    ),
}


@pytest.mark.parametrize("arguments, message", WRONG.values(), ids=WRONG)
def test_wrong_names(capsys, arguments, message):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(message)


def test_plot_without_a_name_lists_the_figures(capsys):
    assert main(["plot"]) == main(["plot", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(text.count(f"  {name}\n      {figure.about}\n") == 2 for name, figure in FIGURES.items())


LIGHT = """
import sys
from stdpnet.commands.main import main
assert [main(arguments) for arguments in ([], ["--version"], ["plot"], ["plot", "xyz"], ["xyz"])] == [0, 0, 0, 2, 2]
heavy = {"brian2", "torch", "sklearn", "matplotlib", "scipy", "numpy", "joblib"}
sys.exit(f"loaded: {heavy & set(sys.modules)}" if heavy & set(sys.modules) else 0)
"""


def test_help_loads_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_console_command_is_installed():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    scripts = setup["options.entry_points"]["console_scripts"].split("\n")
    assert "stdpnet = stdpnet.commands.main:main" in scripts
    assert "stdpnet.commands = references.bib" in (ROOT / "setup.cfg").read_text()


STARTED = {
    "/usr/bin/stdpnet": ("stdpnet train-cnn", "stdpnet plot learning-curve"),
    "/x/site-packages/stdpnet/__main__.py": ("python -m stdpnet train-cnn", "python -m stdpnet plot learning-curve"),
    "runs/evaluate.py": ("python runs/train_cnn.py", "python analysis/learning_curve.py"),
    "/home/me/stdpnet/analysis/raster.py": ("python runs/train_cnn.py", "python analysis/learning_curve.py"),
    "/home/me/train.py": ("stdpnet train-cnn", "stdpnet plot learning-curve"),
    "-c": ("stdpnet train-cnn", "stdpnet plot learning-curve"),
}


@pytest.mark.parametrize("program, expected", STARTED.items(), ids=STARTED)
def test_advice_is_right_for_the_way_the_program_was_started(monkeypatch, program, expected):
    monkeypatch.setattr(sys, "argv", [program])
    assert (called("train-cnn"), called("plot learning-curve")) == expected


def test_training_by_module_is_that_of_the_script(module, trained_run, tiny_toml, tmp_path):
    done = module("train", "--config", tiny_toml, "--batch", 20, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    for name in ("checkpoint.npz", "predictions.npz", "config.json", "evaluation.json", "metrics.csv"):
        assert (tmp_path / "run" / name).read_bytes() == (trained_run / name).read_bytes(), name


def test_an_error_of_a_command_is_one_line(capsys, tmp_path):
    assert main(["evaluate", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {tmp_path}/config.json: no such file; expected a run folder")


def test_every_figure_has_its_script():
    scripts = {path.stem.replace("_", "-"): path.read_text() for path in (ROOT / "analysis").glob("*.py")}
    assert scripts.keys() == FIGURES.keys()
    for name, figure in FIGURES.items():
        assert scripts[name].startswith(f'"""{figure.about}"""\n')


@pytest.fixture(scope="module")
def folders(tmp_path_factory, trained_run):
    conversion = write_conversion(tmp_path_factory.mktemp("conversion"))
    sweep = write_sweep(tmp_path_factory.mktemp("sweep"))
    run = RunFolder(shutil.copytree(trained_run, tmp_path_factory.mktemp("run") / "run"))
    write_snapshot(run, run.checkpoint(), run.config(), run.data_fingerprint())
    lacking = tmp_path_factory.mktemp("lacking")
    shown = {"n_label_images": 60, "n_test_images": 30, "presentations": 60}
    row = {"rule": "triplet", "neurons": 4, "seed": 0, "without": "", "accuracy": 0.8, **shown}
    rows = [row, row | {"without": "delays", "accuracy": 0.7, "difference": -0.1}]
    write_table(lacking / "sweep.csv", rows, list(rows[1]))
    return {
        "run": run.path,
        "runs": sweep,
        "sweep": lacking,
        "conversion": conversion,
        "conversions": conversion,
        "spiking": conversion,
        "rules": "triplet",
        "curves": "50",
    }


@pytest.mark.parametrize("name", FIGURES)
def test_plot_draws_what_the_script_draws(capsys, folders, tmp_path, name):
    folder, ending = folders[FIGURES[name].takes], FIGURES[name].formats[0]
    one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending}"
    done = run_analysis(name.replace("-", "_"), folder, "--out", one)
    assert done.returncode == 0, done.stderr
    assert main(["plot", name, str(folder), "--out", str(other)]) == 0
    assert capsys.readouterr().out.strip() == str(other)
    np.testing.assert_array_equal(plt.imread(one), plt.imread(other))


def test_a_reader_that_stops_is_no_error():
    command = f"{sys.executable} -m stdpnet info | head -1"
    shell = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(shell, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "stdpnet:\n", "")


@pytest.mark.parametrize("command", ["train", "train-cnn", "train-spiking", "convert", "calibrate"])
def test_the_help_says_what_a_data_set_may_be(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    words = " ".join(capsys.readouterr().out.split())
    assert "or the path of images: a folder of pictures in folders of classes, .npz, .csv, IDX files" in words
