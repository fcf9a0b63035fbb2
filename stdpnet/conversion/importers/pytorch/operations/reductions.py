"""Means, sums and maxima over axes: pooling with windows that cover them."""

from typing import Any

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import AveragePooling, MaxPooling
from stdpnet.conversion.importers.pytorch.operations.activations import maximum, minimum
from stdpnet.conversion.importers.pytorch.symbols import Classes, Symbol


def mean(call, input: Symbol, dim: Any = None, keepdim: bool = False, dtype: Any = None, out: Any = None) -> Symbol:
    """Average over axes."""
    return _over(call, AveragePooling, input, dim, call.result)[0]


def total(call, input: Symbol, dim: Any = None, keepdim: bool = False, dtype: Any = None, out: Any = None) -> Symbol:
    """Sum over axes."""
    found, count = _over(call, AveragePooling, input, dim, call.result)
    return call.builder.affine(found, float(count))


def amax(call, input: Symbol, dim: Any = None, keepdim: bool = False, out: Any = None) -> Symbol:
    """Take the maximum over axes."""
    return _over(call, MaxPooling, input, dim, call.result)[0]


def amin(call, input: Symbol, dim: Any = None, keepdim: bool = False, out: Any = None) -> Symbol:
    """Take the minimum over axes."""
    return call.builder.affine(amax(call, call.builder.affine(input, -1.0), dim), -1.0)


def largest(call, input: Any, dim: Any = None, keepdim: bool = False, out: Any = None) -> Any:
    """Take the maximum over an axis, with the place of it, or the larger of two."""
    if (
        isinstance(dim, Symbol)
        or isinstance(call.result, type(None))
        or not isinstance(input, Symbol)
        or hasattr(dim, "shape")
    ):
        return maximum(call, input, dim)
    if dim is None:
        raise ConversionError(WHOLE)
    found = _over(call, MaxPooling, input, dim, call.result[0])[0]
    return found, Classes(input) if input.ndim == 2 and dim in (1, -1) else None


def smallest(call, input: Any, dim: Any = None, keepdim: bool = False, out: Any = None) -> Any:
    """Take the minimum over an axis, with the place of it, or the smaller of two."""
    if isinstance(dim, Symbol) or not isinstance(input, Symbol) or hasattr(dim, "shape"):
        return minimum(call, input, dim)
    if dim is None:
        raise ConversionError(WHOLE)
    negative = call.builder.affine(input, -1.0)
    return call.builder.affine(_over(call, MaxPooling, negative, dim, call.result[0])[0], -1.0), None


WHOLE = "goes over all axes, the images as well, so that they change each other; expected the axes to be named"


def _over(call, kind, input, dim, result):
    """Return the pooled symbol, and how many values each of its own is of."""
    if dim is None or dim == ():
        raise ConversionError(WHOLE)
    axes = sorted({axis % input.ndim for axis in (dim if isinstance(dim, tuple | list) else (dim,))})
    kept = [axis for axis in range(input.ndim) if axis not in axes]
    if not kept or (axes[0] == 0 and kept[0] != 0 and input.numbers is None):
        raise ConversionError(f"goes over dim {dim} of {input.ndim}, the images; expected axes of each image")
    count = 1
    for axis in axes:
        count *= input.shape[axis]
    if input.ndim == 4 and set(axes) <= {2, 3}:
        window = tuple(input.shape[axis] if axis in axes else 1 for axis in (2, 3))
    else:
        window, first = (1, count), input.shape[kept[0]]
        input = input.moved(lambda x: x.permute(*kept, *axes).reshape(first, -1, 1, count), f"{call.builder.name} row")
    found = call.builder.layer(kind(window, window), input)
    return found.moved(lambda x: x.reshape(result.shape)), count


READERS = {"mean": mean, "sum": total, "amax": amax, "amin": amin, "max": largest, "min": smallest}
