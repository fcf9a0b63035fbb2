"""Draw a figure by its name: read run folders, draw, save, perhaps show."""

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.commands.process import called, command_parser, run_main
from stdpnet.plots.figures import FIGURES, Figure


def _rules(names: Sequence[str]) -> Any:
    from stdpnet.rules import find_rule

    return [find_rule(name) for name in names]


def _curves(values: Sequence[str]) -> Any:
    from stdpnet.conversion.graph.rates import SoftLIF

    try:
        return [SoftLIF(tau_rc=float(value) * 1e-3) for value in values or ["50"]]
    except ValueError:  # a ConversionError is one
        raise ConfigError(f"time constants are {' '.join(values)}; expected numbers above 0, in ms") from None


def _run(paths: Sequence[str]) -> Any:
    from stdpnet.experiments.stdp.run_folder import RunFolder

    folder = RunFolder(paths[0])
    folder.config()  # not a run folder: say so before drawing
    return folder


def _runs(paths: Sequence[str]) -> Any:
    from stdpnet.experiments.sweeps.found_runs import find_runs

    return find_runs(paths)


def _sweep(paths: Sequence[str]) -> Any:
    from stdpnet.experiments.sweeps.paired import read_sweep

    return read_sweep(paths[0])


def _conversions(paths: Sequence[str]) -> dict[str, Any]:
    from stdpnet.experiments.conversion.folder import ConversionFolder

    return {path: ConversionFolder(path).report() for path in paths}


def _conversion(paths: Sequence[str]) -> tuple[Any, Any]:
    from stdpnet.experiments.conversion.folder import ConversionFolder

    folder = ConversionFolder(paths[0])
    return folder.report(), folder.histograms()


def _spiking(paths: Sequence[str]) -> dict[str, Any]:
    from stdpnet.experiments.backprop.folder import SpikingFolder
    from stdpnet.experiments.conversion.folder import ConversionFolder

    found = {}
    for path in paths:
        converted = ConversionFolder(path)
        found[path] = converted.report() if converted.report_file.exists() else _evaluated(SpikingFolder(path))
    return found


def _evaluated(folder: Any) -> Any:
    folder.config()  # not a folder of such a training: say so
    return folder.evaluation()


#: In an animation: the steps of a colour scale, and the greys of letters.
GIF_COLOURS = 32

#: What a figure can take: how many folders, what they are, and what reads them.
INPUTS: dict[str, tuple[int | str, Callable[[], str], Callable[[Sequence[str]], Any]]] = {
    "run": (1, lambda: f"run folder of {called('train')}", _run),
    "runs": ("+", lambda: f"run folders of {called('train')}, or folders with run folders in them", _runs),
    "sweep": (1, lambda: f"folder of {called('sweep')}", _sweep),
    "conversions": ("+", lambda: f"folder of {called('convert')}", _conversions),
    "conversion": (1, lambda: f"folder of {called('convert')}", _conversion),
    "spiking": ("+", lambda: f"folder of {called('train-spiking')} or {called('convert')}", _spiking),
    "curves": ("*", lambda: "time constant of the potential, in ms (default: 50, that of the paper)", _curves),
    "rules": ("+", lambda: "name of a rule, or a .toml file that declares one", _rules),
}


def plot_command(arguments: Sequence[str] | None = None) -> None:
    """Draw a figure, or say which figures there are.

    Parameters
    ----------
    arguments : sequence of str, optional
        The figure's name and its arguments; default: those of the process.

    Raises
    ------
    ConfigError
        When there is no such figure, or the picture has an unknown format.
    RunFolderError
        When a folder is not what the figure takes.
    """
    name, *rest = [*(sys.argv[1:] if arguments is None else arguments), ""]
    if name in ("", "-h", "--help"):
        print(overview())
        return
    draw_figure(name, rest[:-1])


