"""Converted networks: accuracy after every time step, of values their error, and error against operations."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.report.tradeoff import error_of
from stdpnet.plots.style import RULE_STYLES, caption

ERROR = "root mean squared error on test images"
COLOURS = [colour for colour, _ in list(RULE_STYLES.values())[::-1]]


def plot_accuracy(report: dict[str, Any], label: str, colour: str, ax: Axes | None = None) -> Axes:
    """Draw the spiking network's accuracy after every step, with its 95 % interval, and the analogue one's as a line.

    Of values it is the root mean squared error, without an interval.

    Parameters
    ----------
    report : dict
        Of a conversion.
    label, colour : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> curve = [{"step": 1, "accuracy": 0.5, "confidence_interval_95": [0.4, 0.6]}]
    >>> ax = plot_accuracy({"curve": curve, "analogue": {"accuracy": 0.9}}, "mine", "black", plt.figure().gca())
    >>> ax.get_legend_handles_labels()[1], ax.lines[-1].get_ydata().tolist()
    (['mine'], [50.0])
    """
    ax = ax or plt.gca()
    curve = report["curve"]
    steps, valued = [row["step"] for row in curve], of_values(report)
    if valued:
        found, own = [row["error"] for row in curve], report["analogue"]["error"]
    else:
        found, own = [100 * row["accuracy"] for row in curve], 100 * report["analogue"]["accuracy"]
        low, high = 100 * np.array([row["confidence_interval_95"] for row in curve]).T
        ax.fill_between(steps, low, high, color=colour, alpha=0.15, linewidth=0)
    ax.axhline(own, color=colour, linestyle="--", linewidth=1)
    ax.plot(steps, found, color=colour, label=label)
    ax.set_xscale("log")
    _plain_ticks(ax.xaxis)
    ax.set(xlabel="time steps", ylabel=ERROR if valued else "accuracy on test images (%)")
    return ax


def plot_error_against_operations(report: dict[str, Any], label: str, colour: str, ax: Axes | None = None) -> Axes:
    """Draw the spiking network's error against its operations, as a part of the analogue one's; see `plot_accuracy`.

    A cross marks the analogue network, a dot the last step with at most half of its operations.

    Parameters
    ----------
    report : dict
        Of a conversion.
    label, colour : str
    ax : matplotlib.axes.Axes, optional

    Examples
    --------
    >>> report = {
    ...     "curve": [{"relative_operations": 0.25, "accuracy": 0.75}],
    ...     "analogue": {"accuracy": 0.9},
    ...     "tradeoff": {"at_half_the_operations": {"relative_operations": 0.25, "error": 25.0}},
    ... }
    >>> ax = plot_error_against_operations(report, "mine", "black", plt.figure().gca())
    >>> ax.lines[0].get_xydata().tolist()
    [[0.25, 25.0]]
    """
    ax = ax or plt.gca()
    curve = report["curve"]
    relative = [row["relative_operations"] for row in curve]
    ax.plot(relative, [error_of(row) for row in curve], color=colour, label=label)
    ax.plot(1, error_of(report["analogue"]), "x", color=colour, markersize=9, markeredgewidth=2)
    half = report["tradeoff"]["at_half_the_operations"]
    if half:
        ax.plot(half["relative_operations"], half["error"], "o", color=colour)
    ax.set_xscale("log")
    ax.set_yscale("log")
    _plain_ticks(ax.xaxis)
    _plain_ticks(ax.yaxis)
    ax.set(
        xlabel="operations, relative to the analogue network",
        ylabel=ERROR if of_values(report) else "error on test images (%)",
    )
    return ax


def of_values(report: dict[str, Any]) -> bool:
    """Tell whether the outputs of a converted network are values, not classes."""
    return "error" in report["analogue"]


def draw(reports: Mapping[str, dict[str, Any]]) -> Figure:
    """Return the figure of some conversions.

    Parameters
    ----------
    reports : mapping of str to dict
        Of `ConversionFolder.report`, by the path of the folder, whose name is the label.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConversionError
        When some are of classes, and others of values.
    """
    if len({of_values(report) for report in reports.values()}) > 1:
        raise ConversionError("some of the conversions are of classes, others of values; expected one kind in a figure")
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    for number, (path, report) in enumerate(reports.items()):
        label, colour = path.rstrip("/").rsplit("/", 1)[-1], COLOURS[number % len(COLOURS)]
        plot_accuracy(report, label, colour, axes[0])
        plot_error_against_operations(report, label, colour, axes[1])
    if not any(map(of_values, reports.values())):
        best = max(report["analogue"]["accuracy"] for report in reports.values())
        axes[0].set_ylim(100 * best - 5, min(100 * best + 0.5, 100))
    axes[1].axvline(1, color="0.8", linewidth=1, zorder=0)
    axes[0].legend(loc="upper right" if any(map(of_values, reports.values())) else "lower right")
    counts = sorted({report["n_test_images"] for report in reports.values()})
    caption(
        figure,
        f"{', '.join(f'{n:,}' for n in counts)} test images. Left: bands are 95 % Wilson intervals, dashed lines the "
        "analogue networks. Right: crosses are the analogue networks, dots the last step with at most half of the "
        "operations\n(a multiply-accumulate counts as two, an addition as one; Rueckauer et al. 2017).",
    )
    return figure


def _plain_ticks(axis: Axis) -> None:
    """Give a logarithmic axis ticks at 1, 2, 5, 10, ... in plain numbers."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())
