"""What each mechanism is worth: accuracy without it less that of the whole network, paired by seed, for each rule."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.base.errors import RunFolderError
from stdpnet.experiments.sweeps.mechanisms import MECHANISMS
from stdpnet.experiments.sweeps.paired import over_seeds
from stdpnet.plots.style import caption, rule_styles


def plot_differences(rows: Sequence[Mapping[str, Any]], ax: Axes | None = None) -> Axes:
    """Draw means and standard deviations over the seeds, a line for each mechanism.

    Parameters
    ----------
    rows : sequence of dict
        Of one size, from `stdpnet.experiments.sweeps.paired.over_seeds`.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        With labelled points for each rule.

    Examples
    --------
    >>> row = {"rule": "triplet", "neurons": 100, "without": "delays", "seeds": 3, "difference": -0.5}
    >>> ax = plot_differences([row | {"difference_sd": 0.2}], plt.figure().gca())
    >>> ax.containers[0][0].get_xdata(), [label.get_text() for label in ax.get_yticklabels()]
    (array([-0.5]), ['delays'])
    """
    ax = ax or plt.gca()
    found = {(row["rule"], row["without"]): row for row in rows if "difference" in row}
    names = [name for name in MECHANISMS if any(name == lacking for _, lacking in found)]
    styles = rule_styles({rule for rule, _ in found})
    for k, (rule, (colour, marker)) in enumerate(styles.items()):
        mine = [found[rule, name] for name in names if (rule, name) in found]
        lines = np.array([names.index(row["without"]) for row in mine]) + 0.15 * (k - (len(styles) - 1) / 2)
        means, sds = (np.array([row[column] for row in mine]) for column in ("difference", "difference_sd"))
        ax.errorbar(means, lines, xerr=sds, color=colour, marker=marker, linestyle="", label=rule)
    ax.axvline(0, color="0.6", linewidth=0.8, zorder=0)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("accuracy without it, less that of the whole network (percentage points)")
    ax.grid(axis="x", alpha=0.3)
    return ax


def write_beside(rows: Sequence[Mapping[str, Any]], ax: Axes) -> None:
    """Write the numbers of `plot_differences` beside it, a column for each rule."""
    found = {(row["rule"], row["without"]): row for row in rows if "difference" in row}
    names = [label.get_text() for label in ax.get_yticklabels()]
    for k, (rule, (colour, _)) in enumerate(rule_styles({rule for rule, _ in found}).items()):
        place: dict[str, Any] = {"ha": "right", "va": "center", "fontsize": 9, "color": colour}
        x = 1.17 + 0.19 * k
        ax.text(x, 1.02, rule, transform=ax.transAxes, **place)
        for y, name in enumerate(names):
            text = _number(found[rule, name]) if (rule, name) in found else "\N{EN DASH}"
            ax.text(x, y, text, transform=ax.get_yaxis_transform(), **place)


def _number(row: Mapping[str, Any]) -> str:
    spread = f" ± {row['difference_sd']:.1f}" if row["seeds"] > 1 else ""
    return f"{round(row['difference'], 1) + 0:.1f}{spread}".replace("-", "\N{MINUS SIGN}")


def draw(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Return the figure of a sweep of networks that lack something.

    Parameters
    ----------
    rows : sequence of dict
        Of its table, see `stdpnet.experiments.sweeps.paired.read_sweep`.

    Raises
    ------
    RunFolderError
        When no network that lacks something is finished beside its whole one, or there are several sizes.
    """
    means = over_seeds(rows)
    sizes = {row["neurons"] for row in means if "difference" in row}
    if not sizes:
        raise RunFolderError(
            "no network that lacks a mechanism is finished beside the whole one of its seed; expected a sweep with "
            "--without"
        )
    if len(sizes) > 1:
        raise RunFolderError(f"networks of {', '.join(map(str, sorted(sizes)))} neurons; expected those of one size")
    figure, ax = plt.subplots(figsize=(12, 1.5 + 0.55 * len({row["without"] for row in means})), layout="constrained")
    plot_differences(means, ax)
    write_beside(means, ax)
    ax.legend(loc="lower left", fontsize=9)
    caption(figure, _below(means, rows, *sizes))
    return figure


def _below(means: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], neurons: int) -> str:
    whole = ", ".join(f"{row['rule']} {row['accuracy']:.1f} %" for row in means if not row["without"])
    seeds = sorted({row["seeds"] for row in means})
    counted = {name: next(row[name] for row in rows if name in row) for name in ("n_label_images", "n_test_images")}
    presented = sorted({row["presentations"] for row in rows if "presentations" in row})
    several = f"mean ± sd of {' to '.join(map(str, seeds))} seeds, paired" if seeds[-1] > 1 else "one run each"
    return (
        f"{neurons:,} neurons, {' to '.join(f'{n:,}' for n in presented)} presentations, names from "
        f"{counted['n_label_images']:,} training images, {counted['n_test_images']:,} test images; {several}. "
        f"\N{EN DASH}: the network has no such mechanism.\nThe whole networks: {whole}."
    )
