"""How accuracy, activity and thresholds went during training."""

import matplotlib.pyplot as plt
import numpy as np

from stdpnet.errors import RunFolderError


def plot_learning_curve(rows, column, label, ax=None):
    """Draw one column of ``metrics.csv`` against the number of presentations.

    Parameters
    ----------
    rows : list of dict
        From `RunFolder.metrics`.
    column : str
    label : str
        Of the y axis.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.gca()
    presented, values = (np.array([row[name] for row in rows]) for name in ("presented", column))
    ax.plot(presented, values, marker="." if len(rows) < 30 else "")
    ax.set(ylabel=label, xlim=(0, presented[-1]))
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def draw(folder, args=None):
    """Return the figure of a run folder."""
    rows = folder.metrics()
    if not rows:
        raise RunFolderError(f"{folder.metrics_file}: no batch finished yet; train the run first")
    figure, axes = plt.subplots(3, 1, figsize=(7, 7), sharex=True, layout="constrained")
    plot_learning_curve(rows, "running_accuracy", "running accuracy\n(training images)", axes[0])
    axes[0].set_ylim(0, 1)
    plot_learning_curve(rows, "spikes_per_image", "spikes per image", axes[1])
    axes[1].set_ylim(bottom=0)
    plot_learning_curve(rows, "theta_mean_mV", "theta (mV)", axes[2])
    mean, sd = (np.array([row[name] for row in rows]) for name in ("theta_mean_mV", "theta_sd_mV"))
    axes[2].fill_between([row["presented"] for row in rows], mean - sd, mean + sd, alpha=0.2, label="mean ± sd")
    axes[2].legend(frameon=False)
    axes[2].set_xlabel("presentations")
    return figure
