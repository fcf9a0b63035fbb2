"""LIF neurons as activation: their rate and its slope, hard and soft, and how much their filtered spikes scatter."""

from collections.abc import Sequence
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.conversion.graph.rates import RateCurve
from stdpnet.plots.style import COLOURS, caption

#: Inputs of a neuron, in units of the activations before it.
INPUTS = np.linspace(-1, 4, 501)
#: Of those whose spikes are filtered, and for how many steps of 1 ms, the first ones left out.
FEWER, STEPS, FIRST = np.linspace(0.05, 4, 80), 1500, 500
#: Time constant of the synapses, in ms.
SYNAPSE = 5


def plot_curve(curve: RateCurve, label: str, colour: str, axes: Sequence[Axes]) -> None:
    """Draw a curve and its slope: as it is in the training, and dashed with the sharp corner of the neurons.

    Parameters
    ----------
    curve : RateCurve
    label, colour : str
    axes : sequence of two matplotlib.axes.Axes
        For the activation, and for its slope.

    Examples
    --------
    >>> from stdpnet.conversion.graph.rates import SoftLIF
    >>> figure, axes = plt.subplots(1, 2)
    >>> plot_curve(SoftLIF(), "LIF", "black", axes)
    >>> [round(float(line.get_ydata()[-1]), 2) for line in axes[0].lines]  # hard and soft, at an input of 4
    [4.43, 4.43]
    """
    for line, one in (("--", replace(curve, gamma=0.0)), ("-", curve)):
        with np.errstate(divide="ignore"):
            values = one.activation(INPUTS, np)
        soft = line == "-"
        axes[0].plot(INPUTS, values, line, color=colour, label=f"{label}, {'soft' if soft else 'hard'}")
        axes[1].plot(INPUTS, np.gradient(values, INPUTS), line, color=colour)


def plot_scatter(curve: RateCurve, label: str, colour: str, ax: Axes) -> Axes:
    """Draw median and quartiles, over time, of filtered spikes against a constant input.

    Parameters
    ----------
    curve : RateCurve
    label, colour : str
    ax : matplotlib.axes.Axes

    Returns
    -------
    matplotlib.axes.Axes
    """
    from stdpnet.conversion.simulators.torch_lif import filtered_spikes

    sent = filtered_spikes(curve, FEWER, STEPS, SYNAPSE * 1e-3)[FIRST:]
    low, median, high = np.percentile(sent, [25, 50, 75], axis=0)
    ax.fill_between(FEWER, low, high, color=colour, alpha=0.25, linewidth=0, label=f"{label}, quartiles")
    ax.plot(FEWER, median, color=colour, label="median")
    with np.errstate(divide="ignore"):
        ax.plot(FEWER, replace(curve, gamma=0.0).activation(FEWER, np), "--", color=colour, label="rate")
    return ax


def draw(curves: Sequence[RateCurve]) -> Figure:
    """Return the figure of LIF neurons of some time constants.

    Raises
    ------
    ConfigError
        When PyTorch is not installed.
    """
    from stdpnet.base.optional import require_torch

    require_torch("drawing filtered spikes")
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
    for colour, curve in zip(COLOURS, curves, strict=False):
        label = f"{1e3 * curve.tau_rc:g} ms"  # type: ignore[attr-defined]
        plot_curve(curve, label, colour, axes)
        plot_scatter(curve, label, colour, axes[2])
    for ax in (axes[0], axes[2]):
        ax.plot(INPUTS, np.maximum(INPUTS, 0), ":", color="0.5", label="ReLU", zorder=0)
        ax.set_ylim(-0.2, 5)
        ax.legend(fontsize=8)
    axes[1].set_ylim(0, 6)
    axes[0].set_ylabel("activation")
    axes[1].set_ylabel("slope of the activation")
    axes[2].set_ylabel("filtered spikes, times the amplitude")
    for ax in axes:
        ax.set_xlabel("input")
    caption(
        figure,
        f"Amplitude, gain and roundness of the corner: Hunsberger & Eliasmith (2016). Right: over {STEPS - FIRST} ms, "
        f"alpha synapses of {SYNAPSE} ms.",
    )
    return figure
