"""The command lines that the scripts in ``analysis/`` share: read run folders, draw, save, perhaps show."""

import argparse
from pathlib import Path

import matplotlib

from stdpnet.base import files
from stdpnet.base.errors import ConfigError
from stdpnet.commands.process import run_main
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.found_runs import find_runs
from stdpnet.plots.style import STYLE

FORMATS = (".png", ".pdf", ".svg")


def figure_script(description, name, draw, add_arguments=None):
    """Run an analysis script that looks at one run, and return its exit code.

    Parameters
    ----------
    description : str
        For ``--help``.
    name : str
        File name of the picture in the run folder.
    draw : callable
        ``draw(folder, args)`` takes a `RunFolder` and returns a matplotlib figure.
    add_arguments : callable, optional
        Called with the parser.
    """

    def add_folder(parser):
        parser.add_argument("folders", metavar="FOLDER", nargs=1, help="run folder of runs/train.py")

    return _script(description, name, draw, [add_folder, add_arguments], _one_run)


def comparison_script(description, name, draw, add_arguments=None):
    """Run an analysis script that compares runs, and return its exit code.

    Parameters are those of `figure_script`, but ``draw(runs, args)`` takes a list of `Run`,
    and the picture goes into the first folder given.
    """

    def add_folders(parser):
        about = "run folders of runs/train.py, or folders with run folders in them"
        parser.add_argument("folders", metavar="FOLDER", nargs="+", help=about)

    return _script(description, name, draw, [add_folders, add_arguments], find_runs)


def conversion_script(description, name, draw, read, n="+"):
    """Run an analysis script that looks at conversions, and return its exit code.

    Parameters
    ----------
    description, name : str
        As for `figure_script`; the picture goes into the first folder.
    draw : callable
        ``draw(read(folders), args)`` returns a matplotlib figure.
    read : callable
        Takes a list of paths.
    n : int or "+"
        How many folders there may be.
    """

    def add_folders(parser):
        parser.add_argument("folders", metavar="FOLDER", nargs=n, help="folder of runs/convert.py")

    return _script(description, name, draw, [add_folders], read)


def _one_run(paths):
    folder = RunFolder(paths[0])
    folder.config()  # not a run folder: say so before drawing
    return folder


def _script(description, name, draw, add_arguments, read):
    def main(arguments):
        parser = argparse.ArgumentParser(description=description)
        for add in filter(None, add_arguments):
            add(parser)
        parser.add_argument("--out", metavar="FILE", help=f"write it there, not to {name} in the (first) folder")
        parser.add_argument("--show", action="store_true", help="open a window as well")
        args = parser.parse_args(arguments)
        path = Path(args.out) if args.out else Path(args.folders[0]) / name
        if path.suffix not in FORMATS:
            raise ConfigError(f"--out is {args.out}; expected a name that ends in {', '.join(FORMATS)}")
        runs = read(args.folders)
        options = {name: value for name, value in vars(args).items() if name not in ("folders", "out", "show")}
        RunFolder(path.parent).prepare()
        if not args.show:
            matplotlib.use("Agg")
        import matplotlib.pyplot as plt

        with plt.rc_context(STYLE):
            figure = draw(runs, **options)
            files.write_atomically(
                path, lambda file: figure.savefig(file, format=path.suffix[1:], dpi=150, bbox_inches="tight")
            )
        print(path)
        if args.show:
            plt.show()

    return run_main(main)
