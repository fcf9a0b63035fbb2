"""Trace a module and run it once: its operations, where they stand, and what they give."""

import copy
import inspect
import os
import sys
import traceback
from typing import Any

import torch
from torch import fx

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers.torch_fx.refusal import refusal

#: Modules around the one that holds the layers, and where they keep it.
_WRAPPERS = {"OptimizedModule": "_orig_mod", "DataParallel": "module", "DistributedDataParallel": "module"}
_TORCH = os.path.dirname(torch.__file__) + os.sep


def evaluation_copy(model: torch.nn.Module) -> torch.nn.Module:
    """Return a copy of a module on the CPU, in evaluation mode and double precision.

    A single module of PyTorch comes back inside a `Sequential`, or its inside would be traced.

    Raises
    ------
    ConversionError
        When it cannot be copied, or holds weights that are not there yet, or its layers are out of sight.
    """
    name = type(model).__name__
    if name in _WRAPPERS:
        raise ConversionError(f"model is a {name}; expected the module inside it, model.{_WRAPPERS[name]}")
    if isinstance(model, torch.jit.ScriptModule):
        raise ConversionError(f"model is a {name} of TorchScript; expected the module that it was made from")
    if any(torch.nn.parameter.is_lazy(weights) for weights in model.parameters()):
        raise ConversionError(f"{type(model).__name__} has weights without a shape yet; expected a trained module")
    try:
        copied = copy.deepcopy(model).cpu().double().eval()
    except Exception as error:  # modules raise what they like
        raise ConversionError(f"{type(model).__name__} cannot be copied: {first_line(error)}") from None
    return torch.nn.Sequential(copied).eval() if fx.Tracer().is_leaf_module(copied, "") else copied


def trace(model: torch.nn.Module) -> fx.Graph:
    """Return the operations of a module as a `torch.fx.Graph`, each with its line in ``meta["line"]``.

    Raises
    ------
    ConversionError
        When it takes more than images, or when its operations depend on their values.
    """
    taken = list(inspect.signature(model.forward).parameters)
    if len(taken) != 1:
        raise ConversionError(
            f"forward of {type(model).__name__} takes ({', '.join(taken)}); expected images only: wrap the model in a "
            "module whose forward takes one tensor"
        )
    try:
        return _Tracer().trace(model)
    except Exception as error:  # operations on values that are not there yet raise many kinds
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_users(frame.filename)]
        place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        raise ConversionError(
            f"{type(model).__name__} cannot be traced{place}: {first_line(error)}; expected a forward without if, "
            "for or len on tensors, without conversion to NumPy"
        ) from None


def record(model: torch.nn.Module, graph: fx.Graph, images: torch.Tensor) -> dict[fx.Node, Any]:
    """Run the traced operations.

    Parameters
    ----------
    model : torch.nn.Module
    graph : torch.fx.Graph
        From `trace`.
    images : tensor, shape (n_images, *shape of an image)

    Returns
    -------
    dict of torch.fx.Node to object
        What each gave, before later operations could change it in place.

    Raises
    ------
    ConversionError
        Naming the operation that does not take such images.
    """
    recorder = _Recorder(model, graph=graph)
    recorder.extra_traceback = False
    recorder.run(images)
    return recorder.values


class _Tracer(fx.Tracer):
    def create_node(self, *args, **kwargs):
        node = super().create_node(*args, **kwargs)
        frame = sys._getframe(1)
        while frame.f_code.co_filename.startswith(_TORCH):
            frame = frame.f_back
        if _is_users(frame.f_code.co_filename):
            node.meta["line"] = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        return node


class _Recorder(fx.Interpreter):
    def __init__(self, model, graph):
        super().__init__(model, graph=graph)
        self.values = {}

    def run_node(self, n):
        try:
            value = super().run_node(n)
        except Exception as error:  # operations raise what they like
            raise refusal(n, self.module, f"cannot be computed for this input_shape: {first_line(error)}") from None
        self.values[n] = value.clone() if isinstance(value, torch.Tensor) else value
        return value


def _is_users(filename):
    return not filename.startswith(_TORCH) and filename != __file__


def first_line(error: Exception) -> str:
    """Return the first line of an error's message."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
