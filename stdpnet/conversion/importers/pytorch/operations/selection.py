"""What only moves values about: it is done to their numbers, whatever it is."""

from typing import Any

import torch
from torch.utils._pytree import tree_map

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers.pytorch.symbols import Symbol


def moved(call, input: Any, *args: Any, **kwargs: Any) -> Any:
    """Apply the function to the numbers of the values."""
    if not isinstance(input, Symbol):
        raise ConversionError("moves where a tensor is positive about; move the tensor itself")
    args, kwargs = tree_map(_numbers, (args, kwargs))
    func = call.func
    if call.name == "view":  # which PyTorch has found possible; numbers may lie otherwise in memory
        if call.result.dtype != torch.float64:
            raise ConversionError(f"looks at numbers as if they were {call.result.dtype}; expected torch.Tensor.to")
        func = torch.Tensor.reshape
    found = func(input.numbered().clone(), *args, **kwargs)
    results = [found] if isinstance(found, torch.Tensor) else list(found)
    symbols = [Symbol(input.node, input.source, one, call.builder.name) for one in results]
    return symbols[0] if isinstance(found, torch.Tensor) else symbols


def _numbers(value):
    return value.numbered() if isinstance(value, Symbol) else value


def same(call, input: Any, *_: Any, **__: Any) -> Any:
    """Leave everything as it is: a copy."""
    return input


def cast(call, input: Any, *_: Any, **__: Any) -> Any:
    """Leave everything as it is, if the numbers stay floating-point numbers, or are those of a mask."""
    if isinstance(input, Symbol) and not call.result.dtype.is_floating_point:
        raise ConversionError(f"rounds to {call.result.dtype}; expected floating-point numbers")
    return input


def pad(call, input: Symbol, pad: Any, mode: str = "constant", value: Any = None) -> Symbol:
    """Pad in any way; a constant other than 0 is added after values without it were padded with 0."""
    value = float(value or 0)
    if mode != "constant" or value == 0:
        return input.moved(lambda numbers: call.func(numbers, pad, mode, None), call.builder.name)
    if value in (float("inf"), float("-inf")):
        raise ConversionError(f"pads with {value}; expected a finite number, or the padding of max pooling itself")
    less = call.builder.affine(input, offset=-value)
    return call.builder.affine(less.moved(lambda numbers: call.func(numbers, pad), call.builder.name), offset=value)


READERS = {
    "view reshape flatten ravel unflatten squeeze unsqueeze view_as reshape_as permute transpose t T mT H mH swapaxes "
    "swapdims movedim moveaxis getitem select narrow chunk split split_with_sizes tensor_split hsplit vsplit dsplit "
    "unbind index_select gather take_along_dim flip fliplr flipud rot90 roll repeat repeat_interleave tile expand "
    "expand_as broadcast_to tril triu diagonal pixel_shuffle pixel_unshuffle channel_shuffle native_channel_shuffle "
    "unfold atleast_2d atleast_3d reversed": moved,
    "clone contiguous detach data requires_grad alias resolve_conj resolve_neg": same,
    "to float double half bfloat16 cpu cuda type type_as bool": cast,
    "pad": pad,
}
