"""Layers of a feed-forward network: what they hold, not how they are computed.

Shapes leave out the batch: ``(features,)`` or ``(channels, height, width)``. Arrays are
NumPy arrays; nothing here needs PyTorch or Brian2. What a layer computes is in `stdpnet.conversion.graph.forward`.

Examples
--------
>>> Dense(np.ones((3, 4)), np.zeros(3)).output_shape((4,))
(3,)
>>> Convolution(np.ones((16, 1, 5, 5)), np.zeros(16), padding=(2, 2))
Convolution(weights=(16, 1, 5, 5), bias=(16,), stride=(1, 1), padding=(2, 2), dilation=(1, 1), groups=1)
"""

from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.windows import Pair, Shape, window_counts


@dataclass(frozen=True, eq=False, repr=False)
class Layer:
    """A node's operation. `arity` is the number of inputs; None means two or more."""

    arity: ClassVar[int | None] = 1

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of the output for inputs of the given shapes.

        Raises
        ------
        ConversionError
            When the layer cannot take them.
        """
        return shapes[0]

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the fields that are arrays, by name."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    def __repr__(self):
        """Return the fields, with the shapes of arrays instead of their numbers."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        shown = (
            f"{name}={value.shape if isinstance(value, np.ndarray) else repr(value)}" for name, value in values.items()
        )
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(frozen=True, eq=False)
class Input(Layer):
    """Where images come in."""

    shape: Shape
    arity: ClassVar[int | None] = 0

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of an image."""
        return self.shape


@dataclass(frozen=True, eq=False, repr=False)
class Dense(Layer):
    """Fully connected: ``weights`` (outputs, inputs), ``bias`` (outputs,)."""

    weights: np.ndarray
    bias: np.ndarray

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return ``(outputs,)``."""
        (shape,) = shapes
        _check_shapes(self, 2)
        if shape != self.weights.shape[1:]:
            raise ConversionError(f"expects {self.weights.shape[1]} features, gets shape {shape}; put a Flatten before")
        return self.weights.shape[:1]


@dataclass(frozen=True, eq=False, repr=False)
class Convolution(Layer):
    """Two-dimensional cross-correlation: ``weights`` (outputs, inputs / groups, height, width), ``bias`` (outputs,)."""

    weights: np.ndarray
    bias: np.ndarray
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return ``(outputs, height, width)``, one place for each position of the window."""
        (shape,) = shapes
        _check_shapes(self, 4)
        if len(self.weights) % self.groups:
            raise ConversionError(f"has {len(self.weights)} outputs in {self.groups} groups; expected equal groups")
        channels = self.weights.shape[1] * self.groups
        if len(shape) != 3 or shape[0] != channels:
            raise ConversionError(f"expects ({channels}, height, width), gets shape {shape}")
        return self.weights.shape[:1] + window_counts(
            shape, self.weights.shape[2:], self.stride, self.padding, self.dilation
        )


@dataclass(frozen=True, eq=False)
class Pooling(Layer):
    """Slides a window of ``size`` over each channel. Padded places count as zero in an average, never in a maximum."""

    size: Pair
    stride: Pair
    padding: Pair = (0, 0)

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return ``(channels, height, width)``, one place for each position of the window."""
        (shape,) = shapes
        if len(shape) != 3:
            raise ConversionError(f"expects (channels, height, width), gets shape {shape}")
        if any(p >= s for p, s in zip(self.padding, self.size, strict=True)):
            raise ConversionError(f"padding {self.padding} leaves windows of {self.size} empty; expected less padding")
        return shape[:1] + window_counts(shape, self.size, self.stride, self.padding)


class AveragePooling(Pooling):
    """Mean of each window."""


class MaxPooling(Pooling):
    """Maximum of each window."""


@dataclass(frozen=True, eq=False)
class Add(Layer):
    """Sum of inputs of equal shape."""

    arity: ClassVar[int | None] = None

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape that all inputs have."""
        if len(set(shapes)) > 1:
            raise ConversionError(f"expects inputs of equal shape, gets {', '.join(map(str, shapes))}")
        return shapes[0]


@dataclass(frozen=True, eq=False)
class Concatenate(Layer):
    """Inputs one after the other along the first axis: channels or features."""

    arity: ClassVar[int | None] = None

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape with the channels of all inputs."""
        if len({shape[1:] for shape in shapes}) > 1:
            raise ConversionError(f"expects inputs that differ in channels only, gets {', '.join(map(str, shapes))}")
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])


@dataclass(frozen=True, eq=False)
class Flatten(Layer):
    """All axes into one, the last axis fastest."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return ``(features,)``."""
        (shape,) = shapes
        return (int(np.prod(shape)),)


@dataclass(frozen=True, eq=False, repr=False)
class ReLU(Layer):
    """``max(x, 0)``, of a clipped one at most ``bound``: what becomes integrate-and-fire neurons.

    The bound is one number or, in networks that conversion has scaled, of shape (channels,). With ``levels`` it is a
    staircase of so many equal steps from 0 to the bound, which rounds to the nearest.
    """

    bound: float | np.ndarray | None = None
    levels: int = 0

    def __post_init__(self):
        if self.bound is not None and not (np.greater(self.bound, 0) & np.isfinite(self.bound)).all():
            raise ConversionError(f"is clipped at {self.bound}; expected a finite bound above 0")
        if self.levels < 0 or (self.levels and self.bound is None):
            raise ConversionError(f"has {self.levels} levels up to {self.bound}; expected at least 1, and a bound")


@dataclass(frozen=True, eq=False)
class Dropout(Layer):
    """Nothing at inference; a pass removes it."""


@dataclass(frozen=True, eq=False, repr=False)
class BatchNormalisation(Layer):
    """``scale * (x - mean) / sqrt(variance + epsilon) + shift``; arrays of shape (channels,)."""

    scale: np.ndarray
    shift: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    epsilon: float = 1e-5

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of the input, whose first axis is normalised."""
        (shape,) = shapes
        if any(array.shape != shape[:1] for array in self.arrays().values()):
            raise ConversionError(f"expects {self.mean.size} channels, gets shape {shape}")
        return shape


@dataclass(frozen=True, eq=False)
class Softmax(Layer):
    """Softmax over the features."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of the input, ``(features,)``."""
        (shape,) = shapes
        if len(shape) != 1:
            raise ConversionError(f"expects features, gets shape {shape}; put a Flatten before")
        return shape


class LogSoftmax(Softmax):
    """Logarithm of the softmax over the features."""


@dataclass(frozen=True, eq=False)
class Output(Layer):
    """Where the class scores come out."""


def _check_shapes(layer, ndim):
    weights, bias = layer.weights.shape, layer.bias.shape
    if len(weights) != ndim or bias != weights[:1] or 0 in weights:
        raise ConversionError(
            f"has weights of shape {weights} and bias of shape {bias}; expected {ndim} axes and a bias for each output"
        )
