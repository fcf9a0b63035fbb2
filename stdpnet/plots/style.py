"""What all figures share: sizes, and a colour and a marker for each rule.

The colours are those of Okabe & Ito (2008), which colour-blind eyes can tell apart.
"""

from collections.abc import Iterable
from typing import Any

from matplotlib.figure import Figure

STYLE: dict[Any, Any] = {
    "figure.dpi": 100,
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.markersize": 6,
    "errorbar.capsize": 3,
}

#: As in Fig. 2B of the paper: black, red, green, blue.
RULE_STYLES = {
    "power-law": ("#000000", "o"),
    "exponential": ("#D55E00", "s"),
    "pre-and-post": ("#009E73", "^"),
    "triplet": ("#0072B2", "D"),
}

#: Of lines that are no rules.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

OTHERS = (("#CC79A7", "v"), ("#E69F00", "P"), ("#56B4E9", "X"))


def rule_styles(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return a colour and a marker for each rule, those of the package first, then the others by name.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    dict of str to tuple of str

    Examples
    --------
    >>> rule_styles(["mine", "triplet"])
    {'triplet': ('#0072B2', 'D'), 'mine': ('#CC79A7', 'v')}
    """
    names = set(names)
    others = {name: OTHERS[k % len(OTHERS)] for k, name in enumerate(sorted(names - set(RULE_STYLES)))}
    return {name: style for name, style in RULE_STYLES.items() if name in names} | others


def caption(figure: Figure, text: str) -> None:
    """Write small print below a figure with a constrained layout: where the numbers come from."""
    figure.supxlabel(text, fontsize=7, color="0.35", x=0.01, ha="left")
