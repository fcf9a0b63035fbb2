"""How large the activations of each ReLU get: what a spike in every step will stand for."""

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Input, ReLU
from stdpnet.conversion.thresholds.model_based import relu_bounds
from stdpnet.conversion.thresholds.observe import observe


def relu_scales(
    graph: Graph, images: np.ndarray, normalisation: str, per_channel: bool, show_progress: bool = False
) -> dict[str, np.ndarray]:
    """Return a scale for each ReLU.

    Parameters
    ----------
    graph : Graph
        Simplified.
    images : ndarray, shape (n_images, *shape of the Input node)
        Training images. The model-based normalisation takes their range only.
    normalisation : {"model", "maximum", "percentile:P"}
        The largest value that the weights allow (Diehl et al. 2015, doi:10.1109/IJCNN.2015.7280696,
        model-based), the largest that the images bring (data-based), or a percentile of the non-zero
        values that they bring (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682).
    per_channel : bool
        One scale for each channel or feature, or one for the whole layer.
    show_progress : bool

    Returns
    -------
    dict of str to ndarray, shape (channels,) each
        A channel that is never active takes the scale of the layer, and a layer that is never active takes 1.

    Raises
    ------
    ConversionError
        When the normalisation is unknown.
    """
    percent = percentage(normalisation)
    names = graph.names(ReLU)
    if percent is None:
        found = relu_bounds(graph, float(images.min()), float(images.max()), per_channel)
    else:
        histograms = observe(graph, images, names, show_progress)
        found = {name: _scale(histograms[name], percent, per_channel) for name in names}
    return {name: np.where(scale > 0, scale, 1) for name, scale in found.items()}


def input_scale(graph: Graph, images: np.ndarray) -> np.ndarray:
    """Return the largest absolute value of the images, for each channel the same; 1 if all are 0."""
    (name,) = graph.names(Input)
    return np.full(graph.shapes[name][0], float(np.abs(images).max()) or 1.0)


def percentage(normalisation: str) -> float | None:
    """Return the percentile that a normalisation asks for, or None for the model-based one.

    Raises
    ------
    ConversionError
        When it is unknown.
    """
    kind, _, number = str(normalisation).partition(":")
    if normalisation in ("model", "maximum"):
        return {"model": None, "maximum": 100.0}[normalisation]
    try:
        percent = float(number)
        if kind == "percentile" and 0 < percent <= 100:
            return percent
    except ValueError:
        pass
    raise ConversionError(
        f"normalisation is {normalisation!r}; expected 'model', 'maximum' or 'percentile:P' with P above 0, at most 100"
    )


def _scale(histogram, percent, per_channel):
    layer = histogram.maximum.max() if percent == 100 else histogram.percentile_of_all(percent)
    if not per_channel:
        return np.full_like(histogram.maximum, layer)
    channels = histogram.maximum if percent == 100 else histogram.percentile(percent)
    return np.where(channels > 0, channels, layer)
