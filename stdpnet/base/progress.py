"""Progress bars, quiet enough for log files."""

import sys

from tqdm import tqdm


def progress_bar(total, initial, what, show=True, unit="img"):
    """Return a tqdm bar over images or other units; where there is no terminal it prints a line every half minute."""
    return tqdm(
        total=total,
        initial=initial,
        desc=what,
        unit=unit,
        disable=not show,
        mininterval=0.2 if sys.stderr.isatty() else 30,
        dynamic_ncols=True,
    )
