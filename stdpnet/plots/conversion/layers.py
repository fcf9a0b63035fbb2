"""The layers of a converted network: rates, saturation, correlation, and rate against activation."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.report.rates import HIGHEST
from stdpnet.experiments.conversion.folder import ConversionFolder
from stdpnet.plots.style import caption

PARTS = {
    "mean_rate": "mean rate (spikes per step)",
    "saturated": "neurons that spike in every step (%)",
    "correlation": "correlation of rate and activation",
}


def read_folder(paths):
    """Return the report and the histograms of the folder; errors are those of `ConversionFolder`."""
    folder = ConversionFolder(paths[0])
    return folder.report(), folder.histograms()


def plot_layers(layers, part, ax=None):
    """Draw one number of each layer as bars.

    Parameters
    ----------
    layers : dict of str to dict
        From the report of a conversion, in order.
    part : {"mean_rate", "saturated", "correlation"}
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.gca()
    factor = 100 if part == "saturated" else 1
    values = [factor * (np.nan if layer[part] is None else layer[part]) for layer in layers.values()]
    bars = ax.bar(list(layers), values, color="#0072B2", width=0.6)
    ax.bar_label(bars, fmt="{:.4f}" if part == "correlation" else "{:.3g}", fontsize=8)
    ax.margins(y=0.12)  # room for the labels
    ax.set_title(PARTS[part], fontsize=9)
    ax.tick_params(axis="x", labelrotation=30 if len(layers) > 4 else 0)
    return ax


def plot_rate_against_activation(histogram, most=None, ax=None):
    """Draw how many pairs of neuron and image have which activation and which rate, with the line of equality.

    Parameters
    ----------
    histogram : ndarray of int, shape (bins of activation, bins of rate)
        Of `Rates`.
    most : int, optional
        Upper end of the colours.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.image.AxesImage
    """
    ax = ax or plt.gca()
    shown = np.ma.masked_equal(histogram.T, 0)
    image = ax.imshow(
        shown, origin="lower", extent=(0, HIGHEST, 0, 1), aspect="auto", cmap="viridis", norm=LogNorm(1, most)
    )
    ax.plot([0, 1, HIGHEST], [0, 1, 1], color="#D55E00", linewidth=1, linestyle="--")
    ax.set(xlabel="normalised activation", ylim=(0, 1), xlim=(0, HIGHEST))
    return image


def draw(read):
    """Return the figure of one conversion."""
    report, histograms = read
    layers = report["layers"]
    if not layers:
        raise ConversionError("the converted network has no layer of spiking neurons: there are no rates to draw")
    figure = plt.figure(figsize=(max(9, 2.8 * len(layers)), 6.4), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=(1, 1.25))
    for ax, part in zip(top.subplots(1, len(PARTS)), PARTS, strict=True):
        plot_layers(layers, part, ax)
    most = max(2, *(histograms[name].max() for name in layers))  # else, without a spike, there is no scale of colours
    axes = bottom.subplots(1, len(layers), squeeze=False, sharey=True)[0]
    for ax, name in zip(axes, layers, strict=True):
        image = plot_rate_against_activation(histograms[name], most, ax)
        ax.set_title(name, fontsize=9)
    axes[0].set_ylabel(f"rate over {report['curve'][-1]['step']} steps")
    bottom.colorbar(image, ax=list(axes), label="pairs of neuron and image")
    caption(
        figure,
        f"{report['n_test_images']:,} test images. Below: pairs in which both are 0 are left out; the last bin has all "
        "that is larger. Dashed: rate = activation, at most 1.",
    )
    return figure
