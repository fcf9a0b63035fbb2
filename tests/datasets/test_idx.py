"""IDX files: what is written is read, and every damage is named."""

import gzip

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from idxfiles import idx_bytes

from stdpnet.base.errors import DataError
from stdpnet.datasets import load_dataset
from stdpnet.datasets.idx import read_idx, write_idx
from stdpnet.datasets.idx_folder import find_file

IMAGES = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
LABELS = np.array([7, 0, 9], np.uint8)
PLAIN = idx_bytes(IMAGES)

anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("array", [IMAGES, LABELS], ids=["images", "labels"])
@pytest.mark.parametrize("name, pack", [("file", bytes), ("file.gz", gzip.compress), ("gzipped", gzip.compress)])
def test_what_was_written_is_read(tmp_path, array, name, pack):
    (tmp_path / name).write_bytes(pack(idx_bytes(array)))
    found = read_idx(tmp_path / name, array.ndim)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, array)


def test_both_spellings_are_found_and_the_plain_file_comes_first(tmp_path):
    assert find_file(tmp_path, "train-images-idx3-ubyte") is None
    for name in ("train-images.idx3-ubyte.gz", "train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"):
        (tmp_path / name).write_bytes(b"x")
        assert find_file(tmp_path, "train-images-idx3-ubyte").name == name


WRONG = {
    # name of the case: (file name, content, dimensions asked for, what the message says was found, and expected)
    "cut short": ("a", PLAIN[:-7], 3, "found 69 bytes", "expected 76 for the declared shape (3, 4, 5)"),
    "too long": ("a", PLAIN + b"!", 3, "found more bytes", "expected 76"),
    "header cut short": ("a", PLAIN[:9], 3, "found 9 bytes", "expected a header of 16"),
    "labels for images": ("a", idx_bytes(LABELS), 3, "00000801", "expected IDX magic 0x000803"),
    "images for labels": ("a", PLAIN, 1, "00000803", "expected IDX magic 0x000801"),
    "empty": ("a", b"", 3, "found 0 bytes", "expected a file that starts with IDX magic"),
    "empty .gz": ("a.gz", b"", 3, "found 0 bytes", "expected a file that starts with IDX magic"),
    "web page": ("a", b"<!DOCTYPE html><html>", 3, "found first bytes 3c21", "expected IDX magic"),
    "web page as .gz": ("a.gz", b"\n<html>503</html>", 3, "found an HTML page", "expected a gzip file"),
    "plain as .gz": ("a.gz", PLAIN, 3, "found first bytes 00000803", "expected a gzip file"),
    "gzip cut short": ("a.gz", gzip.compress(PLAIN)[:-12], 3, "found a damaged gzip file", "expected a whole one"),
    "gzip with a wrong checksum": (
        "a.gz",
        gzip.compress(PLAIN)[:-8] + b"abcd" + gzip.compress(PLAIN)[-4:],
        3,
        "found a damaged gzip file",
        "expected a whole one",
    ),
    "wrong magic": ("a", b"\x89PNG" + PLAIN[4:], 3, "found first bytes 89504e47", "expected IDX magic 0x000803"),
    "floats": ("a", b"\0\0\x0d\x01" + PLAIN[4:], 3, "(floats of 32 bits, 1 dimensions; images", "unsigned bytes"),
    "unknown type": ("a", b"\0\0\x0a\x03" + PLAIN[4:], 3, "found first bytes 00000a03,", "unsigned bytes"),
    "five axes": ("a", b"\0\0\x08\x05" + PLAIN[4:], 3, "00000805 (unsigned bytes, 5 dimensions)", "3 dimensions"),
    "sizes beyond 64 bits": ("a", PLAIN[:4] + b"\x80\0\0\0\x80\0\0\0\0\0\0\x04", 3, "found 16 bytes", "expected"),
}


