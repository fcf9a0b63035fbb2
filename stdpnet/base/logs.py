"""Where the package's messages go: the terminal, and the log file of a folder."""

import logging
from contextlib import contextmanager

LOGGER = logging.getLogger("stdpnet")


def log_to(path=None):
    """Send the package's messages to the terminal and, from debug level, to a file."""
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
def logging_into(path):
    """Send the package's messages to a file as well."""
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


def _file(path):
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler
