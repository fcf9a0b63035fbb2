"""What a pair of spikes does to a weight under each rule: against the delay between them, and against the weight."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.learning.pairs import DT, pair_changes
from stdpnet.plots.style import COLOURS
from stdpnet.rules import Rule

#: From the input spike to the neuron's spike, in ms; positive, or 0: the input comes first.
DELAYS = np.concatenate([np.arange(-98, 0, 2.0), [-DT, 0, DT], np.arange(2, 100, 2.0)])
WEIGHTS = (0.1, 0.5, 0.9)
#: Time since the neuron's spike before that of the pair, in ms, for rules that look at it; NaN: there was none.
EARLIER = (10.0, 20.0, 40.0, np.nan)
#: Delays of the second panel, in ms.
SHOWN = {5.0: "input 5 ms before", 20.0: "20 ms before", -5.0: "5 ms after"}


def plot_window(delays: np.ndarray, changes: Mapping[str, np.ndarray], ax: Axes | None = None) -> Axes:
    """Draw the change of a weight against the delay from the input spike to the neuron's spike.

    Parameters
    ----------
    delays : ndarray
        In ms, ascending. Lines are broken before 0, where the order of the spikes changes.
    changes : dict of str to ndarray
        By label, as many as delays.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_window(np.array([-1.0, 1.0]), {"w = 0.5": np.array([-0.1, 0.2])}, plt.figure().gca())
    >>> ax.lines[0].get_ydata()
    array([-0.1,  nan,  0.2])
    """
    ax, zero = ax or plt.gca(), int(np.searchsorted(delays, 0))
    for colour, (label, values) in zip(COLOURS, changes.items(), strict=False):
        ax.plot(np.insert(delays, zero, 0), np.insert(values, zero, np.nan), color=colour, label=label)
    ax.axvline(0, color="0.7", linewidth=0.8, zorder=0)
    ax.set(xlabel="neuron's spike minus input spike (ms)", ylabel="change of the weight")
    return ax


def draw(rules: Sequence[Rule]) -> Figure:
    """Return the figure of rules, a row for each."""
    height = 3.5
    figure = plt.figure(figsize=(8, height * len(rules)), layout="constrained")
    for part, rule in zip(figure.subfigures(len(rules), 1, squeeze=False)[:, 0], rules, strict=True):
        _draw_rule(rule, *part.subplots(1, 2))
        part.suptitle(f"rule {rule.name}", fontsize=10)
    return figure


def _draw_rule(rule: Rule, window: Axes, dependence: Axes) -> None:
    triplets = bool(pair_changes(rule, DT) <= 0)  # a pair alone never raises a weight: an earlier spike is needed
    if triplets:
        names = [f"{earlier:g} ms earlier" if earlier == earlier else "none" for earlier in EARLIER]
        found = pair_changes(rule, DELAYS, 0.5, np.array(EARLIER)[:, None])
    else:
        names = [f"w = {weight:g}" for weight in WEIGHTS]
        found = pair_changes(rule, DELAYS, np.array(WEIGHTS)[:, None])
    plot_window(DELAYS, dict(zip(names, found, strict=True)), window)
    _legend(window, "the neuron's spike before" if triplets else None)

    weights = np.linspace(0, 1, 201)
    found = pair_changes(rule, np.array([*SHOWN])[:, None], weights, 20.0 if triplets else np.nan)
    for colour, label, values in zip(COLOURS, SHOWN.values(), found, strict=False):
        dependence.plot(weights, values, color=colour, label=label)
    dependence.set_xlabel("weight before")
    _legend(dependence, "the neuron fired 20 ms earlier too" if triplets else None)
    for ax in (window, dependence):
        ax.axhline(0, color="0.7", linewidth=0.8, zorder=0)
        ax.ticklabel_format(axis="y", scilimits=(-3, -3), useMathText=True)


def _legend(ax: Axes, title: str | None) -> None:
    """Put the legend below the axes, where it hides nothing."""
    small: dict[str, Any] = {"fontsize": 8, "title_fontsize": 8, "ncols": 4, "columnspacing": 1.0, "handlelength": 1.2}
    ax.legend(title=title, loc="upper center", bbox_to_anchor=(0.5, -0.22), **small)
