"""A drawing becomes an image like those of the training."""

import numpy as np
import pytest

import stdpnet
from stdpnet.show.drawing import cell_of, image_of

DIGITS = stdpnet.load_dataset("mnist-5k").test_images[:20]


@pytest.mark.parametrize("cell, top, left", [(10, 0, 0), (8, 30, 50), (6, 60, 20), (7, 3, 80)])
def test_a_digit_of_any_place_and_size_becomes_that_of_mnist(cell, top, left):
    for digit in DIGITS:
        ink = np.zeros((280, 280), np.uint8)
        ink[: 28 * cell, : 28 * cell] = np.kron(digit, np.ones((cell, cell), np.uint8))
        image, done = image_of(np.roll(ink, (top, left), (0, 1)), (28, 28), 0.0, centred=True)
        share = image / image.sum()
        centre = share.sum(axis=1) @ np.arange(28), share.sum(axis=0) @ np.arange(28)
        assert np.abs(np.array(centre) - 14).max() <= 0.51
        assert np.corrcoef(image.ravel(), digit.ravel())[0, 1] > 0.85
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        assert done == "fitted into 20 × 20 and centred by its mass in 28 × 28, as MNIST's digits are"


@pytest.mark.parametrize("shape", [(8, 8), (1, 12), (5, 3), (200, 150)])
def test_other_images_are_taken_as_they_are_drawn(shape):
    levels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    cell = cell_of(shape)
    image, done = image_of(np.kron(levels, np.ones((cell, cell), np.uint8)), shape, 20.0, centred=False)
    np.testing.assert_array_equal(image, levels)
    assert done == f"taken as it is drawn, at {shape[0]} × {shape[1]}"


def test_ink_is_dark_where_training_images_are_light():
    ink = np.zeros((280, 280), np.uint8)
    ink[:35, :35] = 200
    image, done = image_of(ink, (8, 8), 250.0, centred=False)
    assert image[0, 0] == 55 and (image.ravel()[1:] == 255).all()
    assert done.endswith(", dark on light like the training images")


@pytest.mark.parametrize("centred", [True, False])
def test_nothing_drawn_is_a_blank_image(centred):
    image, done = image_of(np.zeros((280, 280), np.uint8), (28, 28), 0.0, centred)
    assert not image.any() and done == "nothing is drawn"


def test_faint_ink_alone_is_ink_too():
    ink = np.zeros((280, 280), np.uint8)
    ink[100:110, 100:120] = 9
    assert image_of(ink, (28, 28), 0.0, centred=True)[0].max() == 9
