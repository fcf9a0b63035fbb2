"""How accuracy, activity and thresholds went during training."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.experiments.stdp.run_folder import RunFolder


def plot_learning_curve(presented: np.ndarray, values: np.ndarray, label: str, ax: Axes | None = None) -> Axes:
    """Draw a column of ``metrics.csv`` against the number of presentations.

    Parameters
    ----------
    presented, values : ndarray, shape (n_batches,)
        From `RunFolder.series`.
    label : str
        Of the y axis.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_learning_curve(np.array([1000, 2000]), np.array([31.0, 52.5]), "accuracy (%)", plt.figure().gca())
    >>> ax.get_ylabel(), ax.lines[0].get_ydata().tolist()
    ('accuracy (%)', [31.0, 52.5])
    """
    ax = ax or plt.gca()
    ax.plot(presented, values, marker="." if len(presented) < 30 else "")
    ax.set(ylabel=label, xlim=(0, 1.02 * presented[-1]))
    return ax


def draw(folder: RunFolder) -> Figure:
    """Return the figure of a run folder; one that stopped before its end says so.

    Raises
    ------
    RunFolderError
        When no batch has finished, or a file is damaged.
    """
    presented, accuracy, spikes, mean, sd = folder.series(
        "presented", "running_accuracy", "spikes_per_image", "theta_mean_mV", "theta_sd_mV"
    )
    figure, axes = plt.subplots(3, 1, figsize=(7, 7), sharex=True, layout="constrained")
    plot_learning_curve(presented, 100 * accuracy, "running accuracy on\ntraining images (%)", axes[0])
    axes[0].set_ylim(0, 100)
    plot_learning_curve(presented, spikes, "spikes per image", axes[1])
    axes[1].set_ylim(bottom=0)
    plot_learning_curve(presented, mean, "theta (mV)", axes[2])
    axes[2].fill_between(presented, mean - sd, mean + sd, alpha=0.2, linewidth=0, label="mean ± sd of the neurons")
    axes[2].legend()
    if stopped := folder.stopped_early():
        axes[0].set_title(f"stopped early, after {stopped}", color="#D55E00", fontsize=10)
    axes[2].set_xlabel("presentations")
    axes[2].locator_params(axis="x", nbins=6)
    axes[2].xaxis.set_major_formatter("{x:,.0f}")
    return figure
