"""What cannot be converted stops with one error: the operation, where it stands, what to use instead.

`test_torch_patterns` has what is refused; here is what the error says besides.
"""

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


@pytest.mark.parametrize("kind", [nn.GELU, nn.SiLU, nn.Softmax2d])
def test_a_module_is_named_with_its_path(kind):
    text = refusal(nn.Sequential(nn.ReLU(), nn.Sequential(nn.Identity(), kind(), nn.ReLU())))
    assert text.startswith(f"{kind.__name__} in 1.1: ")


@pytest.mark.parametrize("function", [F.gelu, torch.exp, torch.Tensor.square_, lambda x: 1 / x])
def test_a_function_is_named_with_module_and_line(function):
    run = lambda net, x: net.conv(function(net.conv(x)))  # noqa: E731
    text = refusal(nn.Sequential(nn.ReLU(), nn.Sequential(nn.Identity(), net(run))))
    line = (
        function.__code__
        if hasattr(function, "__code__") and "test_" in function.__code__.co_filename
        else run.__code__
    )
    assert f" in 1.1, {line.co_filename}:{line.co_firstlineno}: cannot be converted; train with ReLU" in text


def depends_on_values(net, x):
    if x.sum() > 0:
        return net.conv(x)
    return x


def counts_images(net, x):
    return net.conv(x.view(2, 3, 8, 8))


def fails(net, x):
    raise KeyError("of its own")


@pytest.mark.parametrize(
    "run, words",
    [
        (depends_on_values, "bool in Net, {}: reads the values of a tensor that depends on the images"),
        (counts_images, "Net takes 2 images at a time, but not 3: shape '[2, 3, 8, 8]' is invalid"),
        (
            fails,
            "Net itself cannot be run on images of shape (2, 3, 8, 8), {}: KeyError: 'of its own'; is the input_shape",
        ),
    ],
)
def test_where_a_run_fails(run, words):
    place = f"{run.__code__.co_filename}:{run.__code__.co_firstlineno + 1}"
    assert refusal(net(run)).startswith(words.format(place))


class Single(nn.Module):
    def forward(self, x):
        return torch.ops.aten.conv2d(x.float(), torch.ones(1, 3, 1, 1)) if x.dtype == torch.float32 else x.missing


def test_what_double_precision_alone_cannot_run_is_not_blamed_on_the_shape():
    assert refusal(Single()).startswith(f"Single cannot be run in double precision, {__file__}:")


def test_what_is_kept_from_one_image_to_the_next_is_noticed():
    def run(net, x):
        net.last = getattr(net, "last", 0) + x.detach().mean().mul(0) + x
        return net.last

    assert "puts values of several images" in refusal(net(run)) or "goes over all axes" in refusal(net(run))


class TwoInputs(nn.Module):
    def forward(self, x, mask):
        return x * mask


class Keyword(nn.Module):
    def forward(self, x, *, scale):
        return x * scale


WHOLE = {
    "two inputs": (TwoInputs(), IMAGE, "forward of TwoInputs takes (x, mask); expected images only: wrap the model"),
    "a keyword": (Keyword(), IMAGE, "forward of Keyword takes (x, scale); expected images only: wrap the model"),
    "two outputs": (net(lambda net, x: (x, net.conv(x))), IMAGE, "Net returns a tuple; expected one tensor"),
    "named outputs": (net(lambda net, x: {"out": x}), IMAGE, "Net returns a dict; expected one tensor"),
    "constant": (net(lambda net, x: net.gain.relu()), IMAGE, "the output of Net is no tensor of numbers that depends"),
    "nothing": (net(lambda net, x: None), IMAGE, "Net returns a NoneType; expected one tensor"),
    "a mask": (net(lambda net, x: x > 0), IMAGE, "the output of Net is no tensor of numbers that depends"),
    "other channels": (
        nn.Conv2d(4, 2, 3),
        IMAGE,
        "Conv2d itself cannot be run on images of shape (2, 3, 8, 8): Runtime",
    ),
    "other features": (
        nn.Sequential(nn.Flatten(), nn.Linear(9, 2)),
        IMAGE,
        "Sequential itself cannot be run on images",
    ),
    "not yet known weights": (nn.LazyLinear(2), IMAGE, "LazyLinear has weights without a shape yet; expected a "),
    "not a number": (
        nn.utils.skip_init(nn.Linear, 8, 2),
        (8,),
        "linear: weights holds values that are not finite numbers",
    ),
    "compiled": (torch.compile(nn.Linear(8, 2)), (8,), "model is a OptimizedModule; expected the module inside it"),
    "parallel": (nn.DataParallel(nn.Linear(8, 2)), (8,), "model is a DataParallel; expected the module inside it"),
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
