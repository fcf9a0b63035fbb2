"""Several tensors in one: concatenated, stacked, or written into another."""

from collections.abc import Sequence
from typing import Any

import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import Concatenate
from stdpnet.conversion.importers.pytorch.operations.activations import masked_fill
from stdpnet.conversion.importers.pytorch.symbols import Mask, Symbol


def cat(call, tensors: Sequence[Any], dim: int = 0, out: Any = None, axis: int | None = None) -> Symbol:
    """Concatenate; channels side by side are a `Concatenate` by themselves."""
    dim = dim if axis is None else axis
    tensors = [one for one in tensors if one.shape != (0,)]
    if len(tensors) == 1:
        return tensors[0]
    build, along = call.builder, dim % len(tensors[0].shape)
    if along == 1 and all(isinstance(one, Symbol) for one in tensors):
        return build.node(Concatenate(), *(build.settled(one) for one in tensors))
    return _together(call, tensors, lambda parts: torch.cat(parts, dim))


def stack(call, tensors: Sequence[Any], dim: int = 0, out: Any = None) -> Symbol:
    """Concatenate along a new axis."""
    return _together(call, list(tensors), lambda parts: torch.stack(parts, dim))


def hstack(call, tensors: Sequence[Any], out: Any = None) -> Symbol:
    """Concatenate along the second axis, the channels or features."""
    return cat(call, tensors, 1)


def setitem(call, target: Any, index: Any, value: Any) -> Symbol:
    """``target[index] = value``; what the target was before is the result of the call."""
    if isinstance(index, Mask) and isinstance(target, Symbol):
        return masked_fill(call, target, index, value)
    before = target if isinstance(target, Symbol) else call.result

    def written(parts):
        changed = parts[0].clone()
        changed[index] = parts[1]
        return changed

    return _together(call, [before, value], written)


def _together(call, tensors, move):
    """Return what a function that moves values about makes of several tensors, constants among them."""
    if not all(isinstance(one, Symbol | torch.Tensor | float | int) for one in tensors):
        raise ConversionError("joins where a tensor is positive, a jump; train with ReLU")
    symbols = [one for one in tensors if isinstance(one, Symbol)]
    joined = iter(call.builder.joined(symbols))
    placed = [next(joined) if isinstance(one, Symbol) else None for one in tensors]
    numbers = [
        torch.zeros_like(torch.as_tensor(one, dtype=torch.float64)) if symbol is None else symbol.numbered()
        for one, symbol in zip(tensors, placed, strict=True)
    ]
    constant = move(
        [
            torch.as_tensor(one, dtype=torch.float64)
            if symbol is None
            else torch.zeros(symbol.shape, dtype=torch.float64)
            for one, symbol in zip(tensors, placed, strict=True)
        ]
    )
    whole = next(symbol for symbol in placed if symbol is not None)
    found = Symbol(whole.node, whole.source, move(numbers), call.builder.name)
    return call.builder.affine(found, offset=constant) if (constant != 0).any() else found


READERS = {"cat concat concatenate": cat, "stack": stack, "hstack column_stack": hstack, "setitem": setitem}
