"""A command as a process: exit codes, one line for an expected error, interruption."""

import signal
import sys
from contextlib import contextmanager

from stdpnet.base.errors import StdpnetError


def run_main(main, arguments=None):
    """Run a script: expected errors become one line and exit code 2, an interruption code 130."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        main(arguments)
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
def interruption(advice, begun=lambda: True):
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


def _interrupt(signum, frame):
    raise KeyboardInterrupt
