"""The part of a spiking network that analogue images drive directly: constant currents."""

import numpy as np

from stdpnet.conversion.graph.forward import compute
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Output
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.neurons import Neurons


def constant_nodes(graph: Graph) -> list[str]:
    """Return the names of the nodes whose output does not change during the presentation of an image."""
    constant: list[str] = []
    for name, node in graph.nodes.items():
        fed = bool(node.inputs) and set(node.inputs) <= set(constant)
        if isinstance(node.layer, AnalogueInput) or (fed and not isinstance(node.layer, Neurons | Output)):
            constant.append(name)
    return constant


def constant_currents(graph: Graph, images: np.ndarray) -> dict[str, np.ndarray]:
    """Return the outputs of the constant nodes that others take.

    Computed once for an image, in double precision, and for one image after the other, so that they do not
    depend on which other images there are.

    Parameters
    ----------
    graph : Graph
        Of a spiking network.
    images : ndarray of float64, shape (n_images, *shape of the Input node)

    Returns
    -------
    dict of str to ndarray of float64, shape (n_images, *shape of the node)
        Empty with Poisson input.
    """
    constant = constant_nodes(graph)
    wanted = [name for name in constant if not set(graph.consumers(name)) <= set(constant)]
    found = {name: np.empty((len(images), *graph.shapes[name])) for name in wanted}
    for number, image in enumerate(images):
        values: dict[str, np.ndarray] = {}
        for name in constant:
            node = graph.nodes[name]
            values[name] = compute(node.layer, *([values[source] for source in node.inputs] or [image[None]]))
            if name in found:
                found[name][number] = values[name][0]
    return found
