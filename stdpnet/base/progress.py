"""Progress bars; where there is no terminal, lines now and then."""

import sys
from typing import TextIO

from tqdm import tqdm


class Lines:
    """A file that gets each state of a bar as a line, without what moves a cursor.

    Parameters
    ----------
    file : text file
    """

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def write(self, text: str) -> None:
        """Write what is to be read of a text."""
        if line := text.strip():
            self.file.write(f"{line}\n")

    def flush(self) -> None:
        """Flush the file."""
        self.file.flush()


def progress_bar(
    total: int, initial: int, what: str, show: bool = True, position: int | None = None, text: str = ""
) -> tqdm:
    """Return a bar over images; where there is no terminal it prints a line every half minute.

    Parameters
    ----------
    total, initial : int
        Images in all, and those done before.
    what : str
        The word before the bar.
    show : bool
        False prints nothing.
    position : int, optional
        Its line, below others; it disappears when it is closed. Default: one that stays.
    text : str
        What stands at its end at first.

    Returns
    -------
    tqdm.tqdm
        A context manager; ``update(n)`` moves it on.

    Examples
    --------
    >>> with progress_bar(60, 0, "training", show=False) as bar:
    ...     moved = bar.update(20)
    """
    terminal = sys.stderr.isatty()
    return tqdm(
        file=None if terminal else Lines(sys.stderr),
        total=total,
        initial=initial,
        desc=what,
        unit="img",
        postfix=text,
        disable=not show,
        mininterval=0.2 if terminal else 30,
        dynamic_ncols=True,
        position=position,
        leave=position is None,
    )
