"""What neurons have learned under each rule, side by side."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from stdpnet.base.errors import RunFolderError
from stdpnet.experiments.sweeps.found_runs import Run, finished
from stdpnet.plots.receptive_fields import names_of, plot_receptive_fields
from stdpnet.plots.style import rule_styles

#: Neurons of each rule that are drawn.
MOST = 100


def choose(runs: list[Run], neurons: int | None = None, seed: int | None = None) -> dict[str, Run]:
    """Return one run for each rule, all of one size and one seed, those of most rules.

    Parameters
    ----------
    runs : list of Run
    neurons, seed : int, optional

    Returns
    -------
    dict of str to Run

    Raises
    ------
    RunFolderError
        When there is none.
    """
    groups: dict[tuple[int, int], dict[str, Run]] = {}
    for run in finished(runs):
        groups.setdefault((run.neurons, run.seed), {})[run.rule] = run
    kept = {key: group for key, group in groups.items() if neurons in (None, key[0]) and seed in (None, key[1])}
    if not kept:
        there = ", ".join(f"{n} and {s}" for n, s in sorted(groups))
        raise RunFolderError(
            f"no finished run has --neurons {neurons or 'any'} and --seed {'any' if seed is None else seed}; "
            f"expected neurons and seed among {there}"
        )
    return max(kept.items(), key=lambda item: (len(item[1]), item[0][0], -item[0][1]))[1]


def draw(runs: list[Run], neurons: int | None = None, seed: int | None = None) -> Figure:
    """Return the figure: as many neurons of each rule as can be told apart, evenly from all digits.

    Parameters
    ----------
    runs : list of Run
    neurons, seed : int, optional
        Of the runs to draw; default: those of most rules, the most neurons and the lowest seed.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    RunFolderError
        When there is no such run, or one is damaged.
    """
    chosen = choose(runs, neurons, seed)
    styles = rule_styles(chosen)
    columns = min(2, len(chosen))
    rows = -(-len(chosen) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(6 * columns, 5.6 * rows), layout="constrained", squeeze=False)
    for ax in axes.flat[len(chosen) :]:
        ax.set_axis_off()
    for ax, (rule, (colour, _)) in zip(axes.flat, styles.items(), strict=False):
        run = chosen[rule]
        state = run.folder.network()
        (names, class_names), weights = names_of(run.folder, state), state.weights
        order = np.arange(run.neurons) if names is None else np.argsort(names, kind="stable")
        shown = order[np.linspace(0, run.neurons - 1, min(MOST, run.neurons)).round().astype(int)]
        names = None if names is None else names[shown]
        plot_receptive_fields(weights[:, shown], tuple(state["image_shape"]), names, ax, class_names)
        accuracy = run.report["accuracy"] if run.report else np.nan
        ax.set_title(f"{rule}: {100 * accuracy:.1f} %", color=colour)
    some = f"{MOST} of " if run.neurons > MOST else ""
    figure.suptitle(f"Receptive fields of {some}{run.neurons:,} neurons, seed {run.seed}, and the accuracy of the run")
    return figure
