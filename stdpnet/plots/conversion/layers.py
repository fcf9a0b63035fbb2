"""The layers of a converted network: rates, saturation, correlation, and rate against activation."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.report.rates import HIGHEST
from stdpnet.plots.style import caption

PARTS = {
    "mean_rate": "mean rate (spikes per step)",
    "saturated": "neurons that spike in every step (%)",
    "correlation": "correlation of rate and activation",
}


def plot_layers(layers: Mapping[str, dict[str, Any]], part: str, ax: Axes | None = None) -> Axes:
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

    Examples
    --------
    >>> layers = {"relu1": {"saturated": 0.125}, "relu2": {"saturated": None}}
    >>> ax = plot_layers(layers, "saturated", plt.figure().gca())
    >>> ax.get_title(), float(ax.patches[0].get_height())
    ('neurons that spike in every step (%)', 12.5)
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


def plot_rate_against_activation(histogram: np.ndarray, most: int | None = None, ax: Axes | None = None) -> AxesImage:
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

    Examples
    --------
    >>> image = plot_rate_against_activation(np.diag([0, 3, 1]), ax=plt.figure().gca())
    >>> image.get_array().compressed().tolist()
    [3, 1]
    """
    ax = ax or plt.gca()
    shown = np.ma.masked_equal(histogram.T, 0)
    image = ax.imshow(
        shown, origin="lower", extent=(0, HIGHEST, 0, 1), aspect="auto", cmap="viridis", norm=LogNorm(1, most)
    )
    ax.plot([0, 1, HIGHEST], [0, 1, 1], color="#D55E00", linewidth=1, linestyle="--")
    ax.set(xlabel="normalised activation", ylim=(0, 1), xlim=(0, HIGHEST))
    return image


def draw(results: tuple[dict[str, Any], Mapping[str, np.ndarray]]) -> Figure:
    """Return the figure of one conversion.

    Parameters
    ----------
    results : tuple of dict and dict
        Its report and its histograms, from `ConversionFolder`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConversionError
        When no layer has spiking neurons.
    """
    report, histograms = results
    layers = report["layers"]
    if not layers:
        raise ConversionError("the converted network has no layer of spiking neurons: there are no rates to draw")
    figure = plt.figure(figsize=(max(9, 2.8 * len(layers)), 6.4), layout="constrained")
    top, bottom = figure.subfigures(2, 1, squeeze=False, height_ratios=(1, 1.25))[:, 0]
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
