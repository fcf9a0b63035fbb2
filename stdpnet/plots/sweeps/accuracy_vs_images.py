"""Running accuracy against the training images shown, with the paper's Fig. 2C beside it."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from stdpnet.experiments.stdp.metrics import RUNNING_HALF_LIFE
from stdpnet.experiments.sweeps.found_runs import Run, with_metrics
from stdpnet.experiments.sweeps.seeds import by_settings
from stdpnet.plots.style import caption, rule_styles
from stdpnet.plots.sweeps import paper

#: Images over which the accuracy is averaged, as in the paper.
WINDOW = 10_000
DASHES: tuple[Any, ...] = ("-", "--", "-.", (0, (1, 1)))


def over_last(shown: np.ndarray, accuracy: np.ndarray, n: int = WINDOW) -> np.ndarray:
    """Return at each point the mean of the accuracy over the last `n` images, or over as many as there are.

    Parameters
    ----------
    shown : ndarray of int
        Images shown by the end of each batch, ascending.
    accuracy : ndarray
        Of each batch; NaN counts as not measured.
    n : int

    Returns
    -------
    ndarray
        NaN where nothing is measured yet.

    Examples
    --------
    >>> over_last(np.array([10, 20, 30]), np.array([0.2, 0.4, 0.8]), 20)
    array([0.2, 0.3, 0.6])
    """
    measured = ~np.isnan(accuracy)
    images = np.diff(shown, prepend=0) * measured
    begin = np.searchsorted(shown, shown - n, side="right")  # the first batch that counts

    def total(values: np.ndarray) -> np.ndarray:
        cumulated = np.concatenate([[0], np.cumsum(values)])
        return cumulated[1:] - cumulated[begin]

    counted = total(images)
    right = total(images * np.where(measured, accuracy, 0))
    return np.divide(right, counted, out=np.full(len(shown), np.nan), where=counted > 0)


def plot_running_accuracy(
    curves: Sequence[tuple[np.ndarray, np.ndarray]], ax: Axes | None = None, **style: Any
) -> Axes:
    """Draw the mean of several seeds' learning curves, and their standard deviation as a band.

    Parameters
    ----------
    curves : list of (ndarray, ndarray)
        Images shown and running accuracy (0 to 1) of each seed. The mean is taken where all have a value.
    ax : matplotlib.axes.Axes, optional
    **style
        Of the line: colour, label, ...

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> seeds = [(np.array([1000, 2000]), np.array(accuracy)) for accuracy in ([0.5, 0.7], [0.6, 0.8])]
    >>> ax = plot_running_accuracy(seeds, plt.figure().gca(), label="triplet")
    >>> ax.lines[0].get_ydata()
    array([55., 75.])
    """
    ax = ax or plt.gca()
    known = [dict(zip(shown[~np.isnan(a)], 100 * a[~np.isnan(a)], strict=True)) for shown, a in curves]
    shown = sorted(set.intersection(*(set(curve) for curve in known)))
    values = np.array([[curve[x] for x in shown] for curve in known])
    (line,) = ax.plot(shown, values.mean(axis=0), marker="." if len(shown) < 30 else "", **style)
    if len(curves) > 1:
        mean, sd = values.mean(axis=0), values.std(axis=0, ddof=1)
        ax.fill_between(shown, mean - sd, mean + sd, color=line.get_color(), alpha=0.2, linewidth=0)
    return ax


def plot_paper(ax: Axes | None = None) -> Axes:
    """Add the points of Fig. 2C of Diehl & Cook 2015, in per cent.

    Examples
    --------
    >>> ax = plot_paper(plt.figure().gca())
    >>> ax.get_legend_handles_labels()[1]
    ['paper, 1,600 neurons']
    """
    ax = ax or plt.gca()
    points: dict[str, Any] = {"marker": "o", "markerfacecolor": "white", "linestyle": ":", "color": "0.4"}
    ax.plot([*paper.RUNNING_ACCURACY], [*paper.RUNNING_ACCURACY.values()], label="paper, 1,600 neurons", **points)
    ax.axhline(paper.PLATEAU, color="0.4", linewidth=0.8, linestyle=":")
    ax.annotate(
        f"paper's plateau, {paper.PLATEAU} %",
        (0.01, paper.PLATEAU),
        (0, 2),
        fontsize=8,
        color="0.4",
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
    )
    return ax


def draw(runs: list[Run]) -> Figure:
    """Return the figure of runs, finished or not; seeds of one configuration make one line.

    A cross ends the line of one that stopped before the end of its training.

    Raises
    ------
    RunFolderError
        When no batch has finished, or two runs are the same.
    """
    groups = by_settings(with_metrics(runs))
    styles = rule_styles(run.rule for run in runs)
    lines_of: dict[str, int] = {}
    figure, ax = plt.subplots(figsize=(9, 5), layout="constrained")
    for label, group in groups.items():
        rule = group[0].rule
        lines_of[rule] = lines_of.get(rule, -1) + 1
        series = [run.folder.series("presented", "running_accuracy") for run in group]
        curves = [(shown, over_last(shown, accuracy)) for shown, accuracy in series]
        seeds = f" ({len(group)} seeds)" if len(group) > 1 else ""
        style = {"color": styles[rule][0], "linestyle": DASHES[lines_of[rule] % len(DASHES)]}
        early = any(run.folder.stopped_early() for run in group)
        plot_running_accuracy(curves, ax, label=label + seeds + ", stopped early" * early, **style)
        if early:
            ends = [np.asarray(values)[-1:] for values in ax.lines[-1].get_data()]
            ax.plot(*ends, "x", color=style["color"], markersize=9, markeredgewidth=2)
    with_paper = paper.fits(run for group in groups.values() for run in group)
    if with_paper:
        plot_paper(ax)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x / 1000:g}k")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel="training images shown", ylabel="running accuracy (%)", ylim=(None, 100))
    ax.grid(axis="y", alpha=0.3)
    figure.legend(loc="outside right upper")
    caption(
        figure,
        f"Accuracy on the last {WINDOW:,} training images, as they are learned from, with names that earlier ones gave "
        f"to the neurons\n(half-life {RUNNING_HALF_LIFE:,} images{f'; paper: the {WINDOW:,} before' * with_paper}). "
        "Bands: ±1 sd of the seeds." + f" Open circles: {paper.SOURCE}, Fig. 2C, read by eye." * with_paper,
    )
    return figure
