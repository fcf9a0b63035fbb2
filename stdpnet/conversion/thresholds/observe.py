"""What values the nodes of a graph take on images, without keeping them."""

from collections.abc import Collection

import numpy as np

from stdpnet.base.progress import progress_bar
from stdpnet.conversion.graph.forward import images_at_once, outputs
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.thresholds.histogram import Histogram


def observe(
    graph: Graph, images: np.ndarray, names: Collection[str], show_progress: bool = False
) -> dict[str, Histogram]:
    """Run images through a graph and gather the positive values of some nodes in histograms.

    Zeros do not count, as in the toolbox of Rueckauer et al. (2017): after ReLU most values are zero,
    and how many they are says nothing about the range that the others need.

    Parameters
    ----------
    graph : Graph
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
    names : collection of str
        The nodes to look at.
    show_progress : bool

    Returns
    -------
    dict of str to Histogram
        One channel for each channel or feature of the node.
    """
    histograms = {name: Histogram(graph.shapes[name][0]) for name in names}
    with progress_bar(len(images), 0, "activations", show_progress) as bar:
        together = images_at_once(graph)
        for start in range(0, len(images), together):
            batch = np.asarray(images[start : start + together], np.float32)  # a bin is wider than its rounding
            for name, values in outputs(graph, batch):
                if name in histograms:
                    histograms[name].add(np.moveaxis(values, 1, -1).reshape(-1, values.shape[1]))
            bar.update(len(batch))
    return histograms
