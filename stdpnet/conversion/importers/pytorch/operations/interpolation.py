"""Up- and down-sampling: nearest values are a selection, others a sum of a few values along each axis."""

from typing import Any

import numpy as np
import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.maps import LinearMap
from stdpnet.conversion.importers.pytorch.symbols import Symbol


def interpolate(call, input: Symbol, *args: Any, **kwargs: Any) -> Symbol:
    """Interpolate by nearest values, or linearly, bilinearly, bicubically or by area."""
    mode = kwargs.get("mode", args[2] if len(args) > 2 else "nearest")
    if mode in ("nearest", "nearest-exact"):
        return input.moved(lambda numbers: call.func(numbers, *args, **kwargs), call.builder.name)
    if input.ndim == 3:
        (weights,) = _along(call, (input.shape[2],), args, kwargs)
        found = separable(call, input.moved(lambda x: x.unsqueeze(2)), np.ones((1, 1)), weights)
        return found.moved(lambda x: x.squeeze(2))
    if input.ndim != 4:
        raise ConversionError(f"interpolates {input.ndim - 2} axes; expected one or two, or mode='nearest'")
    return separable(call, input, *_along(call, input.shape[2:], args, kwargs))


def _along(call, sizes, args, kwargs):
    """Return the weights along each axis, from images that change along it alone: other axes' weights sum to 1."""
    found = []
    for axis, size in enumerate(sizes):
        shape = [1] * len(sizes)
        shape[axis] = size
        steps = torch.eye(size, dtype=torch.float64).reshape(size, 1, *shape).expand(size, 1, *sizes)
        answers = call.func(steps.contiguous(), *args, **kwargs)[:, 0]
        other = tuple(slice(None) if place == axis else 0 for place in range(len(sizes)))
        found.append(answers[(slice(None), *other)].T.numpy())
    return found


def separable(call, input: Symbol, rows: np.ndarray, columns: np.ndarray) -> Symbol:
    """Return sums along height and width.

    Parameters
    ----------
    call : Call
    input : Symbol
        Of a tensor (images, channels, height, width).
    rows, columns : ndarray, shape (outputs, inputs)
        Weights along height and width, of which each output has few.

    Returns
    -------
    Symbol
    """
    node = call.builder.settled(input)
    numbers = np.arange(np.prod(input.shape[1:]), dtype=np.int32).reshape(input.shape[1:])
    places, weights = [], []
    for down, above in _terms(rows):
        for right, beside in _terms(columns):
            weight = above[:, None] * beside
            places.append(np.where(weight != 0, numbers[:, down][..., right], -1))
            weights.append(weight[None])
    layer = LinearMap(tuple(input.shape[1:]), np.stack(places).astype(np.int32), np.stack(weights), np.zeros((1, 1, 1)))
    return call.builder.node(layer, node)


def _terms(weights):
    """Return for each of a few terms which input an output takes, and with which weight."""
    order = np.argsort(weights == 0, axis=1, kind="stable")[:, : max(1, (weights != 0).sum(axis=1).max())]
    taken = np.take_along_axis(weights, order, axis=1)
    return list(zip(order.T, taken.T, strict=True))


READERS = {"interpolate upsample upsample_nearest upsample_bilinear": interpolate}
