"""Max pooling before the neurons instead of after them."""

from stdpnet.conversion.graph import Graph, Node
from stdpnet.conversion.layers import MaxPooling, ReLU


def move_pooling_first(graph):
    """Return a graph that computes the same, with max pooling before ReLU wherever only the pooling takes its output.

    Since ReLU grows monotonically, both orders give the same values. Pooling first leaves a neuron for each
    window instead of one for each place in it.
    """
    nodes = dict(graph.nodes)
    for name in reversed(graph.names(MaxPooling)):
        (source,) = nodes[name].inputs
        if isinstance(nodes[source].layer, ReLU) and graph.consumers(source) == [name]:
            # each keeps its place in the order and takes the other's layer
            nodes[source], nodes[name] = (
                Node(nodes[name].layer, nodes[source].inputs),
                Node(nodes[source].layer, nodes[name].inputs),
            )
    return Graph(nodes)
