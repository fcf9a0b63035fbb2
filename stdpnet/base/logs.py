"""Where the package's messages go: the terminal, and the log file of a folder."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOGGER = logging.getLogger("stdpnet")


def log_to(path: str | Path | None = None) -> None:
    """Send the package's messages to the terminal and, from debug level, to a file.

    Handlers from an earlier call are taken away: the commands call it once, a library never.

    Parameters
    ----------
    path : str or Path, optional
        Is appended to.
    """
    LOGGER.setLevel(logging.DEBUG)
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.INFO)
    terminal.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.addHandler(terminal)
    if path:
        LOGGER.addHandler(_file(path))


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
