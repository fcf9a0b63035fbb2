"""A command as a process: how it was started, its parser, exit codes, one line for an error, interruption."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stdpnet.base.errors import StdpnetError


def called(command: str) -> str:
    """Return how a command is typed, in the way in which this process was started.

    Parameters
    ----------
    command : str
        As after ``stdpnet``: ``"train"``, or ``"plot raster"``.

    Returns
    -------
    str
        ``stdpnet train``, ``python -m stdpnet train``, or, where a script of the checkout was started,
        ``python runs/train.py``.

    Examples
    --------
    >>> called("plot learning-curve")
    'stdpnet plot learning-curve'
    """
    program = Path(sys.argv[0])
    if program.suffix == ".py" and program.parent.name in ("runs", "analysis"):
        *plot, name = command.replace("-", "_").split()
        return f"python {'analysis' if plot else 'runs'}/{name}.py"
    if program.name == "__main__.py" and program.parent.name == "stdpnet":
        return f"python -m stdpnet {command}"
    return f"stdpnet {command}"


class HelpFormatter(argparse.HelpFormatter):
    """Keeps the line of an example whole, so that it can be copied."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if text.startswith("example") else super()._fill_text(text, width, indent)


def command_parser(command: str, description: str, example: str, **options: Any) -> argparse.ArgumentParser:
    """Return the parser of a command, whose help ends with an example.

    Parameters
    ----------
    command : str
        As for `called`.
    description, example : str
        What the command does, and arguments that one could give.
    **options
        Of `argparse.ArgumentParser`. A ``usage`` goes after the name of the command.
    """
    program = called(command)
    if "usage" in options:
        options["usage"] = f"{program} {options['usage']}"
    return argparse.ArgumentParser(
        prog=program,
        description=description,
        epilog=f"example:\n  {program} {example}",
        formatter_class=HelpFormatter,
        **options,
    )


def run_main(main: Callable[[Sequence[str] | None], Any], arguments: Sequence[str] | None = None) -> int:
    """Run a command: expected errors become one line and exit code 2, an interruption code 130.

    Parameters
    ----------
    main : callable
        Called with `arguments`.
    arguments : sequence of str, optional
        Default: those of the process.

    Returns
    -------
    int
        The exit code.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # as in `stdpnet info | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (StdpnetError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except MemoryError as error:
        print(f"error: not enough memory: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0


@contextmanager
def interruption(advice: str, begun: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """End the process when the block is interrupted, with advice how to go on if there is something to go on from.

    Parameters
    ----------
    advice : str
    begun : callable, optional
        Tells whether there is.
    """
    try:
        yield
    except KeyboardInterrupt:
        print(f"interrupted; {advice}" if begun() else "interrupted", file=sys.stderr)
        sys.exit(130)


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt
