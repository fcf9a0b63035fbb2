"""Address-event files by hand, what is wrong with them, and saccades over still images."""

import numpy as np
import pytest

from stdpnet.base.errors import DataError
from stdpnet.datasets.events import aer
from stdpnet.datasets.events.recording import Recording
from stdpnet.datasets.events.saccades import Saccades, recordings


def event(x, y, polarity, time):
    """Return the 40 bits of an event, by its definition."""
    return (x << 32 | y << 24 | polarity << 23 | time).to_bytes(5, "big")


def written(path, *events):
    path.write_bytes(b"".join(event(*one) for one in events))
    return path


def test_a_file_by_hand(tmp_path):
    file = written(tmp_path / "a.bin", (3, 33, 1, 0x012345), (33, 0, 0, 0x7FFFFF))
    found = aer.read(file)
    np.testing.assert_array_equal([found.x, found.y], [[3, 33], [33, 0]])
    np.testing.assert_array_equal(found.polarity, [1, 0])
    np.testing.assert_array_equal(found.time, [0x012345, 8388607])


def test_where_the_clock_went_round_8192_us_are_added_from_there_on(tmp_path):
    file = written(tmp_path / "a.bin", (1, 1, 1, 8000), (0, 240, 0, 0), (2, 2, 0, 10), (0, 240, 0, 5), (3, 3, 1, 5))
    found = aer.read(file)
    np.testing.assert_array_equal(found.time, [8000, 8202, 16389])
    np.testing.assert_array_equal(found.x, [1, 2, 3])


WRONG = {
    "cut off": (event(1, 1, 1, 5) + b"\0\0", r"found 7 bytes, expected a multiple of 5"),
    "empty": (b"", "found 0 bytes, expected a multiple of 5"),
    "column": (event(1, 1, 1, 5) + event(34, 2, 1, 6), "event 1 is at column 34, row 2; expected a sensor of 34 rows"),
    "row": (event(5, 60, 1, 5), "event 0 is at column 5, row 60"),
    "backwards": (event(1, 1, 1, 50) + event(1, 1, 1, 49), "event 1 is at 49 us after one at 50 us"),
}


@pytest.mark.parametrize("content, text", WRONG.values(), ids=WRONG)
def test_damaged_files(tmp_path, content, text):
    (tmp_path / "a.bin").write_bytes(content)
    with pytest.raises(DataError, match=text) as error:
        aer.read(tmp_path / "a.bin")
    assert "a.bin" in str(error.value)


def test_what_is_written_is_read(tmp_path):
    random = np.random.default_rng(0)
    time = np.sort(random.integers(0, 2**23, 500))
    given = Recording(*random.integers(0, 34, (2, 500)), random.integers(0, 2, 500), time, aer.SENSOR)
    aer.write(tmp_path / "a.bin", given)
    assert (tmp_path / "a.bin").stat().st_size == 2500
    found = aer.read(tmp_path / "a.bin")
    for name in ("x", "y", "polarity", "time"):
        np.testing.assert_array_equal(getattr(found, name), getattr(given, name))
    with pytest.raises(DataError, match="times below 8388608 us"):
        aer.write(tmp_path / "b.bin", Recording(*np.zeros((3, 1), int), np.array([2**23]), aer.SENSOR))


def test_folders_of_classes(tmp_path):
    for label, count in enumerate((2, 1, 3)):
        (tmp_path / str(label)).mkdir()
        for k in range(count):
            written(tmp_path / str(label) / f"{k:05}.bin", (label, k, 1, 7))
    found, labels = aer.read_folder(tmp_path)
    np.testing.assert_array_equal(labels, [0, 0, 1, 2, 2, 2])
    assert [int(one.x[0]) for one in found] == [0, 0, 1, 2, 2, 2]
    (tmp_path / "3").mkdir()
    with pytest.raises(DataError, match=r"3: holds no file that ends in \.bin; expected recordings of class 3"):
        aer.read_folder(tmp_path)
    (tmp_path / "3").rename(tmp_path / "seven")
    with pytest.raises(DataError, match="found folders 0, 1, 2, seven; expected one for each class"):
        aer.read_folder(tmp_path)
    with pytest.raises(DataError, match=r"missing.* cannot be read: No such file"):
        aer.read(tmp_path / "missing.bin")


def test_other_nonsense():
    one, two = np.zeros(1, int), np.zeros(2, int)
    with pytest.raises(DataError, match="expected as many of each"):
        Recording(one, one, one, two, (4, 4))
    with pytest.raises(DataError, match=r"found polarities \[2\], expected 0 and 1"):
        Recording(one, one, one + 2, one, (4, 4))
    with pytest.raises(DataError, match="images of 40 x 40 are larger than the sensor, 34 x 34"):
        next(recordings(np.zeros((1, 40, 40), np.uint8)))


def test_an_edge_that_moves_is_bright_in_front_and_dark_behind():
    """A bright half on the left moves to the right: its edge is ON, and nothing else sends events."""
    image = np.zeros((1, 20, 20), np.uint8)
    image[0, :, :10] = 255
    quiet = Saccades(time=20, reach=4.0, threshold=0.1, noise=0.0, spread=0.0)
    (found,) = recordings(image, quiet, shape=(20, 20))
    inside = (found.x > 5) & (found.y > 4) & (found.y < 15)
    first = inside & (found.time < 40_000)  # the first two saccades both go right, by 4 pixels in all
    assert (found.polarity[first] == 1).all()
    assert set(found.x[first]) <= {7, 8, 9, 10, 11, 12}
    back = inside & (found.time >= 40_000)
    assert (found.polarity[back] == 0).all()
    # a pixel that goes from black to white sends the range of logarithms, divided by the threshold
    column = first & (found.y == 10) & (found.x == 10)
    assert abs(column.sum() - np.log(1 / quiet.dark) / quiet.threshold) < 1.5


def test_events_follow_from_seed_and_number_alone():
    images = np.random.default_rng(0).integers(0, 256, (3, 8, 8), np.uint8)
    together = list(recordings(images, seed=4, first=10, shape=(10, 10)))
    (alone,) = recordings(images[2:], seed=4, first=12, shape=(10, 10))
    (other,) = recordings(images[2:], seed=5, first=12, shape=(10, 10))
    np.testing.assert_array_equal(alone.time, together[2].time)
    np.testing.assert_array_equal(alone.x, together[2].x)
    assert len(other) != len(alone) or (other.time != alone.time).any()
    assert np.all(np.diff(alone.time) >= 0)
    assert alone.time.max() < 300_000


def test_noise_has_its_rate():
    (found,) = recordings(np.zeros((1, 28, 28), np.uint8), Saccades(noise=10.0))
    expected = 10 * 0.3 * 34 * 34
    assert abs(len(found) - expected) < 5 * np.sqrt(expected)
