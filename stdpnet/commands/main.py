"""The console command ``stdpnet``: which commands there are, in the order in which one uses them.

A command's module is loaded when it is called: the help loads neither Brian2 nor PyTorch nor matplotlib.
"""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import stdpnet
from stdpnet.base.errors import did_you_mean
from stdpnet.commands.process import called, run_main


@dataclass(frozen=True)
class Command:
    """A command of ``stdpnet``.

    Attributes
    ----------
    about : str
        What it does, in one line.
    example : str
        Arguments that one could give.
    room : str
        The folder of its module within ``stdpnet.commands``, with a dot.
    """

    about: str
    example: str = ""
    room: str = ""


#: By the heading in the help, then by name. Of ``train-cnn`` the function is ``labelled.train_cnn.train_cnn_command``.
GROUPS = {
    "learn without labels": {
        "train": Command(
            "train a network of spiking neurons, name its neurons, classify the test images",
            "--neurons 400 --out results/400",
        ),
        "plot": Command(
            "draw what is in run folders; without a name: list the figures", "receptive-fields results/400"
        ),
        "report": Command(
            "write everything about a run into one HTML file, to keep or to send", "results/400", "reporting."
        ),
        "evaluate": Command("evaluate a run again, on more or fewer images", "results/400 --label-images 4000"),
        "export": Command(
            "write a network into one file, to use it without its run and its data",
            "results/400 --out digits.npz",
            "models.",
        ),
        "classify": Command("say what is on pictures, with such a file", "digits.npz three.png", "models."),
        "show": Command("draw a digit on a local page and watch the network answer", "results/400", "models."),
        "sweep": Command(
            "train every combination of rules, sizes and seeds, side by side",
            "--rules all --seeds 3 --out results/sweep",
        ),
        "calibrate": Command(
            "find constants that the paper does not publish",
            "--neurons 400 --try connections.inhibition=10,17,30 --out results/calibration",
        ),
    },
    "turn a trained network into a spiking one": {
        "train-cnn": Command(
            "train a network with labels, for conversion (needs PyTorch)", "--out results/lenet", "labelled."
        ),
        "convert": Command(
            "convert it, simulate it, report accuracy, operations and energy",
            "results/lenet --out results/lenet-spiking",
        ),
    },
    "train a spiking network with labels": {
        "train-spiking": Command(
            "by backpropagation through its filtered spikes (needs PyTorch)",
            "--layers 300-300 --out results/spiking",
            "labelled.",
        ),
    },
    "for bug reports and papers": {
        "info": Command("versions, compiler, cache and data sets: what a bug report needs"),
        "cite": Command("the papers behind a run, as BibTeX", "results/400"),
        "verify": Command("whether the figures that a text prints are those of the runs behind them", "README.md docs"),
    },
}

COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}


def overview() -> str:
    """Return the text of ``stdpnet --help``."""
    start = called("").strip()
    lines = [
        f"usage: {start} COMMAND ...",
        "",
        "Spiking networks that learn to recognise images without labels, by spike-timing-dependent plasticity",
        "(Diehl & Cook 2015), and trained networks converted into spiking ones.",
    ]
    for heading, commands in GROUPS.items():
        lines += ["", f"{heading}:"]
        for name, command in commands.items():
            lines += [f"  {name:<10} {command.about}", f"             {called(name)} {command.example}".rstrip()]
    return "\n".join(
        [
            *lines,
            "",
            "options:",
            "  --help     this; every command has its own, such as",
            f"             {called('train')} --help",
            "  --version  the version of stdpnet",
            "",
            "to begin:",
            f"  {called('train')} --images 1000 --out results/first",
            f"  {called('plot')} receptive-fields results/first",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command's name and its arguments; default: those of the process.

    Returns
    -------
    int
        0; 1 if runs of a sweep failed; 2 for what is refused, 130 after an interruption.
    """
    name, *rest = [*(sys.argv[1:] if arguments is None else arguments)] or ["--help"]
    if name in ("-h", "--help"):
        print(overview())
        return 0
    if name == "--version":
        print(f"stdpnet {stdpnet.__version__}")
        return 0
    if name not in COMMANDS:
        near = did_you_mean(name, COMMANDS)
        print(f"error: unknown command {name!r}{near}: expected one of {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    module = name.replace("-", "_")
    function = getattr(importlib.import_module(f"stdpnet.commands.{COMMANDS[name].room}{module}"), f"{module}_command")
    return run_main(function, rest)
