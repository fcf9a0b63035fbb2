"""Run a module on images once, and follow what becomes of them: every function of PyTorch that takes a tensor is seen.

Nothing is guessed from the module's text. Sizes, loops, ``if`` and hooks are what they are; weights are whatever a
function is called with, however they were computed. What depends on the values of images stops the run.
"""

import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_flatten, tree_map

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers.pytorch.builder import Builder
from stdpnet.conversion.importers.pytorch.copies import is_users
from stdpnet.conversion.importers.pytorch.operations import OPERATIONS
from stdpnet.conversion.importers.pytorch.operations.selection import BLANKS
from stdpnet.conversion.importers.pytorch.precision import in_double
from stdpnet.conversion.importers.pytorch.refusal import first_line, unknown
from stdpnet.conversion.importers.pytorch.symbols import Meaning, Refused, Symbol

#: What tells about a tensor, but not its values.
_QUERIES = frozenset(
    ["shape", "ndim", "dtype", "device", "layout", "requires_grad", "is_leaf", "grad_fn", "names", "itemsize", "nbytes", "is_cuda", "is_mps", "is_cpu", "is_xpu", "is_sparse", "is_quantized", "is_meta", "is_nested", "is_mkldnn", "is_sparse_csr", "is_complex", "is_floating_point", "is_signed", "is_conj", "is_inference", "is_contiguous", "is_same_size", "dim", "ndimension", "size", "numel", "nelement", "len", "stride", "element_size", "get_device", "storage_offset", "hash", "repr", "format", "str", "output_nr", "grad", "set_grad_enabled", "register_hook", "retain_grad", "dir", "is_tensor", "result_type", "can_cast", "sizeof", "version", "name"]
)
#: Where a tensor's meaning is kept: on itself.
_MEANING = "_stdpnet_meaning"


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
    """

    def __init__(self, model: torch.nn.Module, images: torch.Tensor):
        super().__init__()
        self.model, self.builder = model, Builder(tuple(images.shape[1:]))
        self.paths = {id(module): path for path, module in model.named_modules()}
        self.stack: list[tuple[str, torch.nn.Module]] = []
        self.images = images
        self.ends: dict[str, ConversionError] = {}
        _mean(images, Symbol("input", tuple(images.shape[1:])))

    def run(self) -> Any:
        """Run the module, and return its output, whose tensors have a meaning."""
        with _hooks(self._enter, self._leave):
            return run_in_double(self.model, self.images, self)

    def _enter(self, module, args):
        above = self.stack[-1][0] if self.stack else ""
        path = self.paths.get(id(module))
        if path is None:  # made in forward
            path = f"{above}.{type(module).__name__}".lstrip(".")
        self.stack.append((path, module))

    def _leave(self, module, args, output):
        self.stack.pop()

    def __torch_function__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Run one function, and find out what its result means."""
        kwargs, name = kwargs or {}, called(func)
        tensors = [leaf for leaf in tree_flatten((args, kwargs))[0] if isinstance(leaf, torch.Tensor)]
        meanings = {id(tensor): meaning for tensor in tensors if (meaning := self.meaning(tensor, name)) is not None}
        if not meanings:
            return in_double(name, func, args, kwargs)
        if name in BLANKS:
            return in_double(name, func, args, kwargs)
        if name in _QUERIES or (name == "type" and len(args) == 1 and not kwargs):
            return func(*args, **kwargs)
        before = args[0].clone() if name == "setitem" and isinstance(args[0], torch.Tensor) else None
        self._forbid_reading(name, tensors)
        result = in_double(name, func, args, kwargs)
        if name == "setitem":
            _mean(args[0], self._read(name, func, before, meanings, args, kwargs))
            return result
        outcome = self._read(name, func, result, meanings, args, kwargs)
        if not isinstance(result, torch.Tensor | tuple | list):
            raise self._refusal(name, ConversionError(READS))
        for tensor, meaning in _pairs(result, outcome):
            if meaning is None:
                meaning = Refused(
                    self._refusal(name, ConversionError("gives indices or such, which cannot be converted"))
                )
            _mean(tensor, meaning)
        return result

    def _read(self, name, func, result, meanings, args, kwargs):
        """Return what the result of a function means."""
        for meaning in meanings.values():
            if isinstance(meaning, Refused):
                return meaning
        self.builder.name = self._node_name(name)
        known = OPERATIONS.get(name)
        taken, named = tree_map(lambda leaf: meanings.get(id(leaf), leaf), (args, kwargs))
        try:
            if known is None:
                raise unknown(name, self._kind(name))
            return known(Call(self.builder, func, name, result, self), *taken, **named)
        except ConversionError as error:
            return Refused(self._refusal(name, error))
        except Exception as error:  # a call that the functions here do not know
            return Refused(
                self._refusal(
                    name, ConversionError(f"is called in a way that cannot be converted: {first_line(error)}")
                )
            )

    def meaning(self, tensor: torch.Tensor, taker: str = "the output") -> Meaning | None:
        """Return what a tensor means to who takes it, or None if it depends on no image."""
        found = getattr(tensor, "__dict__", {}).get(_MEANING)
        if found is None:
            return None
        meaning, version = found
        if version != _version(tensor):
            return Refused(self._refusal(taker, ConversionError(CHANGED)))
        return meaning

    def _forbid_reading(self, name, tensors):
        if name in READING:
            raise self._refusal(name, ConversionError(READS))

    def _innermost(self):
        """Return the module of PyTorch, or made from one, that is running, or None."""
        module = self.stack[-1][1] if self.stack else None
        if module is None or isinstance(module, _CONTAINERS):
            return None
        return (
            module
            if any(
                kind.__module__.startswith("torch.nn.") for kind in type(module).__mro__ if kind is not torch.nn.Module
            )
            else None
        )

    def _kind(self, name):
        module = self._innermost()
        return (
            name.strip("_")
            if module is None
            else torch.nn.utils.parametrize.type_before_parametrizations(module).__name__
        )

    def _node_name(self, name):
        return name if self._innermost() is None else self.stack[-1][0] or type(self.stack[-1][1]).__name__.lower()

    def _refusal(self, name, error):
        """Return an error with what, where in the model and in which line."""
        path = (self.stack[-1][0] if self.stack else "") or type(self.model).__name__
        kind = self._kind(name)
        line = _line()
        return ConversionError(f"{kind} in {path}{line and f', {line}'}: {error}")


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

    def __init__(self, builder, func, name, result, tracer):
        self.builder, self.func, self.name, self.result, self.tracer = builder, func, name, result, tracer

    def ends(self, symbol: Symbol) -> Symbol:
        """Note that a node may stand before the output only, and return it."""
        self.tracer.ends[symbol.node] = self.tracer._refusal(
            self.name,
            ConversionError(
                "stands before other layers, where it cannot be converted; train with ReLU, the activation that "
                "integrate-and-fire neurons compute. At the end of a network it is left to the read-out"
            ),
        )
        return symbol


