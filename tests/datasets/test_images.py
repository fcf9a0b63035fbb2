"""Images of other types are scaled by one rule, which is said; what cannot be read is refused."""

import logging
from dataclasses import replace

import numpy as np
import pytest

from stdpnet.base.errors import DataError
from stdpnet.datasets import Dataset, notices
from stdpnet.datasets.images import grey_levels


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    monkeypatch.setattr(notices, "SAID", {})


RAMP = np.linspace(0, 1, 16).reshape(1, 4, 4)

SCALES = {
    # greatest value of the data: what becomes 255
    "shares": (RAMP, 1, 1),
    "overshoot": (RAMP * 1.004, 1, 1.004),
    "sixteenths, as scikit-learn's digits": (RAMP * 16, 16, 16),
    "floats to 255": (RAMP * 254, 255, 254),
    "16 bits": ((RAMP * 65535).astype(np.uint16), 65535, 65535),
    "12 bits": ((RAMP * 4000).astype(np.int32), 4095, 4000),
    "half of no scale": (RAMP * 30, 30, 30),
    "beyond all": (RAMP * 1e6, 1e6, 1e6),
    "booleans": (RAMP > 0.5, 1, 1),
}


@pytest.mark.parametrize("images, full, top", SCALES.values(), ids=SCALES)
def test_other_types_are_scaled_and_it_is_said_once(caplog, images, full, top):
    for _ in range(2):
        found, tests = grey_levels(images, images, "grey", "mine")
    expected = np.rint(np.clip(images.astype(float) / full, 0, 1) * 255)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(tests, expected)
    assert found.dtype == np.uint8
    said = f"mine: values from 0 to {full:.6g} were scaled to grey levels from 0 to 255"
    assert [record.getMessage() for record in caplog.records] == [said] * (full != 255)


def test_negative_values_are_scaled_from_the_least(caplog):
    found, tests = grey_levels(2 * RAMP - 1, np.array([[[-3.0, 0, 0.5, 9]] * 4])[..., :4] / 4, "grey", "mine")
    np.testing.assert_array_equal(found, np.rint(RAMP * 255))
    assert "values from -1 to 1 were scaled" in caplog.text
    assert tests[0, 0].tolist() == [32, 128, 143, 255]  # cut off at the ends


def test_uint8_stays_the_same_array_and_little_of_it_is_warned_of(caplog):
    images = (RAMP * 255).astype(np.uint8)
    dataset = Dataset("mine", images, [0], images, [0])
    assert dataset.train_images is images and dataset.test_images is images
    assert caplog.records == []
    dim = (RAMP * 16).astype(np.uint8)
    assert Dataset("dim", dim, [0], dim, [0]).train_images is dim
    assert "dim: no grey level of 255 is above 16: such images drive few spikes" in caplog.text


def test_scaled_images_are_not_scaled_again(caplog):
    dataset = Dataset("mine", RAMP / 2, [0], RAMP, [0])
    same = replace(dataset, name="other")
    assert same.train_images is dataset.train_images
    assert len(caplog.records) == 1


def test_signals_become_images_of_one_line(caplog):
    signals = np.arange(20, dtype=np.uint8).reshape(2, 10) * 10
    dataset = Dataset("mine", signals, [0, 1], signals, [0, 1])
    assert dataset.image_shape == (1, 10)
    np.testing.assert_array_equal(dataset.train_images[:, 0], signals)
    assert caplog.records[0].getMessage() == "mine: taken as signals of length 10"
    Dataset("flat", np.full((1, 784), 99, np.uint8), [0], np.full((1, 784), 99, np.uint8), [0])
    assert "length 784 (if they are images, give them as reshape(-1, 28, 28))" in caplog.text


COLOUR = np.random.default_rng(0).integers(0, 256, (2, 4, 5, 3), dtype=np.uint8)


@pytest.mark.parametrize("images", [COLOUR, np.moveaxis(COLOUR, 3, 1)], ids=["last", "first"])
def test_colour_becomes_grey_or_channels_side_by_side(images, caplog):
    dataset = Dataset("mine", images, [0, 1], images, [0, 1])
    red, green, blue = np.moveaxis(COLOUR.astype(float), 3, 0)
    np.testing.assert_array_equal(dataset.train_images, np.rint(0.299 * red + 0.587 * green + 0.114 * blue))
    assert "colour became grey by its luminance" in caplog.text
    wide = Dataset("wide", images, [0, 1], images, [0, 1], colour="channels")
    assert wide.image_shape == (4, 15)
    np.testing.assert_array_equal(wide.train_images[:, :, 5:10], COLOUR[..., 1])


def test_grey_in_three_channels_stays_grey_in_every_type():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    threefold = np.repeat(levels[..., None], 3, axis=3)
    for images in (threefold, threefold / 255, threefold.astype(np.uint16)):
        np.testing.assert_array_equal(grey_levels(images, None, "grey", "mine")[0], levels)


def test_an_axis_of_length_one_is_left_out(caplog):
    images = COLOUR[..., 0]
    for given in (images[..., None], images[:, None]):
        np.testing.assert_array_equal(grey_levels(given, None, "grey", "mine")[0], images)
    assert caplog.records == []


GREY = COLOUR[..., 0]
REFUSED = {
    "labels": ((np.arange(5), GREY), r"shape \(5,\), expected \(n, height, width\), .*; images and labels seem to be"),
    "no images": ((GREY[:0], GREY), r"shape \(0, 4, 5\), expected \(n, height, width\), .*, none 0"),
    "five axes": ((COLOUR[None], GREY), r"shape \(1, 2, 4, 5, 3\), expected"),
    "images last": ((np.ones((32, 32, 3, 9)), GREY), r"shape \(32, 32, 3, 9\).*give np.moveaxis\(images, -1, 0\)"),
    "opacity": ((np.ones((9, 8, 8, 4)), GREY), r"if the fourth channel is opacity, leave it out: images\[..., :3\]"),
    "texts": ((np.array([["a"]]), GREY), "images that are of texts, expected numbers from 0 to 255"),
    "complex": ((np.ones((1, 2, 2), complex), GREY), "images that are complex, expected numbers"),
    "ragged": (([[[1]], [[1, 2]]], GREY), "found images of different sizes, expected one size"),
    "objects": ((np.array([GREY[0], None], object), GREY), "images that are of Python objects, perhaps of different"),
    "not finite": ((np.array([[[1, np.nan], [np.inf, 0]]]), None), "found 2 values that are not finite"),
    "another size": ((GREY, GREY[:, :3]), r"training images of shape \(4, 5\) and test images of shape \(3, 5\)"),
    "another scale": (
        (GREY / 255, GREY),
        "test images: found values up to 24., and training images on a",
    ),
    "scaled training": (
        (GREY, GREY / 255),
        "test images: found values up to 0.9.* a scale up to 255, expected one scale",
    ),
}


@pytest.mark.parametrize("arrays, message", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_in_words(arrays, message):
    with pytest.raises(DataError, match=f"^mine.*{message}"):
        grey_levels(*arrays, "grey", "mine")


def test_an_unknown_option_names_those_there_are():
    with pytest.raises(DataError, match="colour is 'rgb', expected grey or channels or planes"):
        grey_levels(COLOUR, None, "rgb", "mine")


def test_the_line_is_a_warning_of_the_package(caplog):
    with caplog.at_level(logging.WARNING, logger="stdpnet"):
        grey_levels(RAMP, None, "grey", "mine")
    assert caplog.records[0].levelname == "WARNING" and caplog.records[0].name.startswith("stdpnet")
