"""Shifts of images, what is held out, and the networks that can be trained."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import digits

from stdpnet.conversion.ann.architectures import ARCHITECTURES, build
from stdpnet.conversion.ann.images import as_input, randomly_mirrored, randomly_shifted, shifted
from stdpnet.conversion.ann.state import split
from stdpnet.conversion.importers import import_model
from stdpnet.datasets import Dataset

pytestmark = pytest.mark.usefixtures("one_thread")


def rolled(image, moves):
    """Return an image moved along each axis, by NumPy's roll and zeros where it wraps around."""
    for axis, move in enumerate(moves):
        image = np.moveaxis(np.roll(image, move, axis), axis, 0).copy()
        image[slice(move) if move >= 0 else slice(move, None)] = 0
        image = np.moveaxis(image, 0, axis)
    return image


@settings(max_examples=50)
@given(
    moves=st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=1, max_size=4),
    shape=st.tuples(st.integers(1, 5), st.integers(1, 6)),
)
def test_shifts_are_rolls_with_zeros(moves, shape):
    images = np.random.default_rng(0).integers(1, 256, (len(moves), *shape), dtype=np.uint8)
    expected = [rolled(image, move) for image, move in zip(images, moves, strict=True)]
    found = shifted(torch.tensor(images), *torch.tensor(moves).T, 4)
    assert found.dtype == torch.uint8
    np.testing.assert_array_equal(found.numpy(), expected)


def test_planes_are_moved_together():
    images = torch.arange(4 * 3 * 5 * 6, dtype=torch.uint8).view(4, 3, 5, 6)
    down, right = torch.tensor([0, 1, -2, 3]), torch.tensor([2, 0, -1, -3])
    found = shifted(images, down, right, 3)
    for plane in range(3):
        assert torch.equal(found[:, plane], shifted(images[:, plane], down, right, 3))
    assert as_input(images).shape == (4, 3, 5, 6)


def test_half_of_the_images_are_mirrored():
    images = torch.arange(2, dtype=torch.uint8).expand(2000, 3, 1, 2)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        found = randomly_mirrored(images)
    mirrored = (found == images.flip(-1)).flatten(1).all(dim=1)
    assert torch.equal(found[~mirrored], images[~mirrored])
    assert 900 < mirrored.sum() < 1100


def test_random_shifts_reach_every_place_equally_often():
    images = torch.zeros(5000, 9, 9, dtype=torch.uint8)
    images[:, 4, 4] = 1
    with torch.random.fork_rng():
        torch.manual_seed(0)
        places = randomly_shifted(images, 2).sum(dim=0)
    assert places[2:7, 2:7].sum() == 5000
    assert abs(places[2:7, 2:7] - 200).max() < 4 * np.sqrt(200)


def test_input_is_between_0_and_1():
    found = as_input(torch.arange(256, dtype=torch.uint8).view(1, 16, 16))
    assert found.shape == (1, 1, 16, 16)
    np.testing.assert_array_equal(found.numpy().ravel(), np.arange(256, dtype=np.float32) / np.float32(255))


def test_5000_of_60000_training_images_are_held_out():
    labels = np.arange(60_000) % 251
    images = labels.astype(np.uint8).reshape(-1, 1, 1)
    parts = split(Dataset("ramp", images, images.ravel(), images[:1], images[:1].ravel()))
    for (found, numbers), expected in zip(parts, (labels[:55_000], labels[55_000:]), strict=True):
        np.testing.assert_array_equal(found.numpy().ravel(), expected)
        np.testing.assert_array_equal(numbers.numpy(), expected)


SHAPES = {
    "lenet": (1, 28, 28),
    "dense": (1, 5, 7),
    **dict.fromkeys(("vgg11", "vgg13", "vgg16", "vgg16-plain", "vgg16-average"), (1, 16, 17)),
    **dict.fromkeys(("resnet20", "resnet32", "resnet20-plain"), (3, 8, 9)),
    "inception": (3, 8, 9),
    "diehl": (1, 16, 17),
    "local": (3, 12, 13),
    **dict.fromkeys(("nin", "fitnet4", "fitresnet4"), (3, 8, 9)),
}
#: Large ones, which tests/conversion/ann/test_published_architectures.py looks at.
LARGE = {"alexnet", "alexnet-plain", "caffenet", "resnet34", "resnet34-plain", "inception-v3"}
LARGE |= {"binaryconnect", "binarynet-sign", "binarynet-heaviside"}


def test_every_architecture_has_a_shape_here():
    assert SHAPES.keys() | LARGE == ARCHITECTURES.keys()


@pytest.mark.parametrize("architecture, shape", [*SHAPES.items(), ("lenet", (3, 16, 21))])
def test_every_architecture_can_be_imported(architecture, shape):
    model = build(architecture, shape, 4)
    graph = import_model(model, model.input_shape)
    assert list(graph.shapes.values())[-1] == (4,)


def test_scaling_an_image_scales_the_answers_of_dense():
    model = build("dense", (1, 8, 8), 10).eval()
    images = as_input(torch.tensor(digits()[0]))
    assert torch.equal(model(images / 4), model(images) / 4)  # a power of two: no rounding
