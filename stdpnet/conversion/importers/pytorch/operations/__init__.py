"""Functions of PyTorch, by their plain names, and what they mean for the graph.

Each reader takes the `Call`, and then the arguments of the function, with symbols in place of the tensors that
depend on images. It returns the symbol of the result, or one for each of several results, None where there is none.
"""

from collections.abc import Callable

from stdpnet.conversion.importers.pytorch.operations import (
    activations,
    arithmetic,
    convolutions,
    endings,
    interpolation,
    joining,
    pooling,
    reductions,
    selection,
    weights,
)

OPERATIONS: dict[str, Callable] = {
    name: reader
    for module in (
        activations,
        arithmetic,
        convolutions,
        endings,
        interpolation,
        joining,
        pooling,
        reductions,
        selection,
        weights,
    )
    for names, reader in module.READERS.items()
    for name in names.split()
}
