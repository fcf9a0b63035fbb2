"""Progress bars, quiet enough for log files."""

import sys

from tqdm import tqdm


def progress_bar(total, initial, what, show=True):
    """Return a tqdm bar over images; where there is no terminal it prints a line every half minute."""
    return tqdm(
        total=total,
        initial=initial,
        desc=what,
        unit="img",
        disable=not show,
        mininterval=0.2 if sys.stderr.isatty() else 30,
        dynamic_ncols=True,
    )
