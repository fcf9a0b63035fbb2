"""Modules of PyTorch: the graph, and the simplified graph, compute what the module does in evaluation mode."""

import copy
import operator

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from nets import IMAGE, Net, agrees, random_statistics
from torch import nn

from stdpnet.conversion.graph import layers
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify


def kinds(graph):
    """Return the names of the kinds of layers between input and output."""
    return [type(node.layer).__name__ for node in graph.nodes.values()][1:-1]


FLATS = {
    "torch.flatten": lambda net, x: torch.flatten(x, 1),
    "flatten": lambda net, x: x.flatten(start_dim=1),
    "view of the batch": lambda net, x: x.view(x.size(0), -1),
    "view of the shape": lambda net, x: x.contiguous().view(x.shape[0], x.shape[1] * 64),
    "view of features": lambda net, x: x.view(-1, 192),
    "reshape": lambda net, x: torch.reshape(x, (x.size(0), -1)),
    "nn.Flatten": lambda net, x: net.flat(x),
    "twice": lambda net, x: x.flatten(1).view(-1, 192),
}


@pytest.mark.parametrize("run", FLATS.values(), ids=FLATS)
def test_ways_to_flatten(run):
    graph = agrees(Net(lambda net, x: net.out(run(net, x)), out=nn.Linear(192, 4), flat=nn.Flatten()))
    assert kinds(graph) == ["Flatten", "Dense"]


RELUS = {
    "F.relu": lambda net, x: F.relu(x),
    "torch.relu": lambda net, x: torch.relu(x),
    "method": lambda net, x: x.relu(),
    "method in place": lambda net, x: x.clone().relu_(),
    "F.relu in place": lambda net, x: F.relu(x.clone(), inplace=True),
    "module": lambda net, x: net.act(x),
}


@pytest.mark.parametrize("run", RELUS.values(), ids=RELUS)
def test_every_way_to_rectify_is_a_relu(run):
    model = Net(lambda net, x: net.b(run(net, net.a(x))), a=nn.Linear(6, 5), b=nn.Linear(5, 2), act=nn.ReLU())
    assert kinds(agrees(model, (6,))) == ["Dense", "ReLU", "Dense"]


@pytest.mark.parametrize("inplace", [False, True])
def test_a_module_used_twice_is_two_layers(inplace):
    run = lambda net, x: net.act(net.fc(net.act(net.fc(x))))  # noqa: E731
    graph = agrees(Net(run, fc=nn.Linear(6, 6), act=nn.ReLU(inplace)), (6,))
    assert list(graph.nodes) == ["input", "fc", "act", "fc_2", "act_2", "output"]


def test_images_that_are_rectified_in_place():
    graph = agrees(nn.Sequential(nn.ReLU(inplace=True), nn.Linear(6, 2)), (6,))
    assert kinds(graph) == ["ReLU", "Dense"]


SUMS = {
    "+": lambda net, x: net.a(x) + net.b(x),
    "torch.add": lambda net, x: torch.add(net.a(x), net.b(x)),
    "method": lambda net, x: net.a(x).add(net.b(x)),
    "+=": lambda net, x: operator.iadd(net.a(x), net.b(x)),
    "with itself": lambda net, x: x + x,
    "three": lambda net, x: net.a(x) + x + net.b(x),
    "torch.cat": lambda net, x: torch.cat([net.a(x), x, net.b(x)], 1),
    "torch.cat from behind": lambda net, x: torch.cat((x, net.a(x)), dim=-3),
    "torch.cat of one": lambda net, x: torch.cat([net.a(x)], 1),
    "torch.cat of features": lambda net, x: torch.cat([x.flatten(1), net.a(x).flatten(1)], dim=-1),
}


@pytest.mark.parametrize("run", SUMS.values(), ids=SUMS)
def test_sums_and_concatenations(run):
    agrees(Net(run, a=nn.Conv2d(3, 3, 3, padding=1), b=nn.Conv2d(3, 3, 1)))


def residual_block(inputs, outputs, stride):
    def run(net, x):
        y = net.act(net.norm1(net.conv1(x)))
        y = net.norm2(net.conv2(y))
        y += net.shortcut(x)
        return net.act(y)

    shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
    return Net(
        run,
        conv1=nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        norm1=nn.BatchNorm2d(outputs),
        conv2=nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
        norm2=nn.BatchNorm2d(outputs),
        shortcut=nn.Identity() if (inputs, stride) == (outputs, 1) else shortcut,
        act=nn.ReLU(inplace=True),
    )