@pytest.mark.parametrize("name, content, dimensions, found, expected", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_named_with_what_was_found_and_expected(tmp_path, name, content, dimensions, found, expected):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_idx(path, dimensions)
    message = str(caught.value)
    assert str(path) in message
    assert found in message
    assert expected in message
    assert "\n" not in message


def test_hints_say_what_probably_happened(tmp_path):
    (tmp_path / "a").write_bytes(idx_bytes(LABELS))
    with pytest.raises(DataError, match="swapped"):
        read_idx(tmp_path / "a", 3)
    (tmp_path / "a").write_bytes(b"<html>")
    with pytest.raises(DataError, match="HTML page"):
        read_idx(tmp_path / "a", 3)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere.*No such file"):
        read_idx(tmp_path / "nowhere", 3)


@anything
@given(position=st.integers(0, len(gzip.compress(PLAIN)) - 1), change=st.integers(1, 255))
def test_one_damaged_byte_never_gives_other_images(tmp_path, position, change):
    content = bytearray(gzip.compress(PLAIN))
    content[position] ^= change
    (tmp_path / "a.gz").write_bytes(content)
    try:
        found = read_idx(tmp_path / "a.gz", 3)
    except DataError as error:
        assert "a.gz: found" in str(error)
    else:
        np.testing.assert_array_equal(found, IMAGES)  # the byte was a time stamp or the like


@anything
@given(content=st.binary(max_size=40) | st.binary(max_size=40).map(lambda tail: PLAIN[:4] + tail))
def test_any_bytes_are_read_or_refused_as_data(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    try:
        found = read_idx(tmp_path / "a", 3)
    except DataError as error:
        assert "expected" in str(error)
    else:
        if found.dtype == np.uint8:
            assert idx_bytes(found) == content


@pytest.mark.parametrize("kind, code", [("i1", 9), (">i2", 0xB), (">i4", 0xC), (">f4", 0xD), (">f8", 0xE)])
def test_other_types_are_read(tmp_path, kind, code):
    values = IMAGES.astype(kind)
    (tmp_path / "a").write_bytes(bytes([0, 0, code, 3]) + PLAIN[4:16] + values.tobytes())
    np.testing.assert_array_equal(read_idx(tmp_path / "a", 3), IMAGES)
    assert read_idx(tmp_path / "a", 3).dtype == np.dtype(kind).newbyteorder("=")


def test_labels_of_many_classes_are_written_as_integers(tmp_path):
    labels = np.array([0, 1000], np.int32)
    write_idx(tmp_path / "a", labels)
    assert (tmp_path / "a").read_bytes()[:4] == b"\0\0\x0c\x01"
    np.testing.assert_array_equal(read_idx(tmp_path / "a", 1), labels)


def test_of_a_gzip_file_that_goes_on_and_on_little_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(gzip.GzipFile, "read", spy := Spy(gzip.GzipFile.read))
    (tmp_path / "a.gz").write_bytes(gzip.compress(PLAIN + bytes(10**7)))
    with pytest.raises(DataError, match="found more bytes, expected 76"):
        read_idx(tmp_path / "a.gz", 3)
    assert max(spy.asked) == 77


class Spy:
    """A method that notes what it is asked for."""

    def __init__(self, method):
        self.method, self.asked = method, []

    def __get__(self, instance, owner):
        def read(size=-1):
            self.asked.append(size)
            return self.method(instance, size)

        return read


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb-images-idx3-ubyte.gz"])
def test_a_gzip_file_that_unpacks_to_very_much_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr("stdpnet.datasets.idx.UNPACKED", 10_000)
    monkeypatch.setattr("stdpnet.datasets.idx.UNPACKED_RATIO", 100)
    path, images = tmp_path / name, np.zeros((1000, 8, 8), np.uint8)
    path.write_bytes(gzip.compress(b"0,0,0\n" * 20_000 if "csv" in name else idx_bytes(images), mtime=0))
    assert path.stat().st_size < 600
    with pytest.raises(DataError, match=r"bomb.* unpacks to more than [0-9,]+ bytes, expected no more"):
        load_dataset(path)
    monkeypatch.setattr("stdpnet.datasets.idx.UNPACKED_RATIO", 1000)
    assert load_dataset(path).n_inputs in (2, 64)
