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
def interruption(advice):
    """End the process, with advice how to go on, when the block is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"interrupted; {advice}", file=sys.stderr)
        sys.exit(130)


def _interrupt(signum, frame):
    raise KeyboardInterrupt
