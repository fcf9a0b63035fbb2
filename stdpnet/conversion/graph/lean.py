"""Large weights in half the memory, where that changes no number."""

from dataclasses import replace

import numpy as np

from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Dense

#: Fewer values are not worth it.
LARGE = 2**20
#: Values that are computed with at a time.
TOGETHER = 2**22


def row_parts(array: np.ndarray) -> list[slice]:
    """Return slices of the rows of an array that are small enough to be computed with in double precision.

    Examples
    --------
    >>> row_parts(np.empty((3, 2**21), np.float32))
    [slice(0, 2, None), slice(2, 4, None)]
    """
    rows = max(1, TOGETHER // array[0].size)
    return [slice(start, start + rows) for start in range(0, len(array), rows)]


def lean(array: np.ndarray) -> np.ndarray:
    """Return a large array in single precision if that holds each of its numbers; others as they are.

    Examples
    --------
    >>> lean(np.full(2**20, 0.5)).dtype, lean(np.full(2**20, 0.1)).dtype, lean(np.full(9, 0.5)).dtype
    (dtype('float32'), dtype('float64'), dtype('float64'))
    """
    return array if array.size < LARGE or array.dtype != np.float64 else single(array)


def single(array: np.ndarray) -> np.ndarray:
    """Return an array in single precision if that holds each of its numbers, else as it is."""
    with np.errstate(over="ignore"):
        small = array.astype(np.float32)
    return small if np.array_equal(small, array) else array


def with_lean_weights(graph: Graph) -> Graph:
    """Return a graph whose dense layers hold their weights as `lean` does: what a module in single precision has."""
    dense = {name: graph.layer(name, Dense) for name in graph.names(Dense)}
    return graph.with_layers({name: replace(layer, weights=lean(layer.weights)) for name, layer in dense.items()})
