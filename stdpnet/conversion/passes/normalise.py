"""Put scales into weights and biases, so that activations become rates between 0 and 1."""

from dataclasses import replace

import numpy as np

from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import Add, Concatenate, Convolution, Dense, Flatten, Input, Output, ReLU
from stdpnet.conversion.graph.lean import LARGE, row_parts
from stdpnet.conversion.graph.maps import LinearMap, scaled


def normalise(
    graph: Graph, relu_scales: dict[str, np.ndarray], input_scale: np.ndarray
) -> tuple[Graph, dict[str, np.ndarray]]:
    r"""Return a graph whose every node computes what it did, divided by a scale of each channel.

    Weights are multiplied by the scale of their input and divided by that of their output, biases are
    divided by that of their output:

    .. math::

        W^l_{ij} \leftarrow W^l_{ij} \, \lambda^{l-1}_j / \lambda^l_i, \qquad b^l_i \leftarrow b^l_i / \lambda^l_i

    with the scales :math:`\lambda` of input :math:`j` and output :math:`i` (Diehl et al. 2015,
    doi:10.1109/IJCNN.2015.7280696; with biases Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682; both with one
    scale in a layer).

    Concatenations take the scales of their inputs side by side, and what only selects values keeps theirs where each of
    its channels takes from channels of one scale. What is added must have one scale:
    a convolution or dense layer before an addition is given that of the ReLU after it, what comes
    from elsewhere, such as the identity shortcut of a residual block, is multiplied by the quotient of the scales.
    The output keeps scale 1.

    Parameters
    ----------
    graph : Graph
        Simplified.
    relu_scales : dict of str to ndarray, shape (channels,) each
        For each `ReLU`, positive.
    input_scale : ndarray, shape (channels,)

    Returns
    -------
    graph : Graph
        In float64, but for large weights that came in float32, with a node more wherever a shortcut is multiplied.
    scales : dict of str to ndarray, shape (channels,)
        Of each node: its value in the old graph is the new one times its scale.
    """
    demands = _demands(graph, relu_scales)
    nodes: dict[str, Node] = {}
    scales: dict[str, np.ndarray] = {}
    for name, node in graph.nodes.items():
        given = [scales[source] for source in node.inputs]
        scale = _scale(graph, name, given, demands[name], relu_scales, input_scale)
        sources = list(node.inputs)
        if isinstance(node.layer, Add | ReLU | Output):
            for place, source in enumerate(node.inputs):
                if not np.array_equal(given[place], scale):
                    between = f"{source} to {name}" + (f" ({place})" if isinstance(node.layer, Add) else "")
                    nodes[between] = Node(_multiply(given[place] / scale, graph.shapes[source]), (source,))
                    sources[place], scales[between] = between, scale
        nodes[name] = Node(_rescaled(node.layer, given, scale), tuple(sources))
        scales[name] = scale
    return Graph(nodes), scales


def _demands(graph, relu_scales):
    """Return the scale that each node should have for what comes after it, or None where nothing asks for one."""
    demands = {}
    for name in reversed(graph.nodes):
        asked = (_asked(graph, consumer, name, demands, relu_scales) for consumer in graph.consumers(name))
        demands[name] = next((scale for scale in asked if scale is not None), None)
    return demands


def _asked(graph, consumer, source, demands, relu_scales):
    layer, demand = graph.nodes[consumer].layer, demands[consumer]
    if isinstance(layer, ReLU):
        return relu_scales[consumer]
    if isinstance(layer, Output):
        return np.ones(graph.shapes[consumer][0])
    if isinstance(layer, Convolution | Dense | LinearMap) or demand is None:
        return None
    if isinstance(layer, Flatten):
        places = demand.reshape(graph.shapes[source][0], -1)
        return places[:, 0] if (places == places[:, :1]).all() else None
    if isinstance(layer, Concatenate):
        inputs = graph.nodes[consumer].inputs
        start = sum(graph.shapes[other][0] for other in inputs[: inputs.index(source)])
        return demand[start : start + graph.shapes[source][0]]
    return demand


def _scale(graph, name, given, demand, relu_scales, input_scale):
    layer = graph.nodes[name].layer
    if isinstance(layer, Input):
        return input_scale
    if isinstance(layer, ReLU):
        return relu_scales[name]
    if isinstance(layer, Output):
        return np.ones(graph.shapes[name][0])
    if isinstance(layer, Convolution | Dense):
        return np.ones(graph.shapes[name][0]) if demand is None else demand
    if isinstance(layer, LinearMap):
        kept = _selected(layer, given[0]) if layer.selects else None
        return kept if kept is not None else np.ones(layer.shape[0]) if demand is None else demand
    if isinstance(layer, Add):
        return given[0] if demand is None else demand
    if isinstance(layer, Concatenate):
        return np.concatenate(given)
    if isinstance(layer, Flatten):
        return np.repeat(given[0], graph.shapes[name][0] // len(given[0]))
    return given[0]


def _rescaled(layer, given, scale):
    if isinstance(layer, Dense):
        return replace(layer, weights=_product(layer.weights, given[0], scale), bias=layer.bias / scale)
    if isinstance(layer, Convolution):
        inputs = np.repeat(given[0].reshape(layer.groups, -1), len(scale) // layer.groups, axis=0)
        weights = layer.weights * (inputs / scale[:, None])[:, :, None, None]
        return replace(layer, weights=weights, bias=layer.bias / scale)
    if isinstance(layer, ReLU) and layer.bound is not None:
        return replace(layer, bound=layer.bound / scale)
    if isinstance(layer, LinearMap):
        return _rescaled_map(layer, given[0], scale)
    return layer


def _product(weights, given, scale):
    """Return ``weights * given / scale``; of large weights in single precision, in which they came."""
    if weights.dtype != np.float32 or weights.size < LARGE:
        return weights * given / scale[:, None]
    found = np.empty_like(weights)
    for part in row_parts(weights):
        found[part] = weights[part] * given / scale[part, None]
    return found


def _selected(layer, given):
    """Return the scale of each channel of a selection, if all its values have it in the input; else None."""
    scales = np.append(given, np.nan)[layer.channels[0]].reshape(layer.shape[0], -1)
    filled = np.where(np.isnan(scales), -np.inf, scales).max(axis=1)  # a channel of zeros takes any scale
    filled = np.where(np.isfinite(filled), filled, given[0])
    alike = np.isnan(scales) | (scales == filled[:, None])
    return filled if alike.all() else None


def _rescaled_map(layer, given, scale):
    if layer.selects and (kept := _selected(layer, given)) is not None and np.array_equal(kept, scale):
        return layer
    scale = scale.reshape(-1, *(1,) * (len(layer.shape) - 1))
    # of one scale, weights need not be told apart by place; channel -1, of no place, has none
    taken = given[0] if (given == given[0]).all() else np.append(given, 1)[layer.channels]
    return replace(layer, weights=layer.weights * taken / scale, bias=layer.bias / scale)


def _multiply(factor, shape):
    if len(shape) != 3:
        factor = np.broadcast_to(factor.reshape(-1, *(1,) * (len(shape) - 1)), shape)
        return scaled(factor)
    return Convolution(factor.reshape(-1, 1, 1, 1), np.zeros_like(factor), groups=len(factor))