def overview() -> str:
    """Return the list of the figures, with what each shows."""
    plot = called("plot")
    return (
        f"usage: {plot} NAME FOLDER ... [--out FILE] [--show]\n\nDraw what is in run folders. NAME is one of\n\n"
        f"{_listed()}\n\nEach has its own help, such as {plot} raster --help\n\n"
        f"example:\n  {plot} receptive-fields {FIGURES['receptive-fields'].example}"
    )


def _listed() -> str:
    return "\n".join(f"  {name}\n      {figure.about}" for name, figure in FIGURES.items())


def draw_figure(name: str, arguments: Sequence[str] | None = None) -> None:
    """Draw one figure as its command line asks; errors are those of `plot_command`.

    Parameters
    ----------
    name : str
        One of `FIGURES`.
    arguments : sequence of str, optional
        Default: those of the process.
    """
    known = name.replace("_", "-")
    if known not in FIGURES:
        raise ConfigError(f"unknown figure {name!r}{did_you_mean(known, FIGURES)}: expected one of\n{_listed()}")
    figure = FIGURES[known]
    named = {"rules": "RULE", "curves": "TAU"}
    place, metavar = "this folder" if figure.takes in named else "the (first) folder", named.get(figure.takes, "FOLDER")
    file = f"{known.replace('-', '_')}{figure.formats[0]}"
    n, about, read = INPUTS[figure.takes]
    parser = command_parser(f"plot {known}", figure.about, figure.example)
    parser.add_argument("paths", metavar=metavar, nargs=n, help=about())
    for flag, details in (figure.flags or {}).items():
        parser.add_argument(flag, **details)
    parser.add_argument("--out", metavar="FILE", help=f"write it there, not to {file} in {place}")
    parser.add_argument("--show", action="store_true", help="open a window as well")
    args = parser.parse_args(arguments)
    path = Path(args.out or file) if args.out or figure.takes in named else Path(args.paths[0]) / file
    if path.suffix not in figure.formats:
        raise ConfigError(f"--out is {args.out}; expected a name that ends in {', '.join(figure.formats)}")
    options = {name: value for name, value in vars(args).items() if name not in ("paths", "out", "show")}
    _save(figure, read(args.paths), options, path, args.show)


def _save(figure: Figure, what: Any, options: dict[str, Any], path: Path, show: bool) -> None:
    import matplotlib

    from stdpnet.base import files
    from stdpnet.experiments.results_folder import ResultsFolder

    ResultsFolder(path.parent).prepare()
    if not show:
        matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from stdpnet.plots.style import STYLE

    with plt.rc_context(STYLE):
        drawn = importlib.import_module(f"stdpnet.plots.{figure.module}").draw(what, **options)
        files.write_atomically(path, lambda file: _write(drawn, path.suffix, file))
    print(path)
    if show:
        plt.show()


def _write(drawn: Any, suffix: str, file: IO[bytes]) -> None:
    if suffix != ".gif":
        drawn.savefig(file, format=suffix[1:], dpi=150, bbox_inches="tight")
        return
    with TemporaryDirectory() as scratch:  # matplotlib takes the format from the name
        drawn.save(f"{scratch}/frames.gif", writer="pillow", dpi=100)
        _write_again(Path(scratch, "frames.gif"), file)


def _write_again(animation: Path, file: IO[bytes]) -> None:
    """Write a GIF with the same few colours in all frames: it takes a third of the size."""
    from PIL import Image, ImageSequence

    with Image.open(animation) as read:
        frames = [(frame.convert("RGB"), frame.info["duration"]) for frame in ImageSequence.Iterator(read)]
    palette = frames[-1][0].quantize(GIF_COLOURS)
    first, *others = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame, _ in frames]
    durations = [duration for _, duration in frames]
    first.save(file, "GIF", save_all=True, append_images=others, duration=durations, loop=0)


def figure_script(name: str) -> int:
    """Run a script of ``analysis/`` and return its exit code.

    Parameters
    ----------
    name : str
        The figure, one of `FIGURES`.

    Returns
    -------
    int
    """
    return run_main(lambda arguments: draw_figure(name, arguments))
