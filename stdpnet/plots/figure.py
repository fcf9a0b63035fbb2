"""The command line that all scripts in ``analysis/`` share: read a run folder, draw, save, perhaps show."""

import argparse
import os

import matplotlib

from stdpnet.commandline import run_main
from stdpnet.runfolder import RunFolder


def figure_script(description, name, draw, add_arguments=None):
    """Run an analysis script and return its exit code.

    Parameters
    ----------
    description : str
        For ``--help``.
    name : str
        File name of the picture in the run folder.
    draw : callable
        ``draw(folder, args)`` returns a matplotlib figure.
    add_arguments : callable, optional
        Called with the parser.
    """

    def main(arguments):
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("run", metavar="FOLDER", help="run folder of runs/train.py")
        parser.add_argument("--show", action="store_true", help="open a window as well")
        if add_arguments:
            add_arguments(parser)
        args = parser.parse_args(arguments)
        if not args.show:
            matplotlib.use("Agg")
        folder = RunFolder(args.run)
        folder.config()  # not a run folder: say so before drawing
        figure = draw(folder, args)
        folder.prepare()
        path, unfinished = folder.path / name, folder.path / f".{os.getpid()}-{name}"
        figure.savefig(unfinished, dpi=150, bbox_inches="tight")
        unfinished.replace(path)
        print(path)
        if args.show:
            import matplotlib.pyplot as plt

            plt.show()

    return run_main(main)
