"""Dropout is for training only."""

from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Dropout


def remove_dropout(graph: Graph) -> Graph:
    """Return the graph without its `Dropout` layers, which change nothing after training."""
    return graph.without(graph.names(Dropout))
