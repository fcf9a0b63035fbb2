"""Progress bars, quiet enough for log files."""

import sys

from tqdm import tqdm


def progress_bar(
    total: int, initial: int, what: str, show: bool = True, unit: str = "img", position: int | None = None
) -> tqdm:
    """Return a bar over images or other units; where there is no terminal it prints a line every half minute.

    Parameters
    ----------
    total, initial : int
        Units in all, and those done before.
    what : str
        The word before the bar.
    show : bool
        False prints nothing.
    unit : str
    position : int, optional
        Its line, below others; it disappears when it is closed. Default: one that stays.

    Returns
    -------
    tqdm.tqdm
        A context manager; ``update(n)`` moves it on.

    Examples
    --------
    >>> with progress_bar(60, 0, "training", show=False) as bar:
    ...     moved = bar.update(20)
    """
    return tqdm(
        total=total,
        initial=initial,
        desc=what,
        unit=unit,
        disable=not show,
        mininterval=0.2 if sys.stderr.isatty() else 30,
        dynamic_ncols=True,
        position=position,
        leave=position is None,
    )
