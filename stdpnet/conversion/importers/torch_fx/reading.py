"""From the operations of a module to the nodes of a graph."""

import inspect
from itertools import count
from typing import Any

import torch
from torch.fx.node import map_arg
from torch.nn.utils.parametrize import type_before_parametrizations

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.importers.torch_fx.functions import FUNCTIONS, METHODS
from stdpnet.conversion.importers.torch_fx.modules import MODULES
from stdpnet.conversion.importers.torch_fx.refusal import CONSTANT, refusal, unknown

#: What operations give that only tells others how to work, such as sizes.
_SETTINGS = (int, float, str, torch.Size, torch.dtype, torch.device, type(None))


def read(
    model: torch.nn.Module, traced: torch.fx.Graph, values: dict[torch.fx.Node, Any]
) -> tuple[Graph, dict[torch.fx.Node, str]]:
    """Turn traced operations into a graph.

    Parameters
    ----------
    model : torch.nn.Module
    traced : torch.fx.Graph
    values : dict of torch.fx.Node to object
        From `record`.

    Returns
    -------
    graph : Graph
    names : dict of torch.fx.Node to str
        The node of the graph that gives each operation's output.

    Raises
    ------
    ConversionError
        About the first operation that cannot be converted.
    """
    nodes: dict[str, Node] = {}
    names: dict[torch.fx.Node, str] = {}
    needed = _needed(traced, values)
    for node in filter(needed.__contains__, traced.nodes):
        sources = _sources(node, needed)
        if node.op == "output":
            if not isinstance(node.args[0], torch.fx.Node):
                found = type(node.args[0]).__name__.removeprefix("immutable_")
                raise ConversionError(f"{type(model).__name__} returns a {found}; expected one tensor")
            if node.args[0] not in names:
                raise ConversionError(f"the output of {type(model).__name__} is no tensor that depends on the images")
            nodes["output"] = Node(layers.Output(), (names[node.args[0]],))
        elif node.op == "placeholder":
            nodes["input"] = Node(layers.Input(tuple(values[node].shape[1:])))
            names[node] = "input"
        elif any(source in names for source in sources):  # what depends on no image is a constant
            function, first = _function(node, model)
            if any(source not in names for source in sources):
                raise refusal(node, model, CONSTANT)
            taken = [names[source] for source in sources]
            for layer in _layers(node, model, function, [*first, values[node]], values):
                name = _free_name(node, nodes)
                nodes[name] = Node(layer, tuple(taken))
                taken = [name]
            names[node] = taken[0]
    return Graph(nodes), names


def _function(node, model):
    """Return the function that reads an operation, and its first argument, the module, if there is one."""
    if node.op == "call_module":
        module = model.get_submodule(node.target)
        function, first = MODULES.get(type_before_parametrizations(module)), [module]
    else:
        function, first = (METHODS if node.op == "call_method" else FUNCTIONS).get(node.target), []
    if function is None:
        raise unknown(node, model)
    return function, first


def _layers(node, model, function, first, values):
    """Return the layers, one after the other, that compute what an operation does; none if it changes nothing."""
    args, kwargs = map_arg(node.args, values.get), map_arg(node.kwargs, values.get)
    try:
        bound = inspect.signature(function).bind(*first, *args, **kwargs)
    except TypeError as error:
        raise refusal(node, model, f"is called in a way that cannot be converted: {error}") from None
    try:
        return function(*bound.args, **bound.kwargs)
    except ConversionError as error:
        raise refusal(node, model, str(error)) from None


def _needed(traced, values):
    """Return the operations that the output is computed from, without those that only give settings."""
    found, waiting = set(), [node for node in traced.nodes if node.op == "output"]
    while waiting:
        node = waiting.pop()
        if node not in found and (node.op == "output" or not isinstance(values[node], _SETTINGS)):
            found.add(node)
            waiting.extend(node.all_input_nodes)
    return found


def _sources(node, needed):
    """Return what an operation takes, as often as it takes it, in order."""
    taken = []
    map_arg((node.args, node.kwargs), taken.append)
    return [source for source in taken if source in needed]


def _free_name(node, nodes):
    base = node.target if node.op == "call_module" else node.name
    names = (f"{base}_{i}" if i > 1 else base for i in count(1))
    return next(name for name in names if name not in (*nodes, "output"))
