"""Precision and devices: all that depends on images is computed in double precision on the CPU."""

from collections.abc import Callable
from typing import Any

import torch
from torch.utils._pytree import tree_leaves, tree_map

#: Methods that only change precision or device.
_CASTS = frozenset(["float", "half", "bfloat16", "double", "cuda", "cpu", "to", "type", "type_as"])


def in_double(name: str, func: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Call a function of PyTorch, with float64 and the CPU in place of other precisions and devices.

    New constants are made as the module makes them, random numbers too, and then become float64.

    Parameters
    ----------
    name : str
        Of the function, without underscores.
    func : callable
    args : tuple
    kwargs : dict

    Returns
    -------
    object
        Of the function.
    """
    args, kwargs = tree_map(_on_cpu, (args, kwargs))
    if name in _CASTS and args and isinstance(args[0], torch.Tensor):
        if name == "cuda":
            return args[0]
        result = func(*args, **kwargs)
        if isinstance(result, torch.Tensor) and result.dtype.is_floating_point:
            return args[0] if args[0].dtype.is_floating_point else result.double()
        return result
    if any(isinstance(leaf, torch.Tensor) for leaf in tree_leaves((args[1:], kwargs, *args[:1]))):
        # the first may be changed in place
        args = (*args[:1], *(_double(value) for value in args[1:]))
        kwargs = {key: _double(value) for key, value in kwargs.items()}
    result = func(*args, **kwargs)
    if isinstance(result, torch.Tensor) and not (args and result is args[0]):
        return _double(result)
    return result


def _double(value):
    if isinstance(value, torch.dtype) and value.is_floating_point:
        return torch.float64
    if isinstance(value, torch.Tensor) and value.dtype in (torch.float16, torch.bfloat16, torch.float32):
        return value.double()
    return value


def _on_cpu(value):
    if isinstance(value, torch.device) and value.type != "cpu":
        return torch.device("cpu")
    if isinstance(value, str) and value.partition(":")[0] in ("cuda", "mps", "xpu"):
        return "cpu"
    return value
