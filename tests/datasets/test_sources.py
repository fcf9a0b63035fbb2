"""What people have is read from its path, trains in one command, and is refused in words where it cannot be read."""

import gzip
import json
import re

import numpy as np
import pytest
from idxfiles import idx_bytes
from PIL import Image
from sources import IMAGES, LABELS, NAMES, SOURCES, TEST_IMAGES, TEST_LABELS, emnist, kaggle, pictures, single_idx

import stdpnet
from stdpnet.base.errors import DataError
from stdpnet.commands.train import train_command
from stdpnet.datasets import load_dataset, notices

FIFTH = {name for name in SOURCES if name in ("pictures", "csv", "one IDX file", "16 bits")}


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    monkeypatch.setattr(notices, "SAID", {})


def by_class(dataset, part):
    """Return the images of a part with the number that their class has in the digits."""
    numbers = {name: number for number, name in enumerate(NAMES)}
    numbers |= {str(number): number for number in range(10)} | dict(zip("ABCDEFGHIJ", range(10), strict=True))
    labels = [numbers[dataset.class_names[code]] for code in getattr(dataset, f"{part}_labels")]
    return sorted(
        (label, image.tobytes()) for label, image in zip(labels, getattr(dataset, f"{part}_images"), strict=True)
    )


def expected(images, labels):
    return sorted((int(label), image.tobytes()) for label, image in zip(labels, images, strict=True))


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_gives_its_images_with_their_classes(tmp_path, caplog, name):
    path = SOURCES[name](tmp_path)
    dataset = load_dataset(path)
    train, test = by_class(dataset, "train"), by_class(dataset, "test")
    if name in FIFTH:
        assert sorted(train + test) == expected(IMAGES, LABELS)
        assert len(test) == sum(max(1, int(np.sum(c == LABELS)) // 5) for c in range(10))
        assert f"without a test set: {len(test)} of the 60 images, a fifth of each class" in caplog.text
    else:
        assert (train, test) == (expected(IMAGES, LABELS), expected(TEST_IMAGES, TEST_LABELS))
    again = load_dataset(dataset.source)
    np.testing.assert_array_equal(again.train_images, dataset.train_images)


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_trains_in_one_command(tmp_path, tiny_toml, name):
    asked = ["--config", str(tiny_toml), "--dataset", str(SOURCES[name](tmp_path)), "--backend", "numpy"]
    asked += ["--images", "1", "--presentation-window", "35", "--presentation-rest", "10"]
    asked += ["--presentation-fewest-spikes", "0", "--out", str(tmp_path / "run")]
    asked += ["--label-images", "1", "--test-images", "1", "--workers", "1"] if name == "npz" else ["--no-evaluation"]
    train_command(asked)
    assert (tmp_path / "run" / "checkpoint.npz").exists()
    if name == "npz":
        assert json.loads((tmp_path / "run" / "evaluation.json").read_text())["n_test_images"] == 1


def test_pictures_are_in_mixed_order(tmp_path):
    labels = load_dataset(SOURCES["pictures in two parts"](tmp_path)).train_labels
    assert np.sum(np.diff(labels.astype(int)) != 0) > 40  # sorted by class there would be 9 changes


def test_pictures_of_every_mode_are_read(tmp_path, caplog):
    folder = tmp_path / "modes"
    (folder / "a").mkdir(parents=True)
    grey = Image.fromarray(IMAGES[0])
    for mode in ("1", "L", "RGB", "P", "LA", "RGBA", "CMYK"):
        grey.convert(mode).save(folder / "a" / f"{mode}.{'tif' if mode == 'CMYK' else 'png'}")
    Image.new("RGBA", (8, 8), (255, 255, 255, 0)).save(folder / "a" / "clear.png")
    grey.save(folder / "a" / "upper.BMP")
    dataset = load_dataset(folder)
    images = np.concatenate([dataset.train_images, dataset.test_images])
    assert sum(np.abs(image.astype(int) - IMAGES[0]).max() <= 2 for image in images) == 7  # all but two
    assert sum(not image.any() for image in images) == 1  # what is transparent is black
    assert "modes: colour became grey by its luminance" in caplog.text


def test_options_follow_the_path_or_are_given_in_python(tmp_path):
    folder = pictures(tmp_path / "photos", np.repeat(IMAGES[..., None], 3, axis=3))
    dataset = load_dataset(f"{folder},colour=channels")
    assert dataset.image_shape == (8, 24)
    assert load_dataset(folder, colour="channels").source == dataset.source == f"{folder},colour=channels"
    assert load_dataset(folder).image_shape == (8, 8)
    with pytest.raises(
        DataError, match=r"found the option 'color' \(did you mean 'colour'\?\), expected colour, turn, targets"
    ):
        load_dataset(f"{folder},color=channels")
    with pytest.raises(DataError, match="the option colour is 'rgb', expected grey or channels or planes"):
        load_dataset(f"{folder},colour=rgb")


def test_letters_are_turned_upright_unless_asked_not_to(tmp_path, caplog):
    path = emnist(tmp_path)
    dataset = load_dataset(path)
    assert dataset.name == "emnist-letters"
    assert dataset.class_names == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    np.testing.assert_array_equal(dataset.train_images, IMAGES)
    np.testing.assert_array_equal(dataset.train_labels, LABELS)
    assert "emnist-letters: EMNIST's images lie on their side, and are turned upright" in caplog.text
    np.testing.assert_array_equal(load_dataset(f"{path},turn=no").train_images, IMAGES.swapaxes(1, 2))
    np.testing.assert_array_equal(load_dataset(tmp_path).train_images, IMAGES)  # the folder will do, with one set in it
    (tmp_path / "emnist-digits-train-images-idx3-ubyte").write_bytes(idx_bytes(IMAGES))
    with pytest.raises(
        DataError, match=r"found 2 data sets, expected one: give one of the paths .*emnist-digits-train"
    ):
        load_dataset(tmp_path)


def test_a_single_file_without_labels_is_trained_on(tmp_path):
    path = single_idx(tmp_path)
    (tmp_path / "digits-labels-idx1-ubyte").unlink()
    assert repr(load_dataset(path)) == f"Dataset '{path.name[:-3]}': 60 training and no test images of 8 x 8, no labels"


ARCHIVES = {
    "torch": {"train_images": IMAGES, "train_labels": LABELS, "test_images": TEST_IMAGES, "test_labels": TEST_LABELS},
    "column of labels": {"X_train": IMAGES, "y_train": LABELS[:, None]},
    "without labels": {"images": IMAGES},
    "positions": {"arr_0": IMAGES, "arr_1": LABELS},
    "shares": {"x_train": IMAGES / 255, "y_train": np.array(NAMES)[LABELS]},
}


@pytest.mark.parametrize("arrays", ARCHIVES.values(), ids=ARCHIVES)
def test_archives_are_read_under_the_names_in_circulation(tmp_path, arrays):
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    dataset = load_dataset(tmp_path / "a.npz")
    assert len(dataset.train_images) + len(dataset.test_images) in (60, 90)
    assert dataset.n_classes == (10 if len(arrays) > 1 else 0)
    if "X_train" in arrays or "x_train" in arrays:
        np.testing.assert_array_equal(dataset.train_images, IMAGES)


def test_class_names_come_from_an_archive_or_a_file(tmp_path):
    np.savez(tmp_path / "a.npz", images=IMAGES, labels=LABELS, class_names=np.array(NAMES))
    assert load_dataset(tmp_path / "a.npz").class_names == NAMES
    path = single_idx(tmp_path)
    (tmp_path / "classes.txt").write_text("\n".join(NAMES))
    assert load_dataset(path).class_names == NAMES


ROWS = [[5, *range(0, 180, 20)], [7, *range(80, 260, 20)]]
TABLES = {
    "label first": ("\n".join(",".join(map(str, row)) for row in ROWS), ("5", "7")),
    "header": ("y," + ",".join(f"{k}x1" for k in range(9)) + "\n5" + ",20" * 9 + "\n7" + ",255" * 9, ("5", "7")),
    "label last": (",".join("abcdefghi") + ",Class\n" + "20," * 9 + "cat\n" + "255," * 9 + "dog\n", ("cat", "dog")),
    "semicolons, text": ('"cat"' + ";20" * 9 + "\n\ncat" + ";255" * 9, ("cat",)),
    "no labels": (",".join(f"pixel{k}" for k in range(9)) + "\n" + ",".join(["9"] * 8 + ["200"]), ()),
}


@pytest.mark.parametrize("text, names", TABLES.values(), ids=TABLES)
def test_tables_are_read_with_and_without_header(tmp_path, text, names):
    (tmp_path / "a.csv").write_text(text)
    dataset = load_dataset(tmp_path / "a.csv")
    assert dataset.class_names == names
    assert dataset.image_shape == (3, 3)
    assert len(dataset.train_images) == (1 if not names or len(names) == 1 else 2)


def test_a_table_of_test_images_beside_it_is_found(tmp_path, caplog):
    kaggle(tmp_path, "mnist_train.csv")
    kaggle(tmp_path, "mnist_test.csv", TEST_IMAGES, TEST_LABELS)
    for place in (tmp_path, tmp_path / "mnist_train.csv"):
        np.testing.assert_array_equal(load_dataset(place).test_images, TEST_IMAGES)
    (tmp_path / "mnist_train.csv").rename(tmp_path / "train.csv")
    (tmp_path / "test.csv.gz").write_bytes(gzip.compress((tmp_path / "mnist_test.csv").read_bytes()))
    (tmp_path / "mnist_test.csv").rename(tmp_path / "test.csv")
    lines = (tmp_path / "test.csv").read_text().splitlines()
    (tmp_path / "test.csv").write_text("\n".join(line.partition(",")[2] for line in lines))
    dataset = load_dataset(tmp_path / "train.csv")
    assert len(dataset.train_images) + len(dataset.test_images) == 60
    assert "test.csv has no labels and is not used" in caplog.text


def folder_of(**sizes):
    def make(folder):
        for name, size in sizes.items():
            (folder / "cats").mkdir(exist_ok=True)
            Image.new("L", size).save(folder / "cats" / f"{name}.png")
        return folder

    return make


def broken(name, content):
    def make(folder):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return folder if "/" in name else folder / name

    return make


def loose(folder):
    Image.new("L", (8, 8)).save(pictures(folder / "a", IMAGES[:3], LABELS[:3]) / "stray.png")
    return folder / "a"


def mixed_types(folder):
    pictures(folder / "a", IMAGES[:1].astype(np.uint16), [0], ".tif")
    return pictures(folder / "a", IMAGES[1:2], [1])


REFUSED = {
    "sizes": (
        folder_of(a=(8, 8), b=(8, 8), c=(9, 8)),
        r"most are 8 x 8, 1 of 3 are not \(.*c\.png is 8 x 9\); expected one",
    ),
    "damaged picture": (broken("cats/a.png", b"\x89PNG"), r"cats/a\.png: cannot be read as a picture \("),
    "stray picture": (
        loose,
        "found the picture stray.png beside folders of classes, expected each picture in the folder",
    ),
    "types of pictures": (mixed_types, "found pictures of different types: .* has uint16.*; expected one type"),
    "empty folder": (
        lambda folder: folder,
        "found an empty folder, expected one of: an archive of arrays .*; a folder of",
    ),
    "other files": (broken("cats/a.doc", b"a"), r"found a folder with cats/, expected one of"),
    "another file": (
        broken("a.doc", b"\xd0\xcf\x11"),
        "found a file that starts with the bytes d0 cf 11, expected one of",
    ),
    "no archive": (broken("a.npz", b"PK"), "a.npz: cannot be read .*; expected a whole .npz file"),
    "no text": (broken("a.csv", b"\xff\xfe1"), "a.csv: found bytes that are no text, expected a table with the label"),
    "empty table": (broken("a.csv", b"\n"), "a.csv: found an empty file, expected a line for each image"),
    "letters in a table": (
        broken("a.csv", b"1,2,3\n1,x,3\n"),
        "a.csv: could not convert string 'x' .*; expected a line",
    ),
    "short line": (broken("a.csv", b"1,2,3\n1,2\n"), "a.csv: .*; expected a line for each image"),
    "long line": (broken("a.csv", b"1,2,3\n1,2,3,4\n"), "a.csv: found another number of columns in line 2, expected 3"),
    "damaged IDX": (broken("x-images-idx3-ubyte", b"<html>"), "first bytes 3c68746d .*HTML page: download it again"),
}


@pytest.mark.parametrize("make, message", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_says_what_was_found_and_expected(tmp_path, make, message):
    with pytest.raises(DataError) as caught:
        load_dataset(make(tmp_path))
    assert re.search(message, str(caught.value)), str(caught.value)
    assert "\n" not in str(caught.value)


UNFIT = {
    "other names": ({"pixels": IMAGES}, "found the arrays pixels, expected x_train, y_train, x_test and y_test, or"),
    "objects": ({"x": np.array([IMAGES[0], None], object)}, "cannot be read .*; expected a whole"),
    "too few labels": ({"images": IMAGES, "labels": LABELS[:9]}, "found 60 images but 9 labels, expected as many"),
    "images last": ({"x": np.moveaxis(np.repeat(IMAGES[..., None], 3, 3), 0, 3)}, "np.moveaxis"),
    "swapped": ({"x": LABELS, "y": IMAGES}, r"images of shape \(1,\), expected .*seem to be swapped"),
}


@pytest.mark.parametrize("arrays, message", UNFIT.values(), ids=UNFIT)
def test_arrays_that_do_not_fit_are_refused(tmp_path, arrays, message):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(stdpnet.DataError, match=f"a.*{message}"):
        load_dataset(tmp_path / "a.npz")


@pytest.mark.parametrize(
    "text, found", [("label,pixel0,pixel1\n", "a line of names and no other"), ("label\n3\n4\n", "a single column")]
)
def test_a_table_without_images(tmp_path, text, found):
    path = tmp_path / "table.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=f"table.csv: found {found}, expected"):
        load_dataset(path)
