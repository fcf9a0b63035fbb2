"""Labels of any kind become codes of classes with names; what is no label is refused."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from tiny import QUICK, digits, tiny_config

import stdpnet
from stdpnet.base.errors import DataError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.datasets.labels import encode, read_names
from stdpnet.experiments.stdp.checkpoint import matching_checkpoint
from stdpnet.plots import confusion, error_pairs, raster, receptive_fields

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = digits()

KINDS = {
    # labels of the two parts, codes, names
    "texts": (["shoe", "coat"], ["shoe", "hat"], [2, 0], [2, 1], ("coat", "hat", "shoe")),
    "bytes": ([b"b", b"a"], [b"b"], [1, 0], [1], ("a", "b")),
    "numbers as texts, as OpenML has them": (["10", "9"], ["2"], [2, 1], [0], ("2", "9", "10")),
    "negative": ([-1, 1], [1], [0, 1], [1], ("-1", "1")),
    "gaps": (np.array([1, 26], np.uint8), [7], [0, 2], [1], ("1", "7", "26")),
    "huge": ([0, 10**9], [10**9], [0, 1], [1], ("0", "1000000000")),
    "beyond 63 bits": (np.array([2**64 - 1], np.uint64), [3], [1], [0], ("3", str(2**64 - 1))),
    "whole floats": ([2.0, 0.0], [2.0], [1, 0], [1], ("0", "2")),
    "booleans": ([True, False], [True], [1, 0], [1], ("False", "True")),
    "objects": (np.array([7, "a"], object), ["a"], [0, 1], [1], ("7", "a")),
    "a column": ([[3], [4]], [[4]], [0, 1], [1], ("3", "4")),
    "one-hot": ([[0, 0, 1], [1, 0, 0]], [[0, 1, 0]], [2, 0], [1], ("0", "1", "2")),
    "none": (["a"], None, [0], [], ("a",)),
}


@pytest.mark.parametrize("train, test, train_codes, test_codes, names", KINDS.values(), ids=KINDS)
def test_any_label_becomes_a_code_with_a_name(train, test, train_codes, test_codes, names):
    codes, found = encode((train, test))
    assert [part.tolist() for part in codes] == [train_codes, test_codes]
    assert found == names


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.int16])
def test_labels_that_are_codes_stay_the_same_array(kind):
    labels = np.array([2, 0, 1, 2], kind)
    (codes,), names = encode([labels])
    assert codes is labels
    assert names == ("0", "1", "2")


def test_names_are_given_by_place_or_by_text():
    assert encode([[2, 0]], ("a", "b", "c"))[0][0].tolist() == [2, 0]
    (codes,), names = encode([["c", "a"]], ("c", "b", "a"))
    assert (codes.tolist(), names) == ([0, 2], ("c", "b", "a"))
    dataset = stdpnet.Dataset("mine", IMAGES[:2], ["b", "a"], TEST_IMAGES[:1], ["a"])
    assert replace(dataset, train_labels=np.array([0, 0])).class_names == ("a", "b")  # codes stay codes


REFUSED = {
    "not a class": (([0.5, 1.0],), "found the label 0.5 of image 0, expected a class"),
    "not a number": (([1.0, np.nan],), "found the label nan of image 1, expected a class"),
    "missing": ((["a", None],), "found no label for image 1 \\(None\\), expected a whole number or a text"),
    "probabilities": (([[0.2, 0.8]],), "found labels of shape \\(1, 2\\), expected \\(n,\\), or one-hot rows"),
    "images": ((IMAGES,), "found labels of shape \\(60, 8, 8\\), expected \\(n,\\)"),
    "out of the names": (([1, 2], ("a", "b")), "labels from 1 to 2, expected 0 to 1 for the 2 class names a, b"),
    "another name": ((["x"], ("a", "b")), "found the label 'x', expected one of a, b"),
    "a name twice": (([0], ("a", "a")), "found the class name 'a' more than once"),
}


@pytest.mark.parametrize("arguments, message", REFUSED.values(), ids=REFUSED)
def test_what_is_no_label_is_refused(arguments, message):
    labels, *names = arguments
    with pytest.raises(DataError, match=f"^mine: .*{message}"):
        encode([labels], *names, where="mine")


def test_names_are_read_from_a_file(tmp_path):
    assert read_names(tmp_path) == ()
    (tmp_path / "classes.txt").write_text("\ufeffT-shirt/top\n trouser \n\n", encoding="utf-8")
    assert read_names(tmp_path) == ("T-shirt/top", "trouser")
    (tmp_path / "classes.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"classes\.txt: cannot be read"):
        read_names(tmp_path)


NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@pytest.fixture(scope="module")
def named_run(tmp_path_factory):
    """Return a run folder whose labels are words, evaluated."""
    words = [[NAMES[label] for label in part[:n]] for part, n in ((LABELS, 60), (TEST_LABELS, 10))]
    dataset = stdpnet.Dataset("words", IMAGES, words[0], TEST_IMAGES[:10], words[1])
    config = tiny_config(QUICK, {"images": 2})
    trained = stdpnet.train(config, dataset, folder=tmp_path_factory.mktemp("words") / "run", show_progress=False)
    result = stdpnet.evaluate(trained, label_images=3, test_images=2, workers=1, show_progress=False)
    return trained, result


def test_a_run_keeps_the_names_of_its_classes(named_run):
    trained, result = named_run
    assert result.class_names == trained.dataset.class_names == tuple(sorted(NAMES))
    assert [result.class_names[code] for code in result.test_labels] == [NAMES[label] for label in TEST_LABELS[:2]]
    assert trained.state["running_sums"].shape == (10, 10)


def test_pictures_show_the_names(named_run):
    trained, _ = named_run
    figure = confusion.draw(trained.folder)
    assert {text.get_text() for text in figure.axes[0].get_yticklabels()} <= set(NAMES)
    drawn = " ".join(text.get_text() for text in error_pairs.draw(trained.folder).axes[1].get_yticklabels())
    assert set(drawn.split()) <= {*NAMES, "→", "none"}
    corners = {text.get_text() for text in receptive_fields.draw(trained.folder).axes[0].texts}
    assert corners <= {*NAMES, "-"}
    title = raster.draw(trained.folder).axes[0].get_title()
    assert title.startswith(f"test image 0, a {NAMES[TEST_LABELS[0]]}")
    plt.close("all")


def test_long_names_are_cut_in_the_corners():
    weights, names = np.ones((4, 100)), ("a name of twenty ones", "b")
    ax = receptive_fields.plot_receptive_fields(weights, (2, 2), np.arange(100) % 2, plt.figure().gca(), names)
    assert [ax.texts[0].get_text(), ax.texts[-1].get_text()] == ["a name of tw", "b"]
    ax = confusion.plot_confusion(np.array([1]), np.array([NO_ANSWER]), plt.figure().gca(), names)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["b", "none"]
    plt.close("all")


def test_a_checkpoint_with_a_row_for_every_number_is_read(named_run):
    trained, _ = named_run
    folder = trained.folder
    dataset = stdpnet.Dataset("odd", IMAGES[:3], [1, 3, 5], TEST_IMAGES[:1], [5])
    sums = np.arange(60.0).reshape(6, 10)
    old = type(trained.state)(trained.state | {"running_sums": sums, "running_images": np.arange(6.0)})
    kept = folder.checkpoint, folder.data_fingerprint
    folder.checkpoint, folder.data_fingerprint = lambda: old, lambda: ""  # as in version 0.1
    try:
        found = matching_checkpoint(trained.config, dataset, folder)
    finally:
        folder.checkpoint, folder.data_fingerprint = kept
    np.testing.assert_array_equal(found["running_sums"], sums[[1, 3, 5]])
    np.testing.assert_array_equal(found["running_images"], [1, 3, 5])
