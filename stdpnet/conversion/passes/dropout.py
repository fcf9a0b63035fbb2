"""Dropout is for training only."""

from stdpnet.conversion.graph.layers import Dropout


def remove_dropout(graph):
    """Return the graph without its `Dropout` layers, which change nothing after training."""
    return graph.without(graph.names(Dropout))
