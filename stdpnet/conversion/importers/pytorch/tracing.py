"""Run a module on images once, and follow what becomes of them: every function of PyTorch that takes a tensor is seen.

Nothing is guessed from the module's text. Sizes, loops, ``if`` and hooks are what they are; weights are whatever a
function is called with, however they were computed. What depends on the values of images stops the run.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves, tree_map

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers.pytorch.builder import Builder
from stdpnet.conversion.importers.pytorch.operations import OPERATIONS
from stdpnet.conversion.importers.pytorch.place import Place
from stdpnet.conversion.importers.pytorch.precision import in_double
from stdpnet.conversion.importers.pytorch.queries import BLANKS, QUERIES, READING, READS, called
from stdpnet.conversion.importers.pytorch.refusal import first_line, unknown
from stdpnet.conversion.importers.pytorch.symbols import Classes, Mask, Meaning, Refused, Symbol

#: Where a tensor's meaning is kept, with the tensor's version: on itself.
_MEANING = "_stdpnet_meaning"
CHANGED = "takes a tensor that was changed in place through a view of it; write a new tensor instead"
AFTER_CLASSES = "takes the class of the highest score; expected argmax at the end of a network only"
JUMPS = "takes where a tensor is positive, which jumps; train with ReLU"
#: What can take where a tensor is positive.
OF_MASKS = frozenset(["mul", "multiply", "where", "masked_fill", "setitem", "invert", "bitwise_not", "logical_not"])
OF_MASKS |= {"to", "float", "double", "half", "bfloat16", "type", "type_as", "cpu", "cuda", "clone", "detach", "bool"}
INDICES = "gives indices or such, which cannot be converted; expected values"


class InDouble(TorchFunctionMode):
    """Runs functions in double precision on the CPU, whatever precision and device they ask for."""

    def __torch_function__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Run one function."""
        return in_double(called(func), func, args, kwargs or {})


def run_in_double(model: torch.nn.Module, images: torch.Tensor, mode: InDouble | None = None) -> Any:
    """Return the output of a module in double precision, without gradients.

    Parameters
    ----------
    model : torch.nn.Module
    images : tensor of float64
    mode : InDouble, optional

    Returns
    -------
    object
    """
    with mode or InDouble(), torch.no_grad():
        return model(images)


class Tracer(InDouble):
    """Keeps what each tensor means.

    Parameters
    ----------
    model : torch.nn.Module
    images : tensor, shape (N_IMAGES, *shape of an image)

    Attributes
    ----------
    ends : dict of str to ConversionError
        Nodes that may stand before the output only, and what to say if they do not.
    """

    def __init__(self, model: torch.nn.Module, images: torch.Tensor):
        super().__init__()
        shape = tuple(images.shape[1:])
        self.model, self.images, self.builder, self.place = model, images, Builder(shape), Place(model)
        self.ends: dict[str, ConversionError] = {}
        _mean(images, Symbol("input", shape))

    def run(self) -> Any:
        """Return the output of the module, whose tensors have a meaning."""
        with self.place.followed():
            return run_in_double(self.model, self.images, self)

    def meaning(self, tensor: torch.Tensor, taker: str = "the output") -> Meaning | None:
        """Return what a tensor means to who takes it, or None if it depends on no image."""
        meaning, version = vars(tensor).get(_MEANING, (None, None))
        if meaning is not None and version != _version(tensor):
            return Refused(self.refusal(taker, CHANGED))
        return meaning

    def refusal(self, name: str, problem: Any) -> ConversionError:
        """Return the error about a function, with the place where it is called."""
        return self.place.refusal(name, problem, Tracer.run.__code__)

    def __torch_function__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Run one function, and find out what its result means."""
        kwargs, name = kwargs or {}, called(func)
        tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
        meanings = {id(tensor): found for tensor in tensors if (found := self.meaning(tensor, name)) is not None}
        if not meanings or name in BLANKS:
            return in_double(name, func, args, kwargs)
        if name in QUERIES or (name == "type" and len(args) == 1 and not kwargs):
            return func(*args, **kwargs)
        if name in READING:
            raise self.refusal(name, READS)
        if name == "setitem":
            before = args[0].clone()
            func(*args, **kwargs)
            return _mean(args[0], self._read(name, func, before, meanings, args, kwargs))
        result = in_double(name, func, args, kwargs)
        if not isinstance(result, torch.Tensor | tuple | list):
            raise self.refusal(name, READS)
        for tensor, meaning in _pairs(result, self._read(name, func, result, meanings, args, kwargs)):
            _mean(tensor, Refused(self.refusal(name, INDICES)) if meaning is None else meaning)
        return result

    def _read(self, name, func, result, meanings, args, kwargs):
        """Return what the result of a function means."""
        refused = next((meaning for meaning in meanings.values() if isinstance(meaning, Refused)), None)
        if refused is not None:
            return refused
        if any(isinstance(meaning, Classes) for meaning in meanings.values()):
            return Refused(self.refusal(name, AFTER_CLASSES))
        if name not in OF_MASKS and any(isinstance(meaning, Mask) for meaning in meanings.values()):
            return Refused(self.refusal(name, JUMPS))
        self.builder.name = self.place.name(name)
        taken, named = tree_map(lambda leaf: meanings.get(id(leaf), leaf), (args, kwargs))
        try:
            if name not in OPERATIONS:
                raise unknown(name, self.place.kind(name))
            return OPERATIONS[name](Call(self, func, name, result), *taken, **named)
        except ConversionError as error:
            return Refused(self.refusal(name, error))
        except Exception as error:  # a call that the functions here do not know
            return Refused(self.refusal(name, f"is called in a way that cannot be converted: {first_line(error)}"))


class Call:
    """One call of a function: what its reader is given besides the arguments.

    Attributes
    ----------
    builder : Builder
    func : callable
    name : str
    result : object
        What the function returned; for ``x[...] = y`` what ``x`` was before.
    """

    def __init__(self, tracer: Tracer, func: Callable, name: str, result: Any):
        self.tracer, self.builder, self.func, self.name, self.result = tracer, tracer.builder, func, name, result

    def ends(self, symbol: Symbol) -> Symbol:
        """Return the symbol of a node, noted as one that may stand before the output only."""
        self.tracer.ends[symbol.node] = self.tracer.refusal(
            self.name,
            "stands before other layers, where it cannot be converted; train with ReLU, the activation that "
            "integrate-and-fire neurons compute. At the end of a network it is left to the read-out",
        )
        return symbol


def _version(tensor):
    try:
        return tensor._version
    except RuntimeError:  # under inference_mode there is none
        return None


def _mean(tensor, meaning):
    setattr(tensor, _MEANING, (meaning, _version(tensor)))


def _pairs(result, outcome):
    """Return each tensor of a result with its meaning."""
    if isinstance(result, torch.Tensor):
        return [(result, outcome)]
    if isinstance(outcome, Refused):
        outcome = [outcome] * len(result)
    return [pair for one, what in zip(result, outcome, strict=True) for pair in _pairs(one, what)]
