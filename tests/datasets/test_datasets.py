"""Data sets: the embedded one, full MNIST from every place, folders, and what is refused."""

import os
import shutil

import numpy as np
import pytest
import sklearn.datasets
from idxfiles import idx_bytes, write_idx_folder
from tiny import digits

from stdpnet import datasets
from stdpnet.base.errors import DataError
from stdpnet.datasets import mnist

FILE_NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def same(one, other):
    return all(
        np.array_equal(getattr(one, part), getattr(other, part))
        for part in ("train_images", "train_labels", "test_images", "test_labels")
    )


@pytest.fixture(scope="module")
def embedded():
    return datasets.load_dataset("mnist-5k")


def test_embedded_set_has_the_stated_split(embedded):
    assert embedded.train_images.shape == (4000, 28, 28)
    assert embedded.test_images.shape == (1000, 28, 28)
    np.testing.assert_array_equal(np.bincount(embedded.train_labels), np.full(10, 400))
    np.testing.assert_array_equal(np.bincount(embedded.test_labels), np.full(10, 100))
    assert embedded.train_images.max() == 255  # grey levels, not 0 to 1


def test_embedded_split_is_the_same_at_every_load(embedded):
    np.random.seed(1)  # someone else's global generator does not matter
    assert same(datasets.load_dataset("mnist-5k"), embedded)


def test_embedded_training_and_test_images_are_disjoint(embedded):
    train, test = ({image.tobytes() for image in part} for part in (embedded.train_images, embedded.test_images))
    assert len(train) == 4000
    assert len(test) == 1000
    assert not train & test


def test_embedded_classes_are_mixed(embedded):
    # sorted by class, the first 500 would hold two classes only
    assert set(embedded.train_labels[:500]) == set(range(10))


def test_folder_is_read_with_its_image_size(digits_folder):
    loaded = datasets.load_dataset(str(digits_folder))
    assert loaded.name == "digits8x8"
    assert loaded.image_shape == (8, 8)
    assert loaded.n_inputs == 64
    assert same(loaded, datasets.Dataset("", *(digits()[i] for i in range(4))))


IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = digits()
UNFIT = {
    "fewer labels than images": ((IMAGES, LABELS[:-1], TEST_IMAGES, TEST_LABELS), "60 images but 59 labels"),
    "test images of another size": ((IMAGES, LABELS, TEST_IMAGES[:, :7], TEST_LABELS), r"\(8, 8\).*\(7, 8\)"),
    "swapped": ((LABELS, IMAGES, TEST_IMAGES, TEST_LABELS), "train-images.*00000801.*swapped"),
}


@pytest.mark.parametrize("parts, message", UNFIT.values(), ids=UNFIT)
def test_files_that_do_not_belong_together_are_refused(tmp_path, parts, message):
    with pytest.raises(DataError, match=message):
        datasets.load_dataset(str(write_idx_folder(tmp_path / "set", *parts)))


@pytest.mark.parametrize("name", [name for name in FILE_NAMES if "images" in name])
def test_missing_images_are_named(tmp_path, digits_folder, name):
    folder = shutil.copytree(digits_folder, tmp_path / "set")
    next(folder.glob(f"{name}*")).unlink()
    with pytest.raises(DataError, match=f"{folder}: found no {name} and no {name}.gz"):
        datasets.load_dataset(str(folder))


def test_unknown_name_lists_what_there_is(tmp_path):
    with pytest.raises(
        DataError,
        match=r"no data set 'nmist' \(did you mean 'mnist'\?\): expected mnist-5k, mnist, cifar10, or the path",
    ):
        datasets.load_dataset("nmist")
    (tmp_path / "file").write_bytes(idx_bytes(LABELS))
    with pytest.raises(DataError, match=r"file: found first bytes 00000801 .*swapped"):
        datasets.load_dataset(str(tmp_path / "file"))


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """Neither data folder nor cache holds MNIST; the download fails, and is counted."""
    calls = []

    def fail(*arguments, **options):
        calls.append(arguments)
        raise OSError("the network is down")

    monkeypatch.setenv("STDPNET_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fail)
    return calls


def test_missing_mnist_lists_every_place_tried(nowhere, tmp_path):
    with pytest.raises(DataError) as caught:
        datasets.load_dataset("mnist")
    message = str(caught.value)
    for place in (tmp_path / "data" / "mnist", tmp_path / "data", tmp_path / "cache" / "stdpnet" / "mnist"):
        assert str(place) in message
    for text in ("fetch_openml", "the network is down", "STDPNET_DATA", "mnist-5k"):
        assert text in message
    assert len(nowhere) == 1


@pytest.mark.parametrize("place", ["data/mnist", "data", "cache/stdpnet/mnist"])
def test_mnist_is_found_in_every_place_without_the_network(nowhere, tmp_path, place):
    write_idx_folder(tmp_path / place, *digits())
    loaded = datasets.load_dataset("mnist")
    assert loaded.name == "mnist"
    np.testing.assert_array_equal(loaded.train_images, IMAGES)
    assert nowhere == []


def test_damaged_mnist_is_reported_and_not_replaced(nowhere, tmp_path):
    folder = write_idx_folder(tmp_path / "data", *digits())
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(b"<html>")
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte.gz: found an HTML page"):
        datasets.load_dataset("mnist")
    assert nowhere == []


def test_download_is_kept_and_not_repeated(nowhere, monkeypatch, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (30, 784))
    labels = np.arange(30) % 10
    calls = []

    def fetch(name, **options):
        calls.append(name)
        return images.astype(float), labels.astype(str).astype(object)  # as OpenML has them

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)
    monkeypatch.setattr(mnist, "TRAINING_IMAGES", 20)
    first, second = datasets.load_dataset("mnist"), datasets.load_dataset("mnist")
    assert calls == ["mnist_784"]
    for loaded in (first, second):
        np.testing.assert_array_equal(loaded.train_images, images[:20].reshape(20, 28, 28))
        np.testing.assert_array_equal(loaded.test_images, images[20:].reshape(10, 28, 28))
        np.testing.assert_array_equal(loaded.train_labels, labels[:20])
        np.testing.assert_array_equal(loaded.test_labels, labels[20:])
    kept = sorted(path.name for path in (tmp_path / "cache" / "stdpnet" / "mnist").iterdir())
    assert kept == sorted(f"{name}.gz" for name in FILE_NAMES)


@pytest.mark.skipif(not os.environ.get("STDPNET_DATA"), reason="needs full MNIST: set STDPNET_DATA to its folder")
def test_full_mnist_has_its_known_shapes_and_label_counts():
    loaded = datasets.load_dataset("mnist")
    assert loaded.train_images.shape == (60_000, 28, 28)
    assert loaded.test_images.shape == (10_000, 28, 28)
    # class counts as published for MNIST
    assert np.bincount(loaded.train_labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(loaded.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
