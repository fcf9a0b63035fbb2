"""How weights, thresholds and activity are distributed over synapses and neurons."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.experiments.sweeps.found_runs import Run, with_metrics
from stdpnet.plots.style import rule_styles

BINS = 50
DASHES = ("-", "--", "-.", ":")


def plot_histogram(samples: Sequence[tuple[np.ndarray, dict[str, Any]]], ax: Axes | None = None) -> Axes:
    """Draw the distributions of several samples over the same bins, as shares in per cent.

    Parameters
    ----------
    samples : list of (ndarray, dict)
        Values, and the style of their line: colour, label, ...
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> samples = [(np.array([0.0, 0.0, 0.0, 1.0]), {"label": "one"}), (np.array([0.5, 2.0]), {"label": "other"})]
    >>> first, second = (patch.get_data() for patch in plot_histogram(samples, plt.figure().gca()).patches)
    >>> float(first.edges[0]), float(first.edges[-1]), float(first.values[0]), float(second.values[-1])
    (0.0, 2.0, 75.0, 50.0)
    """
    ax = ax or plt.gca()
    low, high = min(values.min() for values, _ in samples), max(values.max() for values, _ in samples)
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    for values, style in samples:
        shares = 100 * np.histogram(values, edges)[0] / len(values)
        ax.stairs(shares, edges, linewidth=1.5, **style)
    return ax


def draw(runs: list[Run]) -> Figure:
    """Return the figure of runs, in the state after their last batch.

    Raises
    ------
    RunFolderError
        When no batch has finished, or a run is damaged.
    """
    runs = with_metrics(runs)
    styles = rule_styles(run.rule for run in runs)
    of_rule: dict[str, int] = {}
    panels: dict[str, tuple[str, list[Any]]] = {
        "weight": ("share of the input synapses (%)", []),
        "theta (mV)": ("share of the neurons (%)", []),
        "spikes of a neuron per test image": ("share of the neurons (%)", []),
    }
    for run in runs:
        of_rule[run.rule] = of_rule.get(run.rule, -1) + 1
        style = {
            "color": styles[run.rule][0],
            "linestyle": DASHES[of_rule[run.rule] % len(DASHES)],
            "label": f"{run.rule}, {run.neurons:,} neurons, seed {run.seed}",
        }
        state = run.folder.network()
        panels["weight"][1].append((state.weights.ravel(), style))
        panels["theta (mV)"][1].append((state.theta, style))
        activity = run.folder.predictions().get("spikes_per_image") if run.report else None
        if activity is not None:  # runs of stdpnet 0.1 have none
            panels["spikes of a neuron per test image"][1].append((activity, style))
    panels = {label: panel for label, panel in panels.items() if panel[1]}
    figure, axes = plt.subplots(1, len(panels), figsize=(4.5 * len(panels), 4), layout="constrained")
    for ax, (label, (share, samples)) in zip(axes, panels.items(), strict=True):
        plot_histogram(samples, ax)
        ax.set(xlabel=label, ylabel=share)
    axes[0].set_yscale("log")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=min(3, len(runs)))
    return figure
