"""What is said about a data set: one line for each thing that was done to it, once in a process."""

import logging

log = logging.getLogger("stdpnet.datasets")

#: Lines that were said already.
SAID: set[str] = set()


def say(where: str, text: str) -> None:
    """Warn of what was done to a data set, unless the same line was said before."""
    line = f"{where}: {text}"
    if line not in SAID:
        SAID.add(line)
        log.warning("%s", line)
