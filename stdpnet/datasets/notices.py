"""What is said about a data set: one line for each thing that was done to it, once in a process."""

import logging

log = logging.getLogger("stdpnet.datasets")

#: Lines that were said already, and of which data set.
SAID: dict[str, str] = {}


def say(where: str, text: str) -> None:
    """Warn of what was done to a data set, unless the same line was said before."""
    line = f"{where}: {text}"
    if line not in SAID:
        SAID[line] = where
        log.warning("%s", line)


def said_of(where: str) -> list[str]:
    """Return what was said of a data set in this process."""
    return [line for line, about in SAID.items() if about == where]
