"""A sweep on one page: what came out against the number of neurons, and which runs are missing."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.experiments.sweeps.found_runs import Run, finished
from stdpnet.experiments.sweeps.seeds import by_rule_and_neurons
from stdpnet.plots.style import caption, rule_styles
from stdpnet.plots.sweeps.accuracy_vs_neurons import plot_against_neurons, trained_on

#: From the last row of ``metrics.csv``: column, label, factor.
MEASURES = (
    ("spikes_per_image", "spikes per training image", 1),
    ("theta_mean_mV", "theta, mean of the neurons (mV)", 1),
    ("silent_share", "silent neurons in the last batch (%)", 100),
)


def status_table(
    runs: list[Run],
) -> tuple[list[str], list[int], dict[tuple[str, int], str], dict[tuple[str, int], bool]]:
    r"""Say what has become of each rule and number of neurons of a sweep.

    Parameters
    ----------
    runs : list of Run

    Returns
    -------
    rules : list of str
    neurons : list of int
    texts : dict of (str, int) to str
        How many seeds are finished, then the others: failed, unfinished, missing.
    complete : dict of (str, int) to bool

    Examples
    --------
    >>> from stdpnet.experiments.stdp.run_folder import RunFolder
    >>> runs = [Run(RunFolder("a"), "triplet", 100, 0, "finished"), Run(RunFolder("b"), "triplet", 400, 1, "failed")]
    >>> rules, neurons, texts, complete = status_table(runs)
    >>> texts["triplet", 100], texts["triplet", 400], complete["triplet", 100]
    ('1 of 2\nseed 1 missing', '0 of 2\nseed 1 failed\nseed 0 missing', False)
    """
    rules, neurons = list(rule_styles(run.rule for run in runs)), sorted({run.neurons for run in runs})
    seeds = sorted({run.seed for run in runs})
    status = {(run.rule, run.neurons, run.seed): run.status for run in runs}
    texts: dict[tuple[str, int], str] = {}
    complete: dict[tuple[str, int], bool] = {}
    for key in ((rule, n) for rule in rules for n in neurons):
        found = {seed: status.get((*key, seed), "missing") for seed in seeds}
        lines = [f"{sum(s == 'finished' for s in found.values())} of {len(seeds)}"]
        for kind in ("failed", "unfinished", "missing"):
            which = [str(seed) for seed, s in found.items() if s == kind]
            lines += [f"seed{'s' * (len(which) > 1)} {', '.join(which)} {kind}"] if which else []
        texts[key], complete[key] = "\n".join(lines), len(lines) == 1
    return rules, neurons, texts, complete


def plot_status(runs: list[Run], ax: Axes | None = None) -> Axes:
    """Draw `status_table`: a field for each rule and number of neurons, orange where something is missing."""
    ax = ax or plt.gca()
    rules, neurons, texts, complete = status_table(runs)
    for (rule, n), text in texts.items():
        x, y = neurons.index(n), rules.index(rule)
        colour = "#CFE8DD" if complete[rule, n] else "#FBDFB0"
        ax.add_patch(plt.Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, color=colour))
        ax.text(x, y, text, ha="center", va="center", fontsize=8)
    ax.set_xticks(range(len(neurons)), [f"{n:,}" for n in neurons])
    ax.set_yticks(range(len(rules)), rules)
    ax.tick_params(length=0)
    ax.set(xlim=(-0.5, len(neurons) - 0.5), ylim=(len(rules) - 0.5, -0.5), xlabel="excitatory neurons")
    ax.set_title("finished seeds", fontsize=10)
    ax.spines[:].set_visible(False)
    return ax


def draw(runs: list[Run]) -> Figure:
    """Return the figure of a sweep.

    Raises
    ------
    RunFolderError
        When no run is finished, or two of one rule and size differ in more than the seed.
    """
    groups = by_rule_and_neurons(finished(runs))
    figure = plt.figure(figsize=(10, 11), layout="constrained")
    grid = figure.add_gridspec(3, 2, height_ratios=[1, 1, 0.8])
    axes = [figure.add_subplot(grid[divmod(k, 2)]) for k in range(4)]
    accuracy = {key: [100 * run.report["accuracy"] for run in group] for key, group in groups.items()}
    plot_against_neurons(accuracy, axes[0]).set_ylabel("accuracy on test images (%)")
    for ax, (column, label, factor) in zip(axes[1:], MEASURES, strict=True):
        last = {key: [factor * run.folder.series(column)[0][-1] for run in group] for key, group in groups.items()}
        plot_against_neurons(last, ax).set_ylabel(label)
        if column != "theta_mean_mV":
            ax.set_ylim(bottom=0)
    for ax in axes:
        ax.grid(axis="y", alpha=0.3)
    plot_status(runs, figure.add_subplot(grid[2, :]))
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    caption(figure, f"{trained_on(groups)} Bars and bands: mean ± sd of the seeds.")
    return figure
