"""One picture becomes like the images of a training: size, proportions, light or dark."""

import numpy as np
import pytest
from PIL import Image
from tiny import digits

from stdpnet.base.errors import DataError
from stdpnet.datasets.readers.one_picture import prepared

DIGIT = digits()[0][1]  # dark at its edge
INVERTED = "inverted, since the training images are dark at their edge"


def written(array, folder, name="picture.png"):
    Image.fromarray(array).save(folder / name)
    return folder / name


def test_a_picture_like_the_training_images_stays_as_it_is(tmp_path):
    image, done = prepared(written(DIGIT, tmp_path), (8, 8), 5.0)
    np.testing.assert_array_equal(image, DIGIT)
    assert done == ""


def test_ink_on_paper_is_inverted_where_training_images_are_dark(tmp_path):
    image, done = prepared(written(255 - DIGIT, tmp_path), (8, 8), 5.0)
    np.testing.assert_array_equal(image, DIGIT)
    assert done == INVERTED
    image, done = prepared(written(255 - DIGIT, tmp_path), (8, 8), 240.0)
    np.testing.assert_array_equal(image, 255 - DIGIT)
    assert done == ""


def test_a_large_picture_shrinks_to_the_mean_of_areas(tmp_path):
    large = np.kron(DIGIT, np.ones((10, 10), np.uint8))
    image, done = prepared(written(large, tmp_path), (8, 8), 5.0)
    np.testing.assert_array_equal(image, DIGIT)
    assert done == "resized from 80 x 80 to 8 x 8"


def test_a_long_picture_keeps_its_proportions(tmp_path):
    image, done = prepared(written(np.full((40, 80), 200, np.uint8), tmp_path), (8, 8), 200.0)
    assert (image == 200).all() and done == "resized from 40 x 80 to 8 x 8"
    wide = np.zeros((20, 40), np.uint8)
    wide[5:15, 15:25] = 255
    image, _ = prepared(written(wide, tmp_path), (8, 8), 0.0)
    expected = np.zeros((8, 8), np.uint8)
    expected[3:5, 3:5] = 255  # 10 x 10 of 40 x 40 pixels
    np.testing.assert_array_equal(image, expected)


def test_colour_becomes_grey_and_a_jpeg_will_do(tmp_path):
    colour = np.repeat(255 - np.kron(DIGIT, np.ones((4, 4), np.uint8))[..., None], 3, axis=2)
    image, done = prepared(written(colour, tmp_path, "photo.jpg"), (8, 8), 5.0)
    assert np.abs(image.astype(int) - DIGIT).mean() < 5
    assert done == f"colour became grey by its luminance (ITU-R BT.601), {INVERTED}, resized from 32 x 32 to 8 x 8"


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "text.png").write_text("seven")
    with pytest.raises(DataError, match=r"text.png: cannot be read as a picture"):
        prepared(tmp_path / "text.png", (8, 8), 0.0)
