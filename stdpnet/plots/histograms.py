"""How weights, thresholds and activity are distributed over synapses and neurons."""

import matplotlib.pyplot as plt
import numpy as np

from stdpnet.experiments.sweeps.found_runs import with_metrics
from stdpnet.plots.style import rule_styles

BINS = 50
DASHES = ("-", "--", "-.", ":")


def plot_histogram(samples, ax=None):
    """Draw the distributions of several samples over the same bins, as shares in per cent.

    Parameters
    ----------
    samples : list of (ndarray, dict)
        Values, and the style of their line: colour, label, ...
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.gca()
    low, high = min(values.min() for values, _ in samples), max(values.max() for values, _ in samples)
    edges = np.linspace(low, high if high > low else low + 1, BINS + 1)
    for values, style in samples:
        shares = 100 * np.histogram(values, edges)[0] / len(values)
        ax.stairs(shares, edges, linewidth=1.5, **style)
    return ax


def draw(runs):
    """Return the figure of runs, in the state after their last batch."""
    runs = with_metrics(runs)
    styles, of_rule = rule_styles(run.rule for run in runs), {}
    panels = {
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
