"""The graph of a module while it is read: nodes, and how values that were moved about become one."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import Add, Concatenate, Flatten, Input, Layer, Output, ReLU, Shape
from stdpnet.conversion.graph.maps import Affine, LinearMap, scaled
from stdpnet.conversion.importers.pytorch.symbols import Symbol


def constant(value: Any) -> torch.Tensor:
    """Return a number or a tensor that depends on no image as a tensor of float64."""
    return torch.as_tensor(value, dtype=torch.float64).detach()


class Builder:
    """Gathers nodes; `name` is what those of the present operation are called.

    Parameters
    ----------
    shape : tuple of int
        Of an image.
    """

    def __init__(self, shape: Shape):
        self.nodes = {"input": Node(Input(shape))}
        self.shapes: dict[str, Shape] = {"input": shape}
        self.name = ""

    def node(self, layer: Layer, *sources: str, name: str = "") -> Symbol:
        """Add a node, and return the symbol of its output.

        Parameters
        ----------
        layer : Layer
        *sources : str
            Names of the nodes that it takes.
        name : str
            If not that of the operation.

        Returns
        -------
        Symbol
        """
        base = name or self.name
        found, count = base, 1
        while found in self.nodes or found == "output":
            count += 1
            found = f"{base}_{count}"
        self.nodes[found] = Node(layer, sources)
        self.shapes[found] = layer.output_shape(*(self.shapes[source] for source in sources))
        return Symbol(found, self.shapes[found], name=found)

    def settled(self, symbol: Symbol) -> str:
        """Return the node whose output is what a tensor holds; a map is made if there is none yet.

        Raises
        ------
        ConversionError
            When images are not kept apart.
        """
        if symbol.numbers is None:
            return symbol.node
        if "node" not in symbol.found:
            symbol.found["node"] = self._settle(symbol, symbol.places())
        return symbol.found["node"]

    def _settle(self, symbol, places):
        if places.size == symbol.size and (places.ravel() == np.arange(symbol.size)).all():
            if places.shape == symbol.source:
                return symbol.node
            if places.ndim == 1:
                return self.node(Flatten(), symbol.node, name=symbol.name).node
        ones, zeros = np.ones((1,) * (places.ndim + 1)), np.zeros((1,) * places.ndim)
        layer = LinearMap(symbol.source, places[None], ones, zeros)
        return self.node(layer, symbol.node, name=f"{symbol.name} places").node

    def layer(self, layer: Layer, symbol: Symbol) -> Symbol:
        """Add a layer that takes a tensor as it is, and return its output."""
        return self.node(layer, self.settled(symbol))

    def each(self, layer: Layer, symbol: Symbol) -> Symbol:
        """Add a layer that does the same to every value; the values stay where they are."""
        symbol = self._whole(symbol)
        return Symbol(self.node(layer, symbol.node).node, symbol.source, symbol.numbers, symbol.name)

    def _whole(self, symbol):
        """Return a symbol that holds every value of a node once."""
        if symbol.holds_all():
            return symbol
        if symbol.ndim == 1:  # a number for each image
            return self._whole(symbol.moved(lambda x: x.unsqueeze(1))).moved(lambda x: x.squeeze(1))
        node = self.settled(symbol)
        return Symbol(node, self.shapes[node])

    def relu(self, symbol: Symbol) -> Symbol:
        """Return the rectified tensor."""
        return self.each(ReLU(), symbol)

    def affine(self, symbol: Symbol, factor: Any = 1.0, offset: Any = 0.0) -> Symbol:
        """Return a tensor times a factor, plus an offset.

        Parameters
        ----------
        symbol : Symbol
        factor, offset : number or tensor
            Are broadcast with the tensor.

        Returns
        -------
        Symbol

        Raises
        ------
        ConversionError
            When one differs between images, or is not a finite number.
        """
        factor, offset = (constant(value) for value in (factor, offset))
        if not (torch.isfinite(factor).all() and torch.isfinite(offset).all()):
            raise ConversionError("takes a constant that is not finite; expected finite numbers")
        shape = torch.broadcast_shapes(symbol.shape, factor.shape, offset.shape)
        if shape != symbol.shape:
            symbol = self.expanded(symbol, shape)
        if (factor == 1).all() and (offset == 0).all():
            return symbol
        symbol = self._whole(symbol)
        channels = self.shapes[symbol.node][0]
        factor, offset = (self._in_node(symbol, value, channels) for value in (factor, offset))
        if factor.ndim == offset.ndim == 1:
            return self.each(Affine(factor, offset), symbol)
        factor, offset = (
            value.reshape(-1, *(1,) * (len(symbol.source) - 1)) if value.ndim == 1 else value
            for value in (factor, offset)
        )
        return self.each(scaled(np.broadcast_to(factor, symbol.source).copy(), offset.reshape(offset.shape)), symbol)

    def _in_node(self, symbol, value, channels):
        """Return a constant in the shape of the node's output, or of its channels where they are alike."""
        if value.numel() == 1:
            return np.full(channels, value.item())
        if symbol.numbers is None and value.ndim > symbol.ndim - 2 >= 0:
            axes = value.shape[max(0, value.ndim - symbol.ndim + 2) :]
            if set(axes) <= {1} and (value.ndim < symbol.ndim or len(value) == 1) and value.numel() == channels:
                return value.flatten().numpy().copy()
        full = value.expand(symbol.shape)
        if not torch.equal(full[0], full[-1]) and not torch.isnan(full).any():
            raise ConversionError("takes a constant that differs between images; expected one for all")
        array = np.empty(symbol.size)
        array[symbol.places().ravel()] = full[0].flatten().numpy()
        by_channel = array.reshape(channels, -1)
        if (by_channel == by_channel[:, :1]).all():
            return by_channel[:, 0].copy()
        return array.reshape(symbol.source)

    def expanded(self, symbol: Symbol, shape: Iterable[int]) -> Symbol:
        """Return a tensor whose values are repeated, as broadcasting does."""
        return symbol.moved(lambda numbers: numbers.expand(torch.Size(shape)), self.name)

    def add(self, *symbols: Symbol) -> Symbol:
        """Add tensors, which are broadcast to one shape, and return the sum."""
        shape = torch.broadcast_shapes(*(symbol.shape for symbol in symbols))
        symbols = tuple(symbol if symbol.shape == shape else self.expanded(symbol, shape) for symbol in symbols)
        first, *others = symbols
        if all(first.lies_as(other) for other in others) and first.holds_all():
            found = self.node(Add(), *(symbol.node for symbol in symbols))
            return Symbol(found.node, first.source, first.numbers, first.name)
        if len(shape) == 1:  # a number for each image
            return self.add(*(s.moved(lambda x: x.unsqueeze(1)) for s in symbols)).moved(lambda x: x.squeeze(1))
        return self.node(Add(), *(self.settled(symbol) for symbol in symbols))

    def joined(self, symbols: list[Symbol]) -> list[Symbol]:
        """Return where the values of several tensors are after those of their nodes were put into one node."""
        names = list(dict.fromkeys(symbol.node for symbol in symbols))
        if len(names) == 1:
            return symbols
        rows = {
            name: name if len(self.shapes[name]) == 1 else self.node(Flatten(), name, name=f"{name} row").node
            for name in names
        }
        whole = self.node(Concatenate(), *rows.values())
        starts = dict(zip(names, np.cumsum([0, *(int(np.prod(self.shapes[name])) for name in names)]), strict=False))
        return [self._within(symbol, whole, int(starts[symbol.node])) for symbol in symbols]

    def _within(self, symbol, whole, start):
        def move(numbers):
            image, place = torch.div(numbers - 1, symbol.size, rounding_mode="floor"), (numbers - 1) % symbol.size
            return torch.where(numbers > 0, image * whole.size + place + start + 1, 0)

        return Symbol(whole.node, whole.source, move(symbol.numbered()), self.name)

    def graph(self, symbol: Symbol) -> Graph:
        """Return the graph whose output is a tensor, without nodes that it does not depend on."""
        self.node(Output(), self.settled(symbol), name="output ")  # "output" itself is kept for it
        nodes = {name.rstrip(): node for name, node in self.nodes.items()}
        needed = {"output", "input"}
        for name in reversed(nodes):
            if name in needed:
                needed.update(nodes[name].inputs)
        return Graph({name: node for name, node in nodes.items() if name in needed})