CHANGED = "takes a tensor that was changed in place through a view of it; write a new tensor instead"
READS = (
    "reads the values of a tensor that depends on the images: a network that decides by them, or leaves PyTorch, cannot "
    "be converted; expected operations of PyTorch that do the same for every image"
)
#: Functions that would hand values out; some raise of themselves inside PyTorch.
READING = frozenset(
    ["bool_", "item", "tolist", "numpy", "array", "float_", "int_", "index", "complex", "equal", "allclose", "is_nonzero", "contains", "dlpack"]
)
_CONTAINERS = torch.nn.Sequential, torch.nn.ModuleList, torch.nn.ModuleDict


def called(func: Callable) -> str:
    """Return the plain name of a function: without the underscores of methods and of changes in place."""
    name = getattr(func, "__name__", str(func))
    if name == "__get__":
        name = getattr(func, "__self__", func).__name__
    if name in ("__float__", "__int__", "__bool__"):
        return name[2:-1]
    return name.strip("_")


def _version(tensor):
    try:
        return tensor._version
    except RuntimeError:  # under inference_mode there is none
        return None


def _mean(tensor, meaning):
    setattr(tensor, _MEANING, (meaning, _version(tensor)))


def _pairs(result, outcome):
    if isinstance(result, torch.Tensor):
        return [(result, outcome)]
    if isinstance(outcome, Refused):
        outcome = [outcome] * len(result)
    return [pair for one, what in zip(result, outcome, strict=True) for pair in _pairs(one, what)]


def _line():
    """Return the line of the user's code that runs."""
    frame, found = sys._getframe(1), ""
    while frame is not None and frame.f_code is not Tracer.run.__code__:
        if not found and is_users(frame.f_code.co_filename):
            found = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return found if frame is not None else ""


@contextmanager
def _hooks(enter, leave):
    from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

    handles = [register_module_forward_pre_hook(enter), register_module_forward_hook(leave, always_call=True)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
