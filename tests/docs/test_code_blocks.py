"""Every command and every Python block of the pages runs, in small: `small` says what is replaced."""

import io
import re
import runpy
import shlex
import shutil
import sys
from contextlib import redirect_stdout
from unittest.mock import patch

import matplotlib.pyplot as plt
import pytest
from blocks import blocks, commands, file_name, pages
from cifarfiles import pair
from idxfiles import write_idx_folder
from small import reason_not_to_run, small_command, small_python
from sources import SOURCES
from tiny import ROOT, digits

from stdpnet.plots.figures import FIGURES

LANGUAGES = {"python", "sh", "toml", "eval", "bibtex", "text"}
WITH_CODE = [name for name, path in pages().items() if {"python", "sh"} & {block.language for block in blocks(path)}]

#: What a page finds in its folder, as if other pages had been read before: trained runs, and images.
RUNS = {
    "docs/use/evaluating.md": ("results/400", "results/sweep/triplet_10_seed0"),
    "docs/use/models.md": ("results/400",),
    "docs/figures/calibration/README.md": ("results/run",),
}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return the folder that a reader works in; full MNIST is a folder of tiny images."""
    write_idx_folder(tmp_path / "data" / "mnist", *digits())
    write_idx_folder(tmp_path / "path" / "to" / "folder", *digits())
    monkeypatch.setenv("STDPNET_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["page", "results/run"])
    yield tmp_path
    plt.close("all")


@pytest.mark.parametrize("name", WITH_CODE)
def test_the_code_of_a_page_runs(name, desk, request, monkeypatch):
    for place in RUNS.get(name, ()):
        shutil.copytree(request.getfixturevalue("trained_run"), desk / place)
    for write in SOURCES.values() if name == "docs/use/own-data.md" else ():
        write(desk)
    if name == "docs/use/conversion.md":
        pair(desk / "data" / "cifar10")
        monkeypatch.syspath_prepend(str(desk))
    namespace = {"__name__": "__main__"}
    for block in blocks(pages()[name]):
        if block.language == "toml" and file_name(block):
            (desk / file_name(block)).write_text(small_python(block.text))
        elif block.language == "python":
            if file_name(block):
                (desk / file_name(block)).write_text(block.text)
            code = compile("\n" * (block.line - 1) + small_python(block.text), str(pages()[name]), "exec")
            exec(code, namespace)
        elif block.language == "sh":
            for command in commands(block.text):
                obey(command, f"{name}, line {block.line}")


def obey(command, place):
    """Run a command of a page in this process, or parse its arguments."""
    why = reason_not_to_run(command)
    if why is None:
        assert run(small_command(command)) == 0, f"{place}: {command}"
    elif "parsed" in why:
        assert run(shlex.split(command), only_parse=True) == "parsed", f"{place}: {command}"


class ParsedError(Exception):
    """Raised instead of going on after the arguments have been parsed."""


def run(words, only_parse=False):
    """Return the exit code of `stdpnet ...` or `python file.py ...`."""
    with (
        patch("argparse.ArgumentParser.parse_args", parse_and_stop)
        if only_parse
        else patch.object(sys, "path", sys.path[:])
    ):
        try:
            if words[0] == "stdpnet":
                from stdpnet.commands.main import main

                return main(words[1:])
            assert words[0] == "python", f"no way to run {words}: add it to small.NOT_RUN, with a reason"
            script = ROOT / words[1]
            sys.path.insert(0, str(script.parent))
            with patch.object(sys, "argv", [str(script), *words[2:]]):
                runpy.run_path(str(script), run_name="__main__")
            return 0
        except ParsedError:
            return "parsed"
        except SystemExit as ended:
            return ended.code or 0


def parse_and_stop(parser, arguments=None, namespace=None):
    """Parse the arguments as always, then stop."""
    _, unknown = parser.parse_known_args(arguments, namespace)
    assert not unknown, f"unknown arguments {unknown}"
    raise ParsedError


@pytest.mark.parametrize("name", pages())
def test_the_language_of_every_block_is_known(name):
    assert {block.language for block in blocks(pages()[name])} <= LANGUAGES


def test_every_command_of_stdpnet_is_on_some_page():
    found = {
        words.split()[1]
        for path in pages().values()
        for block in blocks(path)
        if block.language == "sh"
        for words in commands(block.text)
        if words.startswith("stdpnet ")
    }
    assert {
        "train",
        "evaluate",
        "report",
        "sweep",
        "calibrate",
        "train-cnn",
        "train-spiking",
        "convert",
        "plot",
        "info",
        "cite",
        "verify",
        "export",
        "classify",
        "show",
    } <= found


def test_every_flag_that_a_page_names_exists():
    known = {"--yardstick", "--help"}
    takes = ("train", "evaluate", "sweep", "calibrate", "train-cnn", "train-spiking", "convert", "show", "verify")
    for command in takes:
        known |= set(re.findall(r"--[a-z][a-z-]*", help_of(command)))
    for figure in FIGURES:
        known |= set(re.findall(r"--[a-z][a-z-]*", help_of("plot", figure)))
    for name, path in pages().items():
        named = set(re.findall(r"`(--[a-z][a-z-]*)[^`]*`", path.read_text()))
        for block in blocks(path):
            ours = [text for text in commands(block.text) if block.language == "sh" and text.startswith("stdpnet ")]
            named |= set(re.findall(r"--[a-z][a-z-]*", " ".join(ours)))  # argparse also takes a flag cut short
        assert named <= known, f"{name} names {sorted(named - known)}"


def help_of(*words):
    """Return what ``stdpnet ... --help`` prints."""
    with redirect_stdout(io.StringIO()) as printed:
        assert run(["stdpnet", *words, "--help"]) == 0
    return printed.getvalue()
