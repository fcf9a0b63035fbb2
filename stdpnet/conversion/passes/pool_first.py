"""Max pooling before the neurons instead of after them."""

from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import MaxPooling, ReLU
from stdpnet.conversion.graph.rates import RateCurve


def move_pooling_first(graph: Graph) -> Graph:
    """Return a graph that computes the same, with max pooling before ReLU wherever only the pooling takes its output.

    Since ReLU, and a rate curve, grow monotonically, both orders give the same values. Pooling first leaves a neuron
    for each window instead of one for each place in it. Every layer keeps its name.
    """
    for name in graph.names(MaxPooling):
        while (relu := _relu_before(graph, name)) is not None:
            graph = _exchanged(graph, relu, name)
    return graph


def _relu_before(graph, pooling):
    """Return the name of the ReLU that only this pooling takes, or None."""
    (source,) = graph.nodes[pooling].inputs
    alone = isinstance(graph.nodes[source].layer, ReLU | RateCurve) and graph.consumers(source) == [pooling]
    return source if alone else None


def _exchanged(graph, relu, pooling):
    nodes = {}
    for name, node in graph.nodes.items():
        if name == relu:
            nodes[pooling] = Node(graph.nodes[pooling].layer, node.inputs)
        elif name == pooling:
            nodes[relu] = Node(graph.nodes[relu].layer, (pooling,))
        else:
            nodes[name] = Node(node.layer, tuple(relu if source == pooling else source for source in node.inputs))
    return Graph(nodes)