def test_a_residual_network():
    blocks = nn.Sequential(residual_block(4, 4, 1), residual_block(4, 6, 2))
    stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.MaxPool2d(2))
    run = lambda net, x: net.fc(net.drop(torch.flatten(net.pool(net.blocks(net.stem(x))), 1)))  # noqa: E731
    parts = {
        "stem": stem,
        "blocks": blocks,
        "pool": nn.AdaptiveAvgPool2d(1),
        "drop": nn.Dropout(),
        "fc": nn.Linear(6, 5),
    }
    graph = agrees(Net(run, **parts), (3, 16, 16))
    assert graph.nodes["blocks.1.conv1"].inputs == ("blocks.0.act_2",)  # named by their path in the module
    assert simplify(graph).names(layers.Convolution) == [
        name for name in graph.nodes if "conv" in name or name in ("stem.0", "blocks.1.shortcut.0")
    ]


def test_batch_norm_of_a_convolution_that_others_take_too():
    run = lambda net, x: net.act(net.norm(net.conv(x))) + net.conv(x)  # noqa: E731
    agrees(Net(run, conv=nn.Conv2d(3, 3, 3), norm=nn.BatchNorm2d(3), act=nn.ReLU()))

    def shared(net, x):
        y = net.conv(x)
        return net.norm(y) + y

    graph = agrees(Net(shared, conv=nn.Conv2d(3, 3, 3), norm=nn.BatchNorm2d(3)))
    assert simplify(graph).nodes["norm"].layer.groups == 3


@pytest.mark.parametrize(
    "model, shape",
    [
        (nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 2, 3, padding=1), nn.ReLU()), IMAGE),
        (nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4, affine=False), nn.ReLU(), nn.Linear(4, 2)), (6,)),
        (nn.Sequential(nn.Flatten(), nn.BatchNorm1d(192, eps=0.1), nn.ReLU(), nn.Dropout(), nn.Linear(192, 2)), IMAGE),
        (nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout2d(), nn.ReLU(), nn.BatchNorm2d(4)), IMAGE),
    ],
)
def test_batch_norm_in_other_places(model, shape):
    agrees(model, shape)


@pytest.mark.parametrize(
    "end", [nn.Softmax(dim=1), nn.LogSoftmax(dim=-1), Net(lambda net, x: F.log_softmax(x, dim=1)), nn.Softmax(dim=None)]
)
@pytest.mark.filterwarnings("ignore:Implicit dimension choice")
def test_a_final_softmax(end):
    graph = agrees(nn.Sequential(nn.Linear(6, 4), end), (6,))
    assert kinds(graph)[-1] == ("LogSoftmax" if "og" in str(end) or isinstance(end, Net) else "Softmax")
    assert kinds(simplify(graph)) == ["Dense"]


def test_containers_and_dropout_by_function():
    def run(net, x):
        for layer in net.several:
            x = F.dropout(net.named["act"](layer(x)), training=net.training)
        return x

    several = nn.ModuleList([nn.Linear(6, 5), nn.Linear(5, 4)])
    graph = agrees(Net(run, several=several, named=nn.ModuleDict({"act": nn.ReLU()})), (6,))
    assert kinds(graph) == ["Dense", "ReLU", "Dropout"] * 2
    assert graph.names(layers.Dense) == ["several.0", "several.1"]


def test_an_all_zero_layer():
    zero = nn.Conv2d(3, 4, 3)
    for values in zero.parameters():
        values.data.zero_()
    agrees(nn.Sequential(zero, nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3)))
    agrees(nn.Sequential(zero, nn.ReLU(), nn.MaxPool2d(2)))


def test_weights_that_are_computed_from_others():
    agrees(nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 4, 3)), nn.ReLU()))


def test_the_module_is_not_changed():
    model = random_statistics(nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(), nn.ReLU(inplace=True)))
    model[2].eval()  # modes that differ stay so
    before, generator = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    graph = import_model(model, IMAGE)
    assert [part.training for part in model] == [True, True, False, True]
    assert torch.equal(torch.get_rng_state(), generator)
    for name, values in model.state_dict().items():
        assert values.dtype == before[name].dtype
        assert torch.equal(values, before[name])
    model[0].weight.data.zero_()
    assert graph.nodes["0"].layer.weights.any()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_read_exactly(dtype):
    model = nn.Sequential(nn.Linear(6, 4), nn.ReLU()).to(dtype)
    found = import_model(model, (6,)).nodes["0"].layer.weights
    np.testing.assert_array_equal(found, model[0].weight.detach().double().numpy())
