"""What a tensor of a module holds: which value of which node stands where in it.

Operations that only move values about, such as slices and views, make no node. They are applied to a tensor of the
values' numbers instead, so that whatever they do is known; a map is made of it where something is computed from them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

from stdpnet.base.errors import ConversionError

#: Images that a module is run on: two, so that mixing images shows.
N_IMAGES = 2


@dataclass(eq=False)
class Symbol:
    """Values of a node, as a tensor holds them.

    Attributes
    ----------
    node : str
    source : tuple of int
        Shape of the node's output.
    numbers : tensor of float64, of the tensor's shape, or None
        Numbers of the node's values, from 1 and image by image; 0 for a zero. None if the tensor is the node's output.
    name : str
        Of the operation that moved the values.
    found : dict
        The node with the values in this order, once it was asked for.
    """

    node: str
    source: tuple[int, ...]
    numbers: torch.Tensor | None = None
    name: str = ""
    found: dict[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the tensor."""
        return (N_IMAGES, *self.source) if self.numbers is None else tuple(self.numbers.shape)

    @property
    def ndim(self) -> int:
        """Axes of the tensor."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Values of the node's output for an image."""
        return int(np.prod(self.source))

    def numbered(self) -> torch.Tensor:
        """Return the numbers of the values, also where the tensor is the node's output."""
        if self.numbers is not None:
            return self.numbers
        return torch.arange(1, N_IMAGES * self.size + 1, dtype=torch.float64).reshape(self.shape)

    def moved(self, move: Callable[[torch.Tensor], torch.Tensor], name: str = "") -> "Symbol":
        """Return the symbol after values were moved about.

        Parameters
        ----------
        move : callable
            What the tensor went through, to be applied to numbers.
        name : str
            Of the operation.

        Returns
        -------
        Symbol
        """
        return Symbol(self.node, self.source, move(self.numbered()), name or self.name)

    def holds_all(self) -> bool:
        """Tell whether the tensor holds every value of the node once, in any order."""
        if self.numbers is None:
            return True
        total = N_IMAGES * self.size
        if self.numbers.numel() != total:
            return False
        seen = torch.zeros(total + 1, dtype=torch.bool)
        seen[self.numbers.long().flatten()] = True
        return bool(seen[1:].all())

    def lies_as(self, other: "Symbol") -> bool:
        """Tell whether both tensors hold values of the same places of their nodes."""
        if self.source != other.source or self.shape != other.shape:
            return False
        return (self.numbers is None and other.numbers is None) or torch.equal(self.numbered(), other.numbered())

    def places(self) -> np.ndarray:
        """Return which values of a node an image of the tensor holds, -1 for a zero.

        Returns
        -------
        ndarray of int32, of the tensor's shape without the images

        Raises
        ------
        ConversionError
            When the images do not lie one after the other along the first axis, each by itself and alike.
        """
        numbers = self.numbered()
        if numbers.numel() == 0:
            raise ConversionError(f"takes a tensor of shape {tuple(numbers.shape)}, without values")
        if numbers.ndim > 0 and len(numbers) == N_IMAGES:
            first, second = numbers
            if (first <= self.size).all() and torch.equal(torch.where(first > 0, first + self.size, 0), second):
                return first.numpy().astype(np.int32) - 1
        raise ConversionError(
            f"takes a tensor of shape {tuple(numbers.shape)} that puts values of several images together, or has the "
            "images elsewhere than along its first axis; expected a row of features or a map for each image"
        )


@dataclass(eq=False)
class Mask:
    """Where a tensor is positive, or, with sign -1, negative; of 0 itself nothing is asked."""

    of: Symbol
    sign: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the tensor."""
        return self.of.shape


@dataclass(eq=False)
class Classes:
    """The class of the highest score."""

    scores: Symbol


@dataclass(eq=False)
class Refused:
    """A tensor that cannot be converted, and why: said only if the output depends on it."""

    error: ConversionError


Meaning = Symbol | Mask | Classes | Refused
