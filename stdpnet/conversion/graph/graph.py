"""A network as a graph of named layers, in the order in which they are computed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import Input, Layer, Output, Shape

Kind = TypeVar("Kind", bound=Layer)


@dataclass(frozen=True)
class Node:
    """A layer and the names of the nodes whose outputs it takes."""

    layer: Layer
    inputs: tuple[str, ...] = ()


class Graph:
    """Nodes in topological order, with one `Input` and one `Output`.

    Parameters
    ----------
    nodes : mapping of str to Node
        Each node after those it takes its inputs from.

    Attributes
    ----------
    shapes : dict of str to tuple of int
        The shape of each node's output, without the batch.

    Raises
    ------
    ConversionError
        Naming the node, when the order, the number of inputs or the shapes do not fit, when numbers
        are not finite, or when a node leads nowhere.

    Examples
    --------
    >>> from stdpnet.conversion.graph.layers import Dense, ReLU
    >>> hidden = Dense(np.array([[1.0, -1.0], [0.5, 0.5], [0.0, 2.0]]), np.zeros(3))
    >>> graph = Graph(
    ...     {
    ...         "image": Node(Input((2,))),
    ...         "hidden": Node(hidden, ("image",)),
    ...         "relu": Node(ReLU(), ("hidden",)),
    ...         "scores": Node(Output(), ("relu",)),
    ...     }
    ... )
    >>> graph
    Graph of 4 nodes: (2,) to (3,), 9 weights and biases
      image   Input   (2,)
      hidden  Dense   (3,)
      relu    ReLU    (3,)
      scores  Output  (3,)
    >>> from stdpnet.conversion.graph.forward import scores
    >>> scores(graph, np.array([[1.0, 2.0]]))
    array([[0. , 1.5, 4. ]])
    """

    def __init__(self, nodes: Mapping[str, Node]):
        self.nodes = dict(nodes)
        self.shapes: dict[str, Shape] = {}
        for name, node in self.nodes.items():
            missing = [source for source in node.inputs if source not in self.shapes]
            if missing:
                raise ConversionError(f"{name}: input {missing[0]!r} is not among the nodes before it")
            arity, given = node.layer.arity, len(node.inputs)
            if given != arity if arity is not None else given < 2:
                raise ConversionError(
                    f"{name}: has {given} inputs, expected {'two or more' if arity is None else arity}"
                )
            for field, array in node.layer.arrays().items():
                if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
                    raise ConversionError(
                        f"{name}: {field} holds values that are not finite numbers; expected a trained model"
                    )
            try:
                self.shapes[name] = node.layer.output_shape(*(self.shapes[source] for source in node.inputs))
            except ConversionError as error:
                raise ConversionError(f"{name} ({type(node.layer).__name__}): {error}") from None
        for kind in (Input, Output):
            found = [name for name, node in self.nodes.items() if isinstance(node.layer, kind)]
            if len(found) != 1:
                raise ConversionError(f"expected one {kind.__name__} node, found {len(found)}: {', '.join(found)}")
        for name, node in self.nodes.items():
            if not self.consumers(name) and not isinstance(node.layer, Output):
                raise ConversionError(f"{name}: no node takes its output")

    def __repr__(self):
        """Return the nodes in order, with kind and shape, and with their inputs if these are not the node above."""
        (source,), (output,) = self.names(Input), self.names(Output)
        arrays = (item for node in self.nodes.values() for item in node.layer.arrays().items())
        size = sum(array.size for field, array in arrays if field != "places")
        head = f"Graph of {len(self.nodes)} nodes: {self.shapes[source]} to {self.shapes[output]}"
        return "\n".join([f"{head}, {size:,} weights and biases", *self.lines()])

    @property
    def largest(self) -> int:
        """Values of the largest node, for one image."""
        return max(int(np.prod(shape)) for shape in self.shapes.values())

    def lines(self) -> list[str]:
        """Return a line for each node, as the graph is shown."""
        kinds = {name: type(node.layer).__name__ for name, node in self.nodes.items()}
        wide, long = max(map(len, self.nodes)), max(map(len, kinds.values()))
        found, above = [], ""
        for name, node in self.nodes.items():
            origin = "" if node.inputs in ((), (above,)) else f"  from {', '.join(node.inputs)}"
            found.append(f"  {name:<{wide}}  {kinds[name]:<{long}}  {self.shapes[name]}{origin}")
            above = name
        return found

    def consumers(self, name: str) -> list[str]:
        """Return the names of the nodes that take the output of `name`."""
        return [other for other, node in self.nodes.items() if name in node.inputs]

    def names(self, *kinds: type[Layer]) -> list[str]:
        """Return the names of the nodes whose layer is of one of the kinds, in order."""
        return [name for name, node in self.nodes.items() if isinstance(node.layer, kinds)]

    def layer(self, name: str, kind: type[Kind]) -> Kind:
        """Return the layer of a node, which is of this kind.

        Raises
        ------
        TypeError
            When it is of another.
        """
        found = self.nodes[name].layer
        if not isinstance(found, kind):
            raise TypeError(f"{name} is a {type(found).__name__}, not a {kind.__name__}")
        return found

    def with_layers(self, layers: Mapping[str, Layer]) -> "Graph":
        """Return a graph with other layers in the nodes of the given names.

        Parameters
        ----------
        layers : dict of str to Layer
        """
        return Graph({name: Node(layers.get(name, node.layer), node.inputs) for name, node in self.nodes.items()})

    def without(self, names: Collection[str]) -> "Graph":
        """Return a graph without nodes of one input: what took their output takes their input."""
        nodes: dict[str, Node] = {}
        instead: dict[str, str] = {}
        for name, node in self.nodes.items():
            inputs = tuple(instead.get(source, source) for source in node.inputs)
            if name in names:
                (instead[name],) = inputs
            else:
                nodes[name] = Node(node.layer, inputs)
        return Graph(nodes)
