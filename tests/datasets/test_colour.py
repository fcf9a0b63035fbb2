"""Images in colour as planes: from every form of CIFAR-10 and other sources, refused where networks learn by STDP."""

import numpy as np
import pytest
from cifarfiles import ARCHIVE, FOLDER, TEST, binary_archive, binary_files, binary_folder, coloured, jpegs, pair
from sources import pictures

import stdpnet
from stdpnet.base.errors import DataError
from stdpnet.datasets import Dataset, cifar10, load_dataset

IMAGES, LABELS = coloured(20)
PLANES = IMAGES.transpose(0, 3, 1, 2)
TESTS = coloured(10, seed=1)[0].transpose(0, 3, 1, 2)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Return the folder of data, and see to it that no other is looked at."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("STDPNET_DATA", str(folder))
    monkeypatch.setattr(cifar10.platformdirs, "user_cache_dir", lambda name: str(tmp_path / "cache" / name))
    return folder


def in_cifar10(write):
    def make(place):
        (place / "cifar10").mkdir()
        return write(place / "cifar10")

    return make


PLACES = {
    "folder": binary_folder,
    "archive": binary_archive,
    "folder in cifar10": in_cifar10(binary_folder),
    "archive in cifar10": in_cifar10(binary_archive),
    "arrays in cifar10": lambda place: pair(place / "cifar10"),
    "arrays": pair,
}


@pytest.mark.parametrize("where", PLACES)
def test_cifar10_is_found_in_every_form(data, where):
    PLACES[where](data)
    dataset = load_dataset("cifar10")
    np.testing.assert_array_equal(dataset.train_images, PLANES)
    np.testing.assert_array_equal(dataset.test_images, TESTS)
    np.testing.assert_array_equal(dataset.train_labels, LABELS)
    assert (dataset.source, dataset.image_shape, dataset.n_inputs) == ("cifar10", (3, 32, 32), 3072)
    assert dataset.class_names[:2] == ("airplane", "automobile") and dataset.class_names[9] == "truck"
    assert repr(dataset) == (
        "Dataset 'cifar10': 20 training and 10 test images of 3 planes of 32 x 32, 10 classes"
    )  # fmt: skip


def test_cifar10_of_jpeg_files_is_nearly_the_same(data):
    pair(data / "cifar10", jpeg=True)
    found = load_dataset("cifar10").train_images
    assert found.shape == PLANES.shape and np.abs(found.astype(int) - PLANES).max() < 12


def test_cifar10_may_be_had_in_grey_and_is_found_again_so(data):
    binary_folder(data)
    grey = load_dataset("cifar10,colour=grey")
    expected = (IMAGES @ np.array([0.299, 0.587, 0.114])).round()
    assert grey.image_shape == (32, 32) and np.abs(grey.train_images - expected).max() <= 1
    again = load_dataset(load_dataset("cifar10", colour="channels").source)
    assert (again.source, again.image_shape) == ("cifar10,colour=channels", (32, 96))
    with pytest.raises(DataError, match="cifar10: found the options turn, expected colour"):
        load_dataset("cifar10,turn=no")
    with pytest.raises(DataError, match="mnist-5k: found the options colour, expected none"):
        load_dataset("mnist-5k,colour=planes")


def test_paths_of_cifar10_are_read_like_other_paths(tmp_path):
    archive, folder, arrays = binary_archive(tmp_path), binary_folder(tmp_path / "own"), pair(tmp_path / "arrays")
    for path in (archive, folder, folder.parent, arrays):
        assert load_dataset(path).image_shape == (32, 32)
        np.testing.assert_array_equal(load_dataset(path, colour="planes").train_images, PLANES)


def test_the_pickled_version_is_refused_by_name(data):
    (data / "cifar-10-batches-py").mkdir()
    (data / "cifar-10-batches-py" / "data_batch_1").write_bytes(b"\x80\x02}q\x01.")
    for name in ("cifar10", str(data / "cifar-10-batches-py")):
        with pytest.raises(DataError, match=rf"Python version of CIFAR-10, whose pickles .* binary version, {ARCHIVE}"):
            load_dataset(name)


