"""Passes: from a graph to a graph."""

from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.passes.batch_normalisation import fold_batch_normalisation
from stdpnet.conversion.passes.dropout import remove_dropout
from stdpnet.conversion.passes.softmax import split_softmax


def simplify(graph: Graph) -> Graph:
    """Return a graph of the layers that the spiking side knows, without dropout, batch normalisation and softmax.

    It computes the same, up to the softmax before the output.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        Naming the layer that cannot be put into others.
    """
    return split_softmax(fold_batch_normalisation(remove_dropout(graph)))
