"""The error for an operation that cannot be converted: which one, where it stands, what to use instead."""

import torch

from stdpnet.base.errors import ConversionError

_ACTIVATION = "train with ReLU, the activation that integrate-and-fire neurons compute"
_BOUNDED = "use ReLU: a spiking neuron has an upper bound by itself, one spike in each time step"
_RECURRENT = "use a feed-forward network"
_NORMALISATION = "use BatchNorm1d or BatchNorm2d, which only scale and shift once they are trained"
CONSTANT = "of arithmetic, only sums of two tensors can be converted: put constants into the weights or the images"
_DIMENSIONS = "use Conv2d; images may have height 1"
_POOLING = "use MaxPool2d, AvgPool2d or strided convolution, without indices"
_MODULE = "use the module of torch.nn, which holds its weights"

_ALTERNATIVES = {
    "relu6 hardtanh clamp clamp_min clamp_max clip hardsigmoid hardswish threshold minimum maximum": _BOUNDED,
    "gelu sigmoid tanh silu elu celu selu leakyrelu leaky_relu prelu rrelu softplus softsign mish logsigmoid "
    "glu exp abs": _ACTIVATION,
    "lstm gru rnn lstmcell grucell rnncell": _RECURRENT,
    "layernorm layer_norm groupnorm group_norm instancenorm1d instancenorm2d instance_norm rmsnorm localresponsenorm "
    "local_response_norm normalize": _NORMALISATION,
    "add sub mul truediv div neg pow matmul bmm iadd isub imul itruediv sum": CONSTANT,
    "conv1d conv3d convtranspose2d conv_transpose2d": _DIMENSIONS,
    "linear conv2d batch_norm": _MODULE,
    "maxpool1d maxpool3d avgpool1d avgpool3d lppool2d fractionalmaxpool2d max_pool1d avg_pool1d "
    "max_pool2d_with_indices adaptive_max_pool2d_with_indices": _POOLING,
}
ALTERNATIVES = {name: text for names, text in _ALTERNATIVES.items() for name in names.split()}
_KNOWN = (
    "use Linear, Conv2d, BatchNorm1d or 2d, ReLU, max and average pooling, +, torch.cat, flatten, Dropout and a final "
    "Softmax"
)


def kind(node: torch.fx.Node, model: torch.nn.Module) -> str:
    """Return what an operation is called: the class of a module, or the name of a function or method."""
    if node.op == "call_module":
        return torch.nn.utils.parametrize.type_before_parametrizations(model.get_submodule(str(node.target))).__name__
    return getattr(node.target, "__name__", str(node.target))


def refusal(node: torch.fx.Node, model: torch.nn.Module, problem: str) -> ConversionError:
    """Return the error about an operation, with its path in the model and its line.

    Parameters
    ----------
    node : torch.fx.Node
    model : torch.nn.Module
    problem : str
        What is wrong, and what to do.

    Returns
    -------
    ConversionError
    """
    stack = list(node.meta.get("nn_module_stack", {"": ("", None)}).values())
    path = node.target if node.op == "call_module" else stack[-1][0]
    line = f", {node.meta['line']}" if "line" in node.meta else ""
    return ConversionError(f"{node.name}: {kind(node, model)} in {path or type(model).__name__}{line}: {problem}")


def unknown(node: torch.fx.Node, model: torch.nn.Module) -> ConversionError:
    """Return the `ConversionError` for an operation that has no counterpart."""
    name = kind(node, model).lower().strip("_")
    return refusal(node, model, f"cannot be converted; {ALTERNATIVES.get(name, _KNOWN)}")
