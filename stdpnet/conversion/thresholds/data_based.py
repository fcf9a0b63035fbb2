"""How large the activations of each ReLU get: what a spike in every step will stand for."""

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter, methodcaller

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Input, ReLU
from stdpnet.conversion.thresholds.histogram import Histogram
from stdpnet.conversion.thresholds.mean_squared_error import least_error
from stdpnet.conversion.thresholds.model_based import relu_bounds
from stdpnet.conversion.thresholds.observe import observe


def relu_scales(
    graph: Graph,
    images: np.ndarray,
    normalisation: str,
    per_channel: bool,
    show_progress: bool = False,
    *,
    histograms: Mapping[str, Histogram] | None = None,
) -> dict[str, np.ndarray]:
    """Return a scale for each ReLU.

    Parameters
    ----------
    graph : Graph
        Simplified.
    images : ndarray, shape (n_images, *shape of the Input node)
        Training images. The model-based normalisation takes their range only.
    normalisation : {"model", "maximum", "percentile:P", "error:STEPS"}
        The largest value that the weights allow (Diehl et al. 2015, doi:10.1109/IJCNN.2015.7280696,
        model-based), the largest that the images bring (data-based), a percentile of the non-zero
        values that they bring (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682), or what rounds them least in a
        number of steps (`least_error`; Li et al. 2021, arXiv:2106.06984).
    per_channel : bool
        One scale for each channel or feature, or one for the whole layer.
    show_progress : bool
    histograms : dict of str to Histogram, optional
        Of the activations of each ReLU, where they are known already.

    Returns
    -------
    dict of str to ndarray, shape (channels,) each
        A channel that is never active takes the scale of the layer, and a layer that is never active takes 1. No scale
        is above the bound of a clipped ReLU; that of a staircase is its bound, so that its levels are spikes.

    Raises
    ------
    ConversionError
        When the normalisation is unknown.
    """
    names, scale = graph.names(ReLU), data_based(normalisation)
    if scale is None:
        found = relu_bounds(graph, float(images.min()), float(images.max()), per_channel)
    else:
        known = observe(graph, images, names, show_progress) if histograms is None else histograms
        found = {name: _scale(known[name], scale, per_channel) for name in names}
    return {
        name: at_most_the_bound(graph.layer(name, ReLU), np.where(scale > 0, scale, 1)) for name, scale in found.items()
    }


def input_scale(graph: Graph, images: np.ndarray) -> np.ndarray:
    """Return the largest absolute value of the images, for each channel the same; 1 if all are 0."""
    (name,) = graph.names(Input)
    return np.full(graph.shapes[name][0], max(-float(images.min()), float(images.max())) or 1.0)


def data_based(normalisation: str) -> Callable[[Histogram], np.ndarray] | None:
    """Return the function that a normalisation applies to each histogram of activations, None for the model-based one.

    Raises
    ------
    ConversionError
        When it is unknown.
    """
    kind, _, number = str(normalisation).partition(":")
    if normalisation in ("model", "maximum"):
        return {"model": None, "maximum": attrgetter("maximum")}[normalisation]
    try:
        if kind == "percentile" and 0 < float(number) < 100:
            return methodcaller("percentile", float(number))
        if kind == "percentile" and float(number) == 100:
            return attrgetter("maximum")
        if kind == "error" and int(number) > 0:
            return partial(least_error, levels=int(number))
    except ValueError:
        pass
    raise ConversionError(
        f"normalisation is {normalisation!r}; expected 'model', 'maximum', 'percentile:P' with P above 0, at most 100, "
        "'error:STEPS' or 'spikes:STEPS' with at least 1 step"
    )


def at_most_the_bound(layer: ReLU, scale: np.ndarray) -> np.ndarray:
    """Return a scale that is not above the bound of a clipped ReLU; that of a staircase is its bound."""
    if layer.bound is None:
        return scale
    return np.full_like(scale, layer.bound) if layer.levels else np.minimum(scale, layer.bound)


def _scale(histogram, scale, per_channel):
    layer = scale(histogram.of_all())
    if not per_channel:
        return np.full_like(histogram.maximum, layer)
    channels = scale(histogram)
    return np.where(channels > 0, channels, layer)
