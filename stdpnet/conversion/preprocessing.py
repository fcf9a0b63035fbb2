"""How images become inputs of a network: with a mean and a standard deviation, and signs that they did otherwise."""

import logging
from collections.abc import Sequence
from itertools import count

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.forward import images_at_once, outputs
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import BatchNormalisation, Input
from stdpnet.conversion.graph.maps import Affine

log = logging.getLogger(__name__)

#: Images by which inputs are judged.
IMAGES = 100
#: Fewer images than these set scales that others go beyond.
FEW = 20
#: How many standard deviations of the training the mean of a channel may be off, in the median over the channels, and
#: how many times larger or smaller the standard deviation may be.
FAR, TIMES = 1.0, 2.0


def with_preprocessing(graph: Graph, mean: float | Sequence[float], std: float | Sequence[float]) -> Graph:
    """Return a graph that takes images as they are and computes ``(image - mean) / std`` first.

    Parameters
    ----------
    graph : Graph
        As imported, of a network that was trained on such inputs.
    mean, std : float or sequence of float
        One number, or one for each channel.

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        When they are not finite, not one for each channel, or `std` is not above 0.

    Examples
    --------
    >>> from stdpnet.conversion.graph.layers import Output
    >>> graph = Graph({"image": Node(Input((1, 2, 2))), "scores": Node(Output(), ("image",))})
    >>> with_preprocessing(graph, 0.5, 0.25)
    Graph of 3 nodes: (1, 2, 2) to (1, 2, 2), 2 weights and biases
      image          Input   (1, 2, 2)
      preprocessing  Affine  (1, 2, 2)
      scores         Output  (1, 2, 2)
    """
    (source,) = graph.names(Input)
    channels = graph.shapes[source][0]
    given = {}
    for what, value in (("mean", mean), ("std", std)):
        values = np.atleast_1d(np.asarray(value, float))
        if values.shape not in ((1,), (channels,)) or not np.isfinite(values).all():
            raise ConversionError(
                f"{what} is {value}; expected one finite number, or one for each of {channels} channels"
            )
        given[what] = np.broadcast_to(values, channels)
    if not (given["std"] > 0).all():
        raise ConversionError(f"std is {std}; expected above 0")
    layer = Affine(1 / given["std"], -given["mean"] / given["std"])
    name = next(name for k in count() if (name := "preprocessing" + "_" * k) not in graph.nodes)
    nodes = {source: graph.nodes[source], name: Node(layer, (source,))}
    for other, node in graph.nodes.items():
        if other != source:
            nodes[other] = Node(node.layer, tuple(name if one == source else one for one in node.inputs))
    return Graph(nodes)


def warn_of_few(n_images: int) -> None:
    """Say in the log when few images set the scales."""
    if n_images < FEW:
        log.warning(
            "only %d image%s the scales: larger activations than theirs will be cut off; expected some hundreds of the "
            "training images",
            *(n_images, " sets" if n_images == 1 else "s set"),
        )


def warn_of_other_inputs(graph: Graph, images: np.ndarray) -> None:
    """Say in the log when what a network sees is not what its first batch normalisation saw in the training.

    Parameters
    ----------
    graph : Graph
        As imported. Without batch normalisation nothing is known of the training.
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
    """
    names = graph.names(BatchNormalisation)
    if not names:
        return
    layer, (source,) = graph.layer(names[0], BatchNormalisation), graph.nodes[names[0]].inputs
    mean, spread = _statistics(graph, images[:IMAGES], source)
    usual = np.sqrt(layer.variance)
    off = np.median(np.abs(mean - layer.mean) / np.where(usual > 0, usual, 1))
    times = np.median(spread / np.where(usual > 0, usual, 1))
    if off > FAR or not 1 / TIMES < times < TIMES:
        log.warning(
            "%s: these images bring it values %.2g standard deviations off those of the training, and %.2g times as "
            "wide: are they scaled as they were then (mean, standard deviation, 0 to 1 or 0 to 255)?",
            *(names[0], off, times),
        )


def _statistics(graph, images, name):
    """Return mean and standard deviation of the channels of a node."""
    together, found = images_at_once(graph), []
    for start in range(0, len(images), together):
        values = next(value for node, value in outputs(graph, images[start : start + together]) if node == name)
        rows = np.moveaxis(values, 1, -1).reshape(-1, values.shape[1]).astype(float)
        found.append((len(rows), rows.mean(axis=0), rows.var(axis=0)))
    counts, means, variances = (np.array(part) for part in zip(*found, strict=True))
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(axis=0)
    return mean, np.sqrt((share * (variances + (means - mean) ** 2)).sum(axis=0))
