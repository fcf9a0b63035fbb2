"""What cannot be converted stops with one error: the operation, where it stands, what to use instead."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from nets import IMAGE, Net
from torch import nn

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.importers import import_model


def net(run):
    """Return a module with a convolution, a ReLU in place and a parameter for `run` to use."""
    model = Net(run, conv=nn.Conv2d(3, 3, 1), act=nn.ReLU(inplace=True))
    model.gain = nn.Parameter(torch.full((3, 1, 1), 2.0))
    return model


def refusal(model, shape=IMAGE):
    """Return the text of the error."""
    with pytest.raises(ConversionError) as error:
        import_model(model, shape)
    assert "\n" not in str(error.value)
    return str(error.value)


RELU = "cannot be converted; train with ReLU"
BOUNDED = "cannot be converted; use ReLU: a spiking neuron has an upper bound by itself"
BATCH_NORM = "cannot be converted; use BatchNorm1d or BatchNorm2d"
OTHER = "cannot be converted; use Linear, Conv2d, BatchNorm1d or 2d, ReLU"
MODULES = {
    "GELU": (nn.GELU(), IMAGE, RELU),
    "Sigmoid": (nn.Sigmoid(), IMAGE, RELU),
    "Tanh": (nn.Tanh(), IMAGE, RELU),
    "LeakyReLU": (nn.LeakyReLU(), IMAGE, RELU),
    "ReLU6": (nn.ReLU6(), IMAGE, BOUNDED),
    "Hardtanh": (nn.Hardtanh(), IMAGE, BOUNDED),
    "LSTM": (nn.LSTM(8, 4), (8, 8), "cannot be converted; use a feed-forward network"),
    "LayerNorm": (nn.LayerNorm(8), IMAGE, BATCH_NORM),
    "GroupNorm": (nn.GroupNorm(3, 3), IMAGE, BATCH_NORM),
    "InstanceNorm2d": (nn.InstanceNorm2d(3), IMAGE, BATCH_NORM),
    "ConvTranspose2d": (nn.ConvTranspose2d(3, 3, 2), IMAGE, "cannot be converted; use Conv2d"),
    "MaxPool1d": (nn.MaxPool1d(2), (3, 8), "cannot be converted; use MaxPool2d, AvgPool2d"),
    "Upsample": (nn.Upsample(scale_factor=2), IMAGE, OTHER),
    "BatchNorm2d": (nn.BatchNorm2d(3, track_running_stats=False), IMAGE, "has track_running_stats=False"),
    "Conv2d": (nn.Conv2d(3, 3, 3, padding=1, padding_mode="reflect"), IMAGE, "padding_mode is 'reflect'; expected"),
    "Conv2d ": (nn.Conv2d(3, 3, 2, padding="same"), IMAGE, "padding is 'same' with a kernel of (2, 2), which pads"),
    "MaxPool2d": (nn.MaxPool2d(2, dilation=2), IMAGE, "dilation is 2; expected 1"),
    "MaxPool2d ": (
        nn.MaxPool2d(3, 2, ceil_mode=True),
        IMAGE,
        "ceil_mode is True and windows of (3, 3) with",
    ),
    "AvgPool2d": (nn.AvgPool2d(2, padding=1, count_include_pad=False), IMAGE, "count_include_pad is False"),
    "AvgPool2d ": (nn.AvgPool2d(2, divisor_override=3), IMAGE, "divisor_override is 3; expected None"),
    "AdaptiveMaxPool2d": (
        nn.AdaptiveMaxPool2d(2, return_indices=True),
        IMAGE,
        "return_indices is True; expected False",
    ),
    "AdaptiveAvgPool2d": (nn.AdaptiveAvgPool2d(3), IMAGE, "pools (8, 8) to (3, 3), with windows of several sizes"),
    "Softmax": (nn.Softmax(dim=-1), IMAGE, "goes over dim -1 of 4; expected features, dim=1 of 2"),
}


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
@pytest.mark.parametrize("kind", MODULES)
def test_a_module_is_named_with_its_path(kind):
    module, shape, message = MODULES[kind]
    model = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Identity(), module))
    assert refusal(model, shape).startswith(f"_1_1: {kind.strip()} in 1.1: {message}")


INDICES = "cannot be converted; use MaxPool2d, AvgPool2d"
CONSTANT = "of arithmetic, only sums of two tensors can be converted: put constants into the weights or the images"
FUNCTIONS = {
    "clamp": (lambda net, x: torch.clamp(net.conv(x), 0, 1), BOUNDED),
    "method clamp": (lambda net, x: net.conv(x).clamp(min=0), BOUNDED),
    "relu6": (lambda net, x: F.relu6(x), BOUNDED),
    "gelu": (lambda net, x: F.gelu(x), RELU),
    "method sigmoid": (lambda net, x: x.sigmoid(), RELU),
    "add": (lambda net, x: net.conv(x) + 1, CONSTANT),
    "mul": (lambda net, x: net.conv(x) * 0.5, CONSTANT),
    "add of a parameter": (lambda net, x: net.conv(x) + net.gain, CONSTANT),
    "add of a new tensor": (lambda net, x: x + torch.ones(3, 8, 8), CONSTANT),
    "cat of a new tensor": (lambda net, x: torch.cat([x, torch.ones(2, 1, 8, 8)], 1), CONSTANT),
    "mul of two": (lambda net, x: net.conv(x) * x, CONSTANT),
    "add of unequal shapes": (lambda net, x: x + x.mean((2, 3), keepdim=True), "(2, 3, 8, 8) and (2, 3, 1, 1)"),
    "add with a factor": (lambda net, x: torch.add(x, x, alpha=2), "alpha is 2; expected 1"),
    "conv2d": (lambda net, x: F.conv2d(x, net.conv.weight), "cannot be converted; use the module of torch.nn"),
    "layer_norm": (lambda net, x: F.layer_norm(x, (8, 8)), BATCH_NORM),
    "getitem": (lambda net, x: x[:, :2], OTHER),
    "chunk": (lambda net, x: x.chunk(3, 1)[0], OTHER),
    "permute": (lambda net, x: x.permute(0, 2, 3, 1).flatten(1), OTHER),
    "view": (lambda net, x: x.view(1, -1), "reshapes (2, 3, 8, 8) into (1, 384); expected a row of features for each"),
    "flatten": (lambda net, x: torch.flatten(x), "reshapes (2, 3, 8, 8) into (384,); expected a row of features"),
    "cat": (lambda net, x: torch.cat([x, x], 2), "concatenates along dim 2; expected dim 1, channels or features"),
    "mean": (lambda net, x: x.mean(1), "takes the mean over dim 1 of 4; expected height and width, dim=(2, 3)"),
    "mean of all": (lambda net, x: x.mean(), "takes the mean over dim None of 4; expected height and width"),
    "mean of another type": (lambda net, x: x.mean((2, 3), dtype=torch.float32), "unexpected keyword argument 'dtype'"),
    "dropout": (
        lambda net, x: F.dropout(x),
        "drops after training too, since training is True;",
    ),
    "max_pool2d": (lambda net, x: F.max_pool2d(x, 2, return_indices=True)[0], INDICES),
    "softmax": (lambda net, x: x.flatten(1).softmax(0), "goes over dim 0 of 2; expected features, dim=1 of 2"),
    "relu of a size": (lambda net, x: x.relu().view(7, -1), "cannot be computed for this input_shape: shape '[7, -1]'"),
}


@pytest.mark.parametrize("run, message", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_is_named_with_module_and_line(run, message):
    text = refusal(nn.Sequential(nn.ReLU(), nn.Sequential(nn.Identity(), net(run))))
    place = f" in 1.1, {run.__code__.co_filename}:{run.__code__.co_firstlineno}: "
    assert place in text
    assert message in text.partition(place)[2]


def sum_with_what_was_rectified_in_place(net, x):
    y = net.conv(x)
    return y + net.act(y)  # in PyTorch, y is rectified by now


def test_a_tensor_that_is_changed_in_place_and_used_elsewhere_is_noticed():
    text = refusal(net(sum_with_what_was_rectified_in_place))
    assert text.startswith("add: add in Net, ")
    assert "computes something else than the layer it was read as; is a tensor changed in place" in text


def change_without_taking_the_result(net, x):
    y = net.conv(x)
    net.act(y)
    return y


def test_an_operation_in_place_whose_result_nobody_takes_is_noticed():
    assert "the module gives another output than its layers" in refusal(net(change_without_taking_the_result))


def test_hooks_that_change_an_output_are_noticed():
    inside, outside = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU()), net(lambda net, x: net.conv(x))
    inside[0].register_forward_hook(lambda module, inputs, output: 2 * output)
    outside.register_forward_hook(lambda module, inputs, output: 2 * output)
    assert refusal(inside).startswith("_0: Conv2d in 0: computes something else than the layer it was read as")
    assert refusal(outside).startswith("the module gives another output than its layers; does a hook change it")


def depends_on_values(net, x):
    if x.sum() > 0:
        return net.conv(x)
    return x


def loops_over_images(net, x):
    return torch.stack([net.conv(image) for image in x])


def leaves_pytorch(net, x):
    return torch.from_numpy(np.abs(x.numpy()))


@pytest.mark.parametrize("run", [depends_on_values, loops_over_images, leaves_pytorch])
def test_control_flow_that_cannot_be_traced(run):
    text = refusal(net(run))
    assert text.startswith(f"Net cannot be traced at {run.__code__.co_filename}:{run.__code__.co_firstlineno + 1}: ")
    assert text.endswith("expected a forward without if, for or len on tensors, without conversion to NumPy")


class TwoInputs(nn.Module):
    def forward(self, x, mask=None):
        return x if mask is None else x * mask


WHOLE = {
    "two inputs": (TwoInputs(), IMAGE, "forward of TwoInputs takes (x, mask); expected images only: wrap the model"),
    "two outputs": (net(lambda net, x: (x, net.conv(x))), IMAGE, "Net returns a tuple; expected one tensor"),
    "named outputs": (net(lambda net, x: {"out": x}), IMAGE, "Net returns a dict; expected one tensor"),
    "constant": (
        net(lambda net, x: net.gain.relu()),
        IMAGE,
        "the output of Net is no tensor that depends on the images",
    ),
    "nothing": (net(lambda net, x: None), IMAGE, "Net returns a NoneType; expected one tensor"),
    "other channels": (
        nn.Conv2d(4, 2, 3),
        IMAGE,
        "_0: Conv2d in 0: cannot be computed for this input_shape: ",
    ),
    "other features": (nn.Sequential(nn.Flatten(), nn.Linear(9, 2)), IMAGE, "_1: Linear in 1: cannot be computed for"),
    "features of an image": (
        nn.Linear(8, 2),
        IMAGE,
        "0 (Dense): expects 8 features, gets shape (3, 8, 8)",
    ),
    "not yet known weights": (nn.LazyLinear(2), IMAGE, "LazyLinear has weights without a shape yet; expected a "),
    "not a number": (nn.utils.skip_init(nn.Linear, 8, 2), (8,), "0: weights holds values that are not finite numbers"),
    "compiled": (torch.compile(nn.Linear(8, 2)), (8,), "model is a OptimizedModule; expected the module inside it"),
    "parallel": (
        nn.DataParallel(nn.Linear(8, 2)),
        (8,),
        "model is a DataParallel; expected the module inside it",
    ),
    "a tensor": (torch.ones(3), IMAGE, "model is a Tensor; expected a torch.nn.Module"),
    "no shape": (nn.Linear(8, 2), None, "input_shape is None; expected the shape of one image without the batch"),
    "a number": (nn.Linear(8, 2), 8, "input_shape is 8; expected the shape of one image without the batch"),
    "a broken shape": (nn.Linear(8, 2), (8.5,), "input_shape is (8.5,); expected the shape of one image"),
    "an empty shape": (nn.Linear(8, 2), (), "input_shape is (); expected the shape of one image"),
    "a negative shape": (nn.Linear(8, 2), (-1, 8), "input_shape is (-1, 8); expected the shape of one image"),
}
WHOLE["not a number"][0].weight.data.fill_(float("nan"))


@pytest.mark.parametrize("model, shape, message", WHOLE.values(), ids=WHOLE)
def test_modules_and_shapes_that_do_not_fit(model, shape, message):
    assert refusal(model, shape).startswith(message)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")
def test_a_module_of_torchscript():
    scripted = torch.jit.script(nn.Linear(8, 2))
    assert "of TorchScript; expected the module that it was made from" in refusal(scripted, (8,))
