"""Files that are whole or not there: crashes while writing, damage while reading, and no pickle."""

import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError


@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt], ids=lambda kind: kind.__name__)
def test_an_error_while_writing_leaves_the_old_file_and_nothing_else(tmp_path, kind):
    path = tmp_path / "state.json"
    path.write_bytes(b"old")

    def write(file):
        file.write(b"ne")
        raise kind

    with pytest.raises(RunFolderError if kind is OSError else kind):
        files.write_atomically(path, write)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["state.json"]


def test_a_process_killed_while_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "state.json"
    path.write_bytes(b"old")
    code = (
        "import os, sys; from stdpnet.base.files import write_atomically\n"
        "write_atomically(sys.argv[1], lambda file: (file.write(b'ne'), file.flush(), os._exit(9)))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 9
    assert path.read_bytes() == b"old"
    files.write_text(path, "new")  # what the killed one left is in nobody's way
    assert path.read_bytes() == b"new"


FULL = """
import resource, sys
import numpy as np
from stdpnet.base import files
from stdpnet.base.labelled.tensors import write_tensors
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
zeros = np.zeros(400_000)
arrays = {"w": zeros}
for write, what in ((files.write_arrays, arrays), (files.write_text, "x" * 20_000), (write_tensors, arrays)):
    try:
        write(sys.argv[1], what)
    except files.RunFolderError as error:
        print(error)
"""


def test_a_full_disk_is_named_with_the_file_whoever_writes(tmp_path):
    path = tmp_path / "state"
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=False)
    assert done.stdout == 3 * f"{path}: could not be written (File too large): is the disk full?\n", done.stderr
    assert os.listdir(tmp_path) == ["state"]
    assert path.read_bytes() == b"old"


def test_text_is_utf8_and_json_ends_with_a_newline(tmp_path):
    files.write_text(tmp_path / "a.txt", "θ in mV")
    assert (tmp_path / "a.txt").read_bytes() == b"\xce\xb8 in mV"
    files.write_json(tmp_path / "a.json", {"accuracy": 0.5, "classes": [1, None]})
    assert json.loads((tmp_path / "a.json").read_bytes()) == {"accuracy": 0.5, "classes": [1, None]}
    assert files.read_json(tmp_path / "a.json") == {"accuracy": 0.5, "classes": [1, None]}
    assert (tmp_path / "a.json").read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("read", [files.read_json, files.read_arrays], ids=lambda read: read.__name__)
def test_a_file_that_is_not_there(tmp_path, read):
    with pytest.raises(RunFolderError, match=r"gone: no such file; expected a run folder"):
        read(tmp_path / "gone")


class Evil:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


def test_an_array_of_objects_is_refused_and_not_unpickled(tmp_path):
    np.savez(tmp_path / "a.npz", weights=np.zeros(3), evil=np.array([Evil(tmp_path / "loaded")], dtype=object))
    with pytest.raises(RunFolderError, match=r"a\.npz: damaged or cut short \(Object arrays cannot be loaded"):
        files.read_arrays(tmp_path / "a.npz")
    np.load(tmp_path / "a.npz", allow_pickle=True)["evil"]  # it would have
    assert (tmp_path / "loaded").exists()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Return a file of two arrays, its bytes, and where the list of its entries starts."""
    path = tmp_path_factory.mktemp("arrays") / "state.npz"
    files.write_arrays(path, {"w": np.arange(4096, dtype=np.float32).reshape(64, 64), "n": np.array(7)})
    with zipfile.ZipFile(path) as opened:
        return path, path.read_bytes(), opened.start_dir


@given(data=st.data())
def test_a_flipped_bit_changes_no_array(archive, data):
    path, content, directory = archive
    # the headers of the arrays, most often; not the list of entries, in which an entry can get lost
    place = data.draw(st.integers(0, 200) | st.integers(0, directory - 1))
    flipped = bytearray(content)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(flipped)
    try:
        found = files.read_arrays(path)
    except RunFolderError as error:
        assert str(error).startswith(f"{path}: damaged or cut short (")
        return
    np.testing.assert_array_equal(found["w"], np.arange(4096, dtype=np.float32).reshape(64, 64), strict=True)
    np.testing.assert_array_equal(found["n"], np.array(7), strict=True)


@pytest.mark.parametrize("change", ["byte order", "fewer rows"])
def test_a_changed_header_of_a_large_array_is_refused(archive, change):
    path, content, _ = archive
    old, new = {"byte order": (b"'<f4'", b"'>f4'"), "fewer rows": (b"(64, 64)", b"( 4, 64)")}[change]
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))
    with pytest.raises(RunFolderError, match=r"state\.npz: damaged or cut short \(wrong checksum of w\.npy\)"):
        files.read_arrays(path)


@given(share=st.floats(0, 1, exclude_max=True))
def test_a_cut_archive_is_refused(archive, share):
    path, content, _ = archive
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(RunFolderError, match=r"state\.npz: damaged or cut short"):
        files.read_arrays(path)


def test_plain_data_is_checked_by_name_and_type(tmp_path):
    data = {"accuracy": 0.5, "n": 3}
    assert files.checked(data, {"accuracy": (int, float), "n": int}, "a.json") is data
    for wrong, message in (([], "holds a list, expected a table"), ({"n": 3}, "accuracy is None")):
        with pytest.raises(RunFolderError, match=rf"a\.json: {message}"):
            files.checked(wrong, {"accuracy": (int, float), "n": int}, tmp_path / "a.json")
