"""Copies of a module that importing works on, and whose fault it is when it cannot be run."""

import copy
import inspect
import os
import traceback

import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers.pytorch.refusal import first_line

#: Modules around the one that holds the layers, and where they keep it.
_WRAPPERS = {"OptimizedModule": "_orig_mod", "DataParallel": "module", "DistributedDataParallel": "module"}
_TORCH = os.path.dirname(torch.__file__) + os.sep


def evaluation_copy(model: torch.nn.Module) -> torch.nn.Module:
    """Return a copy of a module on the CPU, in evaluation mode and double precision.

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
        raise ConversionError(f"{name} has weights without a shape yet; expected a trained module")
    try:
        return copied(model).cpu().double().eval()
    except Exception as error:  # modules raise what they like
        raise ConversionError(f"{name} cannot be copied: {first_line(error)}") from None


def copied(model: torch.nn.Module) -> torch.nn.Module:
    """Return a copy; tensors that were computed from parameters, as by pruning, are copied as numbers."""
    attributes = (value for part in model.modules() for value in vars(part).values())
    memo = {id(value): value.detach().clone().cpu() for value in attributes if type(value) is torch.Tensor}
    return copy.deepcopy(model, memo)


def check_arguments(model: torch.nn.Module) -> None:
    """Check that a module can be called with images alone.

    Raises
    ------
    ConversionError
        When it needs more, or takes nothing.
    """
    parameters = inspect.signature(model.forward).parameters
    by_place = [p for p in parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p.name for p in parameters.values() if p.default is p.empty and p.kind in (*_BY_PLACE, p.KEYWORD_ONLY)]
    starred = any(p.kind is p.VAR_POSITIONAL for p in parameters.values())
    if needed not in ([], [by_place[0].name] if by_place else []) or not (by_place or starred):
        raise ConversionError(
            f"forward of {type(model).__name__} takes ({', '.join(parameters)}); expected images only: wrap the model "
            "in a module whose forward takes one tensor"
        )


_BY_PLACE = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD


def failure(model: torch.nn.Module, images: torch.Tensor, error: Exception) -> ConversionError:
    """Return the error about a module that could not be run: its own, if it cannot be run as it is either.

    Parameters
    ----------
    model : torch.nn.Module
        As it was given.
    images : tensor, shape (n_images, *shape of an image)
    error : Exception
        Of the copy in double precision.

    Returns
    -------
    ConversionError
    """
    name, shape = type(model).__name__, tuple(images.shape)
    try:
        plain = copied(model).cpu().float().eval()
        with torch.no_grad():
            plain(images.float())
    except Exception as own:  # modules raise what they like
        return ConversionError(
            f"{name} itself cannot be run on images of shape {shape}{_place(own)}: {type(own).__name__}: "
            f"{first_line(own)}; is the input_shape, {shape[1:]}, right?"
        )
    return ConversionError(
        f"{name} cannot be run in double precision{_place(error)}: {first_line(error)}; expected operations that "
        "know float64"
    )


def _place(error):
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_users(frame.filename)]
    return f", {frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def is_users(filename: str) -> bool:
    """Return whether a file is neither of PyTorch nor of the importer."""
    return not filename.startswith((_TORCH, os.path.dirname(__file__)))
