"""Where in a module a run is: in which part of it, and in which line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType

import torch
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers.pytorch.copies import is_users

_CONTAINERS = torch.nn.Sequential, torch.nn.ModuleList, torch.nn.ModuleDict


class Place:
    """Follows which part of a module runs.

    Parameters
    ----------
    model : torch.nn.Module
    """

    def __init__(self, model: torch.nn.Module):
        self.model = model
        self.paths = {id(module): path for path, module in model.named_modules()}
        self.stack: list[tuple[str, torch.nn.Module]] = []

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Follow within a ``with`` block."""
        handles = [
            register_module_forward_pre_hook(self._enter),
            register_module_forward_hook(self._leave, always_call=True),
        ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _enter(self, module, args):
        path = self.paths.get(id(module))
        if path is None:  # made in forward
            above = self.stack[-1][0] if self.stack else ""
            path = f"{above}.{type(module).__name__}".lstrip(".")
        self.stack.append((path, module))

    def _leave(self, module, args, output):
        self.stack.pop()

    def kind(self, function: str) -> str:
        """Return what users wrote: the class of a module of PyTorch, or one made from it, or a function."""
        module = self._innermost()
        if module is None:
            return function.strip("_")
        return torch.nn.utils.parametrize.type_before_parametrizations(module).__name__

    def name(self, function: str) -> str:
        """Return the name for a node: the path of a module of PyTorch, or a function."""
        module = self._innermost()
        return function if module is None else self.stack[-1][0] or type(module).__name__.lower()

    def refusal(self, function: str, problem: str | ConversionError, until: CodeType) -> ConversionError:
        """Return an error with what is refused, where in the model it stands and in which line.

        Parameters
        ----------
        function : str
        problem : str or ConversionError
        until : code
            Of the function that runs the module.

        Returns
        -------
        ConversionError
        """
        path = (self.stack[-1][0] if self.stack else "") or type(self.model).__name__
        line = _line(until)
        return ConversionError(f"{self.kind(function)} in {path}{line and f', {line}'}: {problem}")

    def _innermost(self):
        module = self.stack[-1][1] if self.stack else None
        if module is None or isinstance(module, _CONTAINERS):
            return None
        made_from = (kind for kind in type(module).__mro__ if kind is not torch.nn.Module)
        return module if any(kind.__module__.startswith("torch.nn.") for kind in made_from) else None


def _line(until):
    """Return the line of the user's code that runs, within the module's run."""
    frame, found = sys._getframe(1), ""
    while frame is not None and frame.f_code is not until:
        if not found and is_users(frame.f_code.co_filename):
            found = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return found if frame is not None else ""
