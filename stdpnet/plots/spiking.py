"""Trained spiking networks, and converted ones beside them: accuracy over time, and error against operations."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from stdpnet.plots.style import COLOURS, caption


def plot_curve(curve: list[dict[str, Any]], across: str, label: str, colour: str, ax: Axes | None = None) -> Axes:
    """Draw the error after every step.

    Parameters
    ----------
    curve : list of dict
        Of a report: ``step``, ``operations`` and ``accuracy`` after each step.
    across : {"step", "operations"}
        What it is drawn against.
    label, colour : str
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> curve = [{"step": 1, "operations": 90.0, "accuracy": 0.5}, {"step": 2, "operations": 180.0, "accuracy": 1.0}]
    >>> ax = plot_curve(curve, "operations", "mine", "black", plt.figure().gca())
    >>> ax.lines[0].get_xydata().tolist()
    [[90.0, 50.0]]
    """
    ax = ax or plt.gca()
    rows = [row for row in curve if row["accuracy"] < 1]  # no place for no error on a logarithmic axis
    ax.plot([row[across] for row in rows], [100 * (1 - row["accuracy"]) for row in rows], color=colour, label=label)
    ax.set(xscale="log", yscale="log", ylabel="error on test images (%)")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:,g}")
        axis.set_minor_formatter(NullFormatter())
    return ax


def draw(reports: Mapping[str, dict[str, Any]]) -> Figure:
    """Return the figure of some networks.

    Parameters
    ----------
    reports : mapping of str to dict
        Of `SpikingFolder.evaluation` or `ConversionFolder.report`, by the path of the folder, whose name is the label.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained", sharey=True)
    for number, (path, report) in enumerate(reports.items()):
        label, colour = path.rstrip("/").rsplit("/", 1)[-1], COLOURS[number % len(COLOURS)]
        for ax, across in zip(axes, ("step", "operations"), strict=True):
            plot_curve(report["curve"], across, label, colour, ax)
    axes[0].set_xlabel("time steps")
    axes[1].set(xlabel="operations for one image", ylabel="")
    axes[1].tick_params(axis="x", labelrotation=30)
    axes[0].legend()
    counts = sorted({report["n_test_images"] for report in reports.values()})
    caption(
        figure,
        f"{', '.join(f'{n:,}' for n in counts)} test images. A step of a trained network is 1 ms. An addition for each "
        "synapse that a spike reaches,\na multiply-accumulate of a converted network's first layer counts as two.",
    )
    return figure
