"""Modules of PyTorch as layers.

Each function takes the module, the result and the input, and returns the layers that compute it,
one after the other; none if it changes nothing.
"""

from typing import Any

import torch
from torch import nn

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import BatchNormalisation, Convolution, Dense, Layer
from stdpnet.conversion.importers.torch_fx import functions, pooling


def linear(module: nn.Linear, result: torch.Tensor, input: torch.Tensor) -> tuple[Layer, ...]:
    """Return a `Dense` layer."""
    return (Dense(*_weights_and_bias(module)),)


def conv2d(module: nn.Conv2d, result: torch.Tensor, input: torch.Tensor) -> tuple[Layer, ...]:
    """Return a `Convolution`, which pads with zeros, alike on both sides."""
    if module.padding_mode != "zeros":
        raise ConversionError(f"padding_mode is {module.padding_mode!r}; expected 'zeros'")
    padding: Any = module.padding
    if padding == "valid":
        padding = (0, 0)
    elif padding == "same":
        total = [d * (k - 1) for d, k in zip(module.dilation, module.kernel_size, strict=True)]
        if any(t % 2 for t in total):
            raise ConversionError(
                f"padding is 'same' with a kernel of {module.kernel_size}, which pads one side more; expected an odd "
                "kernel, or padding in numbers"
            )
        padding = tuple(t // 2 for t in total)
    weights, bias = _weights_and_bias(module)
    stride, dilation = pooling.pair(module.stride), pooling.pair(module.dilation)
    return (Convolution(weights, bias, stride, padding, dilation, module.groups),)


def batch_norm(module: nn.BatchNorm1d | nn.BatchNorm2d, result: torch.Tensor, input: torch.Tensor) -> tuple[Layer, ...]:
    """Return a `BatchNormalisation` with the statistics of the training."""
    if module.running_mean is None:
        raise ConversionError("has track_running_stats=False: the images of a batch change each other; expected True")
    mean, variance = module.running_mean, module.running_var
    scale = torch.ones_like(mean) if module.weight is None else module.weight
    shift = torch.zeros_like(mean) if module.bias is None else module.bias
    return (BatchNormalisation(_array(scale), _array(shift), _array(mean), _array(variance), module.eps),)


def _weights_and_bias(module):
    bias = torch.zeros(len(module.weight), dtype=module.weight.dtype) if module.bias is None else module.bias
    return _array(module.weight), _array(bias)


def _array(tensor):
    return tensor.detach().numpy()


def _as(function, *attributes):
    """Read a module as the function that it calls with these of its attributes."""

    def read(module, result, input):
        return function(result, input, *(getattr(module, name) for name in attributes))

    return read


DROPOUT = _as(functions.dropout, "p", "training")

MODULES = {
    nn.Linear: linear,
    nn.Conv2d: conv2d,
    nn.BatchNorm1d: batch_norm,
    nn.BatchNorm2d: batch_norm,
    nn.ReLU: _as(functions.relu),
    nn.MaxPool2d: _as(
        pooling.max_pool2d, "kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"
    ),
    nn.AvgPool2d: _as(
        pooling.avg_pool2d, "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"
    ),
    nn.AdaptiveAvgPool2d: _as(pooling.adaptive_avg_pool2d, "output_size"),
    nn.AdaptiveMaxPool2d: _as(pooling.adaptive_max_pool2d, "output_size", "return_indices"),
    nn.Flatten: _as(functions.reshape),
    nn.Identity: _as(functions.unchanged),
    nn.Softmax: _as(functions.softmax, "dim"),
    nn.LogSoftmax: _as(functions.log_softmax, "dim"),
    nn.Dropout: DROPOUT,
    nn.Dropout1d: DROPOUT,
    nn.Dropout2d: DROPOUT,
    nn.AlphaDropout: DROPOUT,
    nn.FeatureAlphaDropout: DROPOUT,
}
