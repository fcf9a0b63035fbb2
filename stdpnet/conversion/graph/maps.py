"""Linear layers without a dense matrix: sums of a few values each, factors of channels."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import Layer
from stdpnet.conversion.graph.windows import Shape


@dataclass(frozen=True, eq=False, repr=False)
class Affine(Layer):
    """``factor * x + offset``; arrays of shape (channels,). A pass puts it into weights and biases."""

    factor: np.ndarray
    offset: np.ndarray

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of the input."""
        (shape,) = shapes
        if any(array.shape != shape[:1] for array in self.arrays().values()):
            raise ConversionError(f"expects {self.factor.size} channels, gets shape {shape}")
        return shape


@dataclass(frozen=True, eq=False, repr=False)
class LinearMap(Layer):
    """Every value of the output is a bias and the sum of a few weighted values of the input.

    What selects, repeats, pads, permutes or interpolates, and factors of single values, takes as many numbers as
    its output has values and terms, never a square.

    Parameters
    ----------
    source : tuple of int
        Shape of the input.
    places : ndarray of int, shape (terms, *shape of the output)
        Which value of the input, numbered in a row; -1 for none.
    weights : ndarray, broadcast to the shape of `places`
    bias : ndarray, broadcast to the shape of the output

    Examples
    --------
    >>> LinearMap((3,), np.array([[2, 0, -1]]), np.ones((1, 1)), np.zeros(1)).output_shape((3,))
    (3,)
    """

    source: Shape
    places: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of the places of one term."""
        (shape,) = shapes
        if shape != tuple(self.source):
            raise ConversionError(f"expects shape {tuple(self.source)}, gets {shape}")
        if self.places.min() < -1 or self.places.max() >= np.prod(shape):
            raise ConversionError(f"takes places that shape {shape} does not have")
        np.broadcast_shapes(self.weights.shape, self.places.shape), np.broadcast_shapes(self.bias.shape, self.shape)
        return self.shape

    @property
    def shape(self) -> Shape:
        """Of the output."""
        return self.places.shape[1:]

    @property
    def selects(self) -> bool:
        """Whether every value of the output is one of the input, or 0: spikes stay spikes."""
        return len(self.places) == 1 and bool((self.weights == 1).all()) and not self.bias.any()

    @property
    def reshapes(self) -> bool:
        """Whether the values stay in order."""
        return (
            self.selects
            and self.places.size == np.prod(self.source)
            and bool((np.diff(self.places.ravel()) == 1).all())
        )

    @property
    def channels(self) -> np.ndarray:
        """The channel of the input that each place is in, and -1 for none; of the shape of `places`."""
        return np.where(self.places < 0, -1, self.places // max(1, int(np.prod(self.source[1:]))))


def scaled(factor: np.ndarray, offset: np.ndarray | None = None) -> LinearMap:
    """Return the map that multiplies each value by a factor of its own.

    Parameters
    ----------
    factor : ndarray, of the shape of the input
    offset : ndarray, broadcast to that shape, optional

    Returns
    -------
    LinearMap
    """
    places = np.arange(factor.size, dtype=np.int32).reshape(1, *factor.shape)
    return LinearMap(factor.shape, places, factor[None], np.zeros((1,) * factor.ndim) if offset is None else offset)
