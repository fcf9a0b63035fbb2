"""What stands last, such as softmax, and needs other means than integrate-and-fire neurons."""

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.endings import ENDINGS
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Output


def split_softmax(graph: Graph) -> Graph:
    """Return the graph without the softmax, sigmoid or tanh before its output: the scores keep their order.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        When one of these stands elsewhere.
    """
    found = graph.names(*ENDINGS)
    for name in found:
        if not all(isinstance(graph.nodes[consumer].layer, Output) for consumer in graph.consumers(name)):
            kind = type(graph.nodes[name].layer).__name__.lower()
            raise ConversionError(
                f"{name}: a {kind} before {', '.join(graph.consumers(name))}; "
                "expected it before the output only, "
                "where a readout replaces it"
            )
    return graph.without(found)