def test_what_is_missing_or_damaged_is_said(data):
    with pytest.raises(DataError, match=rf"CIFAR-10 not found. Tried the folders\n  {data}/cifar10\n  {data}\n"):
        load_dataset("cifar10")
    folder = binary_folder(data)
    (folder / "data_batch_3.bin").unlink()
    with pytest.raises(DataError, match=r"found no data_batch_3.bin, expected the six files"):
        load_dataset("cifar10")
    (folder / "data_batch_3.bin").write_bytes(binary_files()[TEST][:-1])
    with pytest.raises(DataError, match=r"data_batch_3.bin: found 30,729 bytes, expected 30,730,000, or fewer"):
        load_dataset("cifar10")
    (folder / "data_batch_3.bin").write_bytes(b"\x0a" + binary_files()[TEST][1:])
    with pytest.raises(DataError, match="found the label 10, expected 0 to 9"):
        load_dataset("cifar10")
    whole = binary_archive(data / FOLDER).read_bytes()
    (data / FOLDER / ARCHIVE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="cut short or damaged"):
        load_dataset(data / FOLDER / ARCHIVE)


def test_arrays_under_its_name_that_are_not_cifar10_are_refused(data):
    pair(data / "cifar10", side=8)
    with pytest.raises(
        DataError, match=r"hold Dataset 'cifar10': .* of 3 planes of 8 x 8.* expected CIFAR-10's 32 x 32"
    ):
        load_dataset("cifar10")


def test_a_pair_of_archives_may_hold_grey_images_and_class_names(tmp_path):
    images, labels = np.zeros((4, 5, 6), np.uint8), np.array([0, 1, 0, 1])
    np.savez(tmp_path / "train.npz", x_train=images, y_train=labels, class_names=["cat", "dog"])
    with pytest.raises(DataError, match=r"test.npz: found the arrays labels, expected images and labels"):
        np.savez(tmp_path / "test.npz", labels=labels)
        load_dataset(tmp_path)
    np.savez(tmp_path / "test.npz", x=images[:2], y=labels[:2])
    dataset = load_dataset(tmp_path, colour="planes")
    assert (dataset.image_shape, dataset.class_names, len(dataset.test_labels)) == ((5, 6), ("cat", "dog"), 2)


def test_jpeg_arrays_that_do_not_fit_are_refused(tmp_path):
    good = jpegs(IMAGES[:4])
    for change, message in (
        ({"offsets": good["offsets"][::-1]}, "offsets that do not fit"),
        ({"offsets": good["offsets"] + 1000}, "offsets that do not fit"),
        ({"jpeg": np.zeros_like(good["jpeg"])}, "picture 0 cannot be read"),
        (jpegs(IMAGES[:1]) | {"offsets": [0]}, "offsets that do not fit"),
    ):
        np.savez(tmp_path / "one.npz", labels=np.arange(4), **(good | change))
        with pytest.raises(DataError, match=message):
            load_dataset(tmp_path / "one.npz")


def test_planes_of_pictures_and_arrays(tmp_path):
    folder = pictures(tmp_path / "photos", IMAGES, LABELS)
    assert load_dataset(f"{folder},colour=planes").image_shape == (3, 32, 32)
    given = Dataset("mine", IMAGES, LABELS, IMAGES[:5], LABELS[:5], colour="planes")
    np.testing.assert_array_equal(given.train_images, PLANES)
    two = Dataset("on and off", np.zeros((7, 2, 34, 34), np.uint8), colour="planes")
    assert two.image_shape == (2, 34, 34)
    with pytest.raises(DataError, match="if the fourth channel is opacity, leave it out"):
        Dataset("mine", np.zeros((7, 8, 8, 4), np.uint8), colour="planes")


@pytest.mark.parametrize("act", [stdpnet.train, lambda config, dataset: stdpnet.train(config, dataset, folder="run")])
def test_networks_that_learn_by_stdp_refuse_planes(tmp_path, monkeypatch, act):
    monkeypatch.chdir(tmp_path)
    dataset = Dataset("mine", IMAGES, LABELS, colour="planes")
    with pytest.raises(
        DataError, match=r"mine has images of 3 planes of 32 x 32, .* read it with colour=grey \(mine,co"
    ):
        act(stdpnet.Config(neurons=5, images=5), dataset)
    assert not list(tmp_path.iterdir())
