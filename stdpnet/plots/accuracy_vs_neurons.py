"""Accuracy against the number of neurons for each rule, with the paper's Fig. 2B beside it."""

import matplotlib.pyplot as plt
import numpy as np

from stdpnet.experiments.sweeps.found_runs import finished
from stdpnet.experiments.sweeps.seeds import by_rule_and_neurons
from stdpnet.plots import paper
from stdpnet.plots.style import caption, rule_styles


def plot_against_neurons(values, ax=None, ticks=()):
    """Draw mean and standard deviation over the seeds against the number of neurons.

    Parameters
    ----------
    values : dict of (str, int) to list of float
        For each rule and number of neurons, a value of each seed.
    ax : matplotlib.axes.Axes, optional
    ticks : iterable of int
        Numbers of neurons that get a tick even if `values` has none of them.

    Returns
    -------
    matplotlib.axes.Axes
        With a labelled line for each rule; a single seed has no bar.
    """
    ax = ax or plt.gca()
    ticks = sorted({*ticks, *(n for _, n in values)})
    ax.set_xscale("log", base=2)
    ax.set_xticks(ticks, [f"{n:,}" for n in ticks])
    ax.set_xticks([], minor=True)
    ax.set(xlabel="excitatory neurons", xlim=(ticks[0] / 1.3, ticks[-1] * 1.3))
    rules = {rule for rule, _ in values}
    for rule, (colour, marker) in rule_styles(rules).items():
        neurons = sorted(n for name, n in values if name == rule)
        means = np.array([np.mean(values[rule, n]) for n in neurons])
        sds = np.array([np.std(v, ddof=1) if len(v := values[rule, n]) > 1 else 0 for n in neurons])
        x = beside(neurons, rule, rules, ax)
        ax.errorbar(x, means, sds, color=colour, marker=marker, label=rule, zorder=3)
        ax.fill_between(x, means - sds, means + sds, color=colour, alpha=0.15, linewidth=0)
    return ax


def plot_paper(rules, ax=None):
    """Add the points of Fig. 2B of Diehl & Cook 2015 to `plot_against_neurons`, open, in per cent."""
    ax = ax or plt.gca()
    for rule, (colour, marker) in rule_styles(rules).items():
        if rule in paper.ACCURACY:
            line = {"color": colour, "linestyle": ":", "linewidth": 1, "alpha": 0.8}
            x = beside(paper.NEURONS, rule, rules, ax)
            ax.plot(x, paper.ACCURACY[rule], marker=marker, markerfacecolor="white", **line)
    return ax


def beside(neurons, rule, rules, ax):
    """Move a rule's points by some hundredths of the x axis, so that equal ones of two rules stay visible."""
    place = list(rule_styles(rules)).index(rule) - (len(rules) - 1) / 2
    low, high = ax.get_xlim()
    return np.array(neurons) * (high / low) ** (0.012 * place)


def draw(runs):
    """Return the figure of finished runs."""
    groups = by_rule_and_neurons(finished(runs))
    values = {key: [100 * run.report["accuracy"] for run in group] for key, group in groups.items()}
    figure, ax = plt.subplots(figsize=(8, 5), layout="constrained")
    plot_against_neurons(values, ax, paper.NEURONS)
    plot_paper({rule for rule, _ in values}, ax)
    ax.set(ylabel="accuracy on test images (%)")
    ax.grid(axis="y", alpha=0.3)
    handles, labels = ax.get_legend_handles_labels()
    grey = {"color": "0.4", "marker": "o"}
    handles += [plt.Line2D([], [], **grey), plt.Line2D([], [], markerfacecolor="white", linestyle=":", **grey)]
    figure.legend(handles, [*labels, "these runs\n(mean ± sd of seeds)", "paper"], loc="outside right upper")
    caption(
        figure,
        f"{trained_on(groups)}\nOpen symbols: {paper.SOURCE}, Fig. 2B, digitised, ±0.1 (its text has 87.0 % for 400 "
        "neurons).",
    )
    return figure


def trained_on(groups):
    """Return what the small print says about the runs: data set, presentations, images, seeds each."""
    reports = [run.report for group in groups.values() for run in group]

    def spread(numbers):
        low, high = min(numbers), max(numbers)
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"

    return (
        f"{', '.join(sorted({report['dataset'] for report in reports}))}, "
        f"{spread([report['presented'] for report in reports])} presentations, names from "
        f"{spread([report['n_label_images'] for report in reports])} training images, "
        f"{spread([report['n_test_images'] for report in reports])} test images, "
        f"{spread([len(group) for group in groups.values()])} seeds each."
    )
