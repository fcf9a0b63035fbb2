"""How large a network is: neurons, synapses, weights and biases, layer by layer."""

from dataclasses import dataclass

import numpy as np

from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Convolution, Dense, Layer
from stdpnet.conversion.graph.maps import LinearMap
from stdpnet.conversion.graph.windows import Shape
from stdpnet.conversion.spiking.neurons import Neurons


@dataclass(frozen=True)
class Size:
    """What one layer, or a whole network, has.

    Attributes
    ----------
    neurons, synapses, parameters : int
        Synapses are connections: a weight of a convolution makes one at each place. Weights of 0 make none.
    """

    neurons: int = 0
    synapses: int = 0
    parameters: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))


def sizes(graph: Graph) -> dict[str, Size]:
    """Return the size of each node.

    Parameters
    ----------
    graph : Graph
        Of a spiking network, or of an analogue one, which has no neurons.

    Examples
    --------
    >>> from stdpnet.conversion.graph.graph import Node
    >>> from stdpnet.conversion.graph.layers import Input, Output
    >>> dense = Dense(np.array([[1.0, 0.0], [2.0, 3.0]]), np.zeros(2))
    >>> nodes = {"image": Node(Input((2,))), "dense": Node(dense, ("image",)), "scores": Node(Output(), ("dense",))}
    >>> sizes(Graph(nodes))["dense"]
    Size(neurons=0, synapses=3, parameters=6)
    """
    found = {}
    for name, node in graph.nodes.items():
        neurons = int(np.prod(graph.shapes[name])) if isinstance(node.layer, Neurons) else 0
        arrays = {} if isinstance(node.layer, Neurons) else node.layer.arrays()
        parameters = sum(array.size for field, array in arrays.items() if field != "places")
        shape = graph.shapes[node.inputs[0]] if node.inputs else ()
        found[name] = Size(neurons, synapses(node.layer, shape), parameters)
    return found


def synapses(layer: Layer, shape: Shape) -> int:
    """Return the number of connections of a layer with weights; 0 for others.

    Parameters
    ----------
    layer : Layer
    shape : tuple of int
        Of its input.
    """
    if isinstance(layer, Dense):
        return int(np.count_nonzero(layer.weights))
    if isinstance(layer, LinearMap):
        return 0 if layer.selects else int(np.count_nonzero((layer.places >= 0) & (layer.weights != 0)))
    if isinstance(layer, Convolution):
        # a weight connects at those places of the window that leave it inside the image
        rows, columns = (
            [_inside(place * dilation, stride, padding, n, out) for place in range(size)]
            for size, dilation, stride, padding, n, out in zip(
                *(layer.weights.shape[2:], layer.dilation, layer.stride, layer.padding),
                *(shape[1:], layer.output_shape(shape)[1:]),
                strict=True,
            )
        )
        return int((np.count_nonzero(layer.weights, axis=(0, 1)) * np.outer(rows, columns)).sum())
    return 0


def _inside(offset, stride, padding, n, out):
    """Return at how many positions of a window one of its places lies inside the image."""
    positions = np.arange(out) * stride + offset - padding
    return int(((positions >= 0) & (positions < n)).sum())
