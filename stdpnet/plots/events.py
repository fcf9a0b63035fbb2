"""Recordings of a silicon retina: what each saccade sent, and where in time."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def plot_events(recording: Any, start: float, stop: float, ax: Axes | None = None) -> Axes:
    """Draw ON events minus OFF events of each pixel within some time.

    Parameters
    ----------
    recording : Recording
    start, stop : float
        In ms.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from stdpnet.datasets.events.recording import Recording
    >>> one = np.ones(1, int)
    >>> recording = Recording(one, one, one, 1000 * one, (3, 3))
    >>> plot_events(recording, 0, 10).images[-1].get_array().sum()
    np.float64(1.0)
    """
    ax = ax or plt.gca()
    within = (recording.time >= 1e3 * start) & (recording.time < 1e3 * stop)
    total = np.zeros(recording.shape)
    np.add.at(total, (recording.y[within], recording.x[within]), 2.0 * recording.polarity[within] - 1)
    most = max(np.abs(total).max(), 1)
    ax.imshow(total, cmap="RdBu_r", vmin=-most, vmax=most)
    ax.set(xticks=[], yticks=[], title=f"{start:g} to {stop:g} ms")
    return ax


def draw(recordings: Sequence[Any], saccades: int = 3) -> Figure:
    """Return the figure of some recordings, a row for each: its saccades, then column against time.

    Parameters
    ----------
    recordings : sequence of Recording
    saccades : int
        Equal parts of the time.

    Returns
    -------
    matplotlib.figure.Figure
    """
    size = (2 * saccades + 4.5, 2 * len(recordings))
    figure, axes = plt.subplots(
        len(recordings), saccades + 1, figsize=size, squeeze=False, layout="constrained",
        width_ratios=[1] * saccades + [2],
    )  # fmt: skip
    for recording, row in zip(recordings, axes, strict=True):
        whole = float(np.ceil((recording.time[-1] + 1) / 1000))
        parts = np.linspace(0, whole, saccades + 1).round()
        for ax, start, stop in zip(row, parts[:-1], parts[1:], strict=False):
            plot_events(recording, start, stop, ax)
        for polarity, colour, label in ((1, "tab:red", "ON"), (0, "tab:blue", "OFF")):
            which = recording.polarity == polarity
            row[-1].plot(recording.time[which] / 1000, recording.x[which], ",", color=colour, label=label)
        row[-1].set(xlabel="time (ms)", ylabel="column", xlim=(0, whole))
    return figure
