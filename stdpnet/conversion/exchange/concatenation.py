"""Concatenations without concatenation: weights over several inputs are a sum of weights over each."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import Add, AveragePooling, Concatenate, Convolution, Dense, Flatten


def without_concatenation(graph: Graph) -> Graph:
    r"""Return a graph that computes the same, where every node takes values of one other node or sums.

    .. math:: W \, (x_1, x_2, \dots) + b = (W_1 x_1 + b) + W_2 x_2 + \dots

    Pooling and flattening, which stand between a concatenation and the weights, are done for each part.

    Parameters
    ----------
    graph : Graph

    Returns
    -------
    Graph
        What takes a part of a concatenation has the name of the node with its number: ``"dense 2"``.

    Raises
    ------
    ConversionError
        Naming the node, when a concatenation goes into other layers.
    """
    nodes: dict[str, Node] = {}
    parts: dict[str, list[str]] = {}
    for name, node in graph.nodes.items():
        taken = [parts.get(source, [source]) for source in node.inputs]
        if isinstance(node.layer, Concatenate):
            parts[name] = [part for several in taken for part in several]
        elif all(len(several) == 1 for several in taken):
            nodes[name] = Node(node.layer, tuple(part for (part,) in taken))
        else:
            sizes = _sizes(graph, node.inputs[0])
            numbered = {f"{name} {number}": part for number, part in enumerate(taken[0], 1)}
            for (part, source), layer in zip(numbered.items(), _for_each(node.layer, sizes, name), strict=True):
                nodes[part] = Node(layer, (source,))
            if isinstance(node.layer, Convolution | Dense):
                nodes[name] = Node(Add(), tuple(numbered))
            else:
                parts[name] = list(numbered)
    return Graph(nodes)


def _sizes(graph, name) -> list[int]:
    """Return how many channels of a node's output come from each part of the concatenation before it."""
    node = graph.nodes[name]
    if isinstance(node.layer, Concatenate):
        return [size for source in node.inputs for size in _sizes(graph, source)]
    if isinstance(node.layer, AveragePooling):
        return _sizes(graph, node.inputs[0])
    if isinstance(node.layer, Flatten):
        places = int(np.prod(graph.shapes[node.inputs[0]][1:]))
        return [size * places for size in _sizes(graph, node.inputs[0])]
    return [graph.shapes[name][0]]


def _for_each(layer, sizes: Sequence[int], name):
    """Return the layer for each of several parts with these numbers of channels."""
    if isinstance(layer, AveragePooling | Flatten):
        return [layer] * len(sizes)
    if isinstance(layer, Dense) or (isinstance(layer, Convolution) and layer.groups == 1):
        weights = np.split(layer.weights, np.cumsum(sizes)[:-1], axis=1)
        biases = [layer.bias, *[np.zeros_like(layer.bias)] * (len(sizes) - 1)]
        return [replace(layer, weights=w, bias=b) for w, b in zip(weights, biases, strict=True)]
    raise ConversionError(
        f"{name}: {type(layer).__name__} of concatenated channels, for which NIR has no node; expected a convolution "
        "without groups, a dense layer, average pooling or flattening"
    )
