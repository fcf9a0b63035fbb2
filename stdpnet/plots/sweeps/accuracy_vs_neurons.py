"""Accuracy against the number of neurons for each rule, with the paper's Fig. 2B beside it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.experiments.sweeps.found_runs import Run, finished
from stdpnet.experiments.sweeps.seeds import by_rule_and_neurons
from stdpnet.plots.style import caption, rule_styles
from stdpnet.plots.sweeps import paper


def plot_against_neurons(
    values: Mapping[tuple[str, int], Sequence[float]], ax: Axes | None = None, ticks: Iterable[int] = ()
) -> Axes:
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

    Examples
    --------
    >>> accuracy = {("triplet", 100): [81, 83], ("triplet", 400): [87, 88]}
    >>> ax = plot_against_neurons(accuracy, plt.figure().gca())
    >>> ax.containers[0][0].get_ydata()
    array([82. , 87.5])
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


def plot_paper(rules: Iterable[str], ax: Axes | None = None) -> Axes:
    """Add the points of Fig. 2B of Diehl & Cook 2015 to `plot_against_neurons`, open, in per cent.

    Examples
    --------
    >>> ax = plot_paper(["triplet"], plot_against_neurons({("triplet", 100): [81]}, plt.figure().gca()))
    >>> [*map(float, ax.lines[-1].get_ydata())]
    [82.9, 91.4, 92.8, 94.7]
    """
    ax, rules = ax or plt.gca(), set(rules)
    for rule, (colour, marker) in rule_styles(rules).items():
        if rule in paper.ACCURACY:
            line: dict[str, Any] = {"color": colour, "linestyle": ":", "linewidth": 1, "alpha": 0.8}
            x = beside(paper.NEURONS, rule, rules, ax)
            ax.plot(x, paper.ACCURACY[rule], marker=marker, markerfacecolor="white", **line)
    return ax


def beside(neurons: Sequence[int], rule: str, rules: Iterable[str], ax: Axes) -> np.ndarray:
    """Move a rule's points by some hundredths of the x axis, so that equal ones of two rules stay visible.

    Parameters
    ----------
    neurons : sequence of int
    rule : str
    rules : iterable of str
        All that are drawn.
    ax : matplotlib.axes.Axes
        With the limits of its x axis, which is logarithmic.

    Returns
    -------
    ndarray, shape (len(neurons),)
    """
    names = list(rule_styles(rules))
    place = names.index(rule) - (len(names) - 1) / 2
    low, high = ax.get_xlim()
    return np.array(neurons) * (high / low) ** (0.012 * place)


def draw(runs: list[Run]) -> Figure:
    """Return the figure of finished runs.

    Raises
    ------
    RunFolderError
        When none is finished, or two of one rule and size differ in more than the seed.
    """
    groups = by_rule_and_neurons(finished(runs))
    values = {key: [100 * run.report["accuracy"] for run in group] for key, group in groups.items()}
    figure, ax = plt.subplots(figsize=(8, 5), layout="constrained")
    with_paper = paper.fits(run for group in groups.values() for run in group)
    plot_against_neurons(values, ax, paper.NEURONS if with_paper else ())
    ax.set(ylabel="accuracy on test images (%)")
    ax.grid(axis="y", alpha=0.3)
    handles, labels = ax.get_legend_handles_labels()
    grey: dict[str, Any] = {"color": "0.4", "marker": "o"}
    several = any(len(runs) > 1 for runs in values.values())
    labels.append("these runs\n(mean ± sd of seeds)" if several else "these runs")
    handles.append(plt.Line2D([], [], **grey))
    below = trained_on(groups)
    if with_paper:
        plot_paper({rule for rule, _ in values}, ax)
        handles += [plt.Line2D([], [], markerfacecolor="white", linestyle=":", **grey)]
        labels += ["paper"]
        below += f"\nOpen symbols: {paper.SOURCE}, Fig. 2B, digitised, ±0.1 (its text has 87.0 % for 400 neurons)."
    figure.legend(handles, labels, loc="outside right upper")
    caption(figure, below)
    return figure


def trained_on(groups: Mapping[tuple[str, int], Sequence[Run]]) -> str:
    """Return the small print on runs: data set, presentations, images, seeds each, what stopped early."""
    reports = [run.report for group in groups.values() for run in group if run.report]

    def spread(numbers: Sequence[int]) -> str:
        low, high = min(numbers), max(numbers)
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"

    seeds = spread([len(group) for group in groups.values()])
    return (
        f"{', '.join(sorted({report['dataset'] for report in reports}))}, "
        f"{spread([report['presented'] for report in reports])} presentations, names from "
        f"{spread([report['n_label_images'] for report in reports])} training images, "
        f"{spread([report['n_test_images'] for report in reports])} test images, "
        f"{'one run' if seeds == '1' else f'{seeds} seeds'} each.{stopped_early(groups)}"
    )


def stopped_early(groups: Mapping[tuple[str, int], Sequence[Run]]) -> str:
    """Return which runs did not come to the end of their training, for the small print."""
    runs = [run for group in groups.values() for run in group]
    early = [(run, stopped) for run in runs if (stopped := run.folder.stopped_early())]
    named = "; ".join(f"{run.rule}, {run.neurons:,} neurons, seed {run.seed}, after {how}" for run, how in early)
    return f"\nStopped early: {named}." * bool(early)
