"""Modules of PyTorch as layers.

Each function takes the module, the result and the input, and returns the layers that compute it,
one after the other; none if it changes nothing.
"""

import torch
from torch import nn

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.layers import BatchNormalisation, Convolution, Dense
from stdpnet.conversion.importers.torch_fx import functions, pooling


def linear(module, result, input):
    """Return a `Dense` layer."""
    return (Dense(*_weights_and_bias(module)),)


def conv2d(module, result, input):
    """Return a `Convolution`, which pads with zeros, alike on both sides."""
    if module.padding_mode != "zeros":
        raise ConversionError(f"padding_mode is {module.padding_mode!r}; expected 'zeros'")
    padding = module.padding
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
    return (Convolution(*_weights_and_bias(module), module.stride, padding, module.dilation, module.groups),)


def batch_norm(module, result, input):
    """Return a `BatchNormalisation` with the statistics of the training."""
    if module.running_mean is None:
        raise ConversionError("has track_running_stats=False: the images of a batch change each other; expected True")
    mean, variance = module.running_mean, module.running_var
    scale = torch.ones_like(mean) if module.weight is None else module.weight
    shift = torch.zeros_like(mean) if module.bias is None else module.bias
    return (BatchNormalisation(*(_array(values) for values in (scale, shift, mean, variance)), module.eps),)


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
