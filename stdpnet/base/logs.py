"""Where the package's messages go: the terminal, and the log file of a folder."""

import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOGGER = logging.getLogger("stdpnet")


#: More messages than any command has before its folder is there.
MANY = 10_000


def remember() -> None:
    """Keep the package's messages for the log file of the next `log_to`: for what is said before there is a folder."""
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.addHandler(logging.handlers.MemoryHandler(MANY, logging.CRITICAL + 1))


def log_to(path: str | Path | None = None) -> None:
    """Send the package's messages to the terminal and, from debug level, to a file.

    Handlers from an earlier call are taken away: the commands call it once, a library never.

    Parameters
    ----------
    path : str or Path, optional
        Is appended to.
    """
    LOGGER.setLevel(logging.DEBUG)
    kept = []
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
        kept += handler.buffer if isinstance(handler, logging.handlers.MemoryHandler) else []
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.INFO)
    terminal.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.addHandler(terminal)
    if path:
        file = _file(path)
        LOGGER.addHandler(file)
        for record in kept:
            file.handle(record)


@contextmanager
def logging_into(path: str | Path) -> Iterator[None]:
    """Send the package's messages, from debug level, to a file as well, within a ``with`` block.

    Parameters
    ----------
    path : str or Path
        Is appended to.

    Yields
    ------
    None
    """
    file = _file(path)
    # a logger without handlers shows warnings on the terminal; one with a file would not any more
    added = [file] if LOGGER.hasHandlers() or not logging.lastResort else [file, logging.lastResort]
    LOGGER.setLevel(logging.DEBUG)
    for handler in added:
        LOGGER.addHandler(handler)
    try:
        yield
    finally:
        for handler in added:
            LOGGER.removeHandler(handler)
        file.close()


class _LogFile(logging.FileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: a full disk is reported by what fills it."""


def _file(path: str | Path) -> logging.FileHandler:
    handler = _LogFile(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler
