"""What is said before a training, and the order of the images: shuffled where their labels come in runs."""

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_digits
from tiny import digits, tiny_config

import stdpnet
from stdpnet.base.errors import RunFolderError
from stdpnet.commands.flags import add_config_arguments, config_from
from stdpnet.experiments.stdp.notices import notices
from stdpnet.learning.automatic import decided, sortedness
from stdpnet.learning.config import Config
from stdpnet.learning.training import order

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = digits()
SORTED = np.argsort(LABELS, kind="stable")


def dataset(images=IMAGES, labels=LABELS, test_labels=TEST_LABELS):
    return stdpnet.Dataset("mine", images, np.asarray(labels, np.uint8), TEST_IMAGES, test_labels)


def in_sorted_order():
    return dataset(IMAGES[SORTED], LABELS[SORTED])


FACES = np.repeat([0, 1], [56, 4])[np.random.default_rng(0).permutation(60)]

SAID = {
    "kept sorted": (
        in_sorted_order(),
        {"shuffle": "off"},
        "sorted by class, and the network forgets the first ones",
    ),
    "sorted, the first ones": (in_sorted_order(), {"images": 6}, "all 6 training images are of class 0, so that nothi"),
    "one class": (dataset(labels=np.full(60, 3)), {}, "all 60 training images are of class 3, so that nothing can be"),
    "unseen classes": (dataset(labels=LABELS % 8), {}, "test images of classes 8, 9 can only be wrong, since no"),
    "an unseen class": (dataset(labels=LABELS % 9), {}, "test images of class 9 can only be wrong"),
    "unbalanced": (dataset(labels=FACES), {}, "unbalanced: 56 training images of class 0, 4 of class 1, for which few"),
    "0 to 16": (
        dataset(np.uint8(IMAGES.astype(int) * 16 // 255)),
        {},
        "level is 16, expected up to 255: multiply the images by 15",
    ),
    "0 to 1": (dataset(IMAGES // 255), {}, "greatest grey level is 1, expected up to 255: multiply the images by 255"),
    "some blank": (dataset(IMAGES * (np.arange(60) > 2)[:, None, None].astype(np.uint8)), {}, "3 training images are"),
    "all blank": (dataset(0 * IMAGES), {}, "all 60 training images are blank, so that there is nothing to learn"),
}


@pytest.mark.parametrize("given, changes, sentence", SAID.values(), ids=SAID)
def test_what_is_unusual_is_said(given, changes, sentence):
    said = list(notices(tiny_config(changes), given))
    assert any(sentence in one for one in said), said
    assert all("\n" not in one for one in said)


@pytest.mark.parametrize("given", [dataset(), stdpnet.load_dataset("mnist-5k")], ids=["digits", "mnist-5k"])
def test_nothing_is_said_of_usual_images(given):
    assert list(notices(tiny_config(), given)) == []
    assert decided(Config(), given.train_images, given.train_labels).shuffle == "off"
    assert decided(Config(shuffle="on"), given.train_images, given.train_labels).shuffle == "on"


def test_sortedness():
    rng, labels = np.random.default_rng(0), np.repeat(np.arange(10), 100)
    assert sortedness(labels) == sortedness(labels[::-1]) == 1
    assert sortedness(np.tile(labels, 5)) > 0.95  # five sorted parts
    assert sortedness(np.tile(np.arange(10), 100)) < 0  # classes take turns
    assert max(sortedness(rng.permutation(labels)) for _ in range(200)) < 0.1
    assert max(sortedness(rng.integers(0, 2, 50)) for _ in range(200)) < 0.5
    assert sortedness(load_digits().target) < 0.02
    assert sortedness(np.arange(100)) == 0  # a class for each image


def test_each_epoch_has_an_order_of_its_own_by_the_seed():
    epochs = order(3, 50, np.arange(150), shuffled=True).reshape(3, 50)
    for epoch in epochs:
        assert sorted(epoch) == list(range(50))
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert (order(4, 50, np.arange(50), shuffled=True) != epochs[0]).any()
    np.testing.assert_array_equal(order(3, 50, np.arange(40, 60), shuffled=True), epochs.ravel()[40:60])
    np.testing.assert_array_equal(order(3, 50, np.arange(120), shuffled=False), np.arange(120) % 50)


def test_flags():
    def parsed(*arguments):
        parser = argparse.ArgumentParser()
        add_config_arguments(parser)
        return config_from(parser.parse_args(arguments)).shuffle

    assert [parsed(), parsed("--shuffle"), parsed("--no-shuffle")] == ["auto", "on", "off"]
    with pytest.raises(stdpnet.ConfigError, match=r"'onn' \(did you mean 'on'\?\); expected one of auto, on"):
        Config(shuffle="onn")


def trained(config, given, folder=None, **options):
    return stdpnet.train(config, given, folder=folder, show_progress=False, **options)


def equal(one, other):
    for name in set(one.state) - {"running_sums", "running_images"}:  # they depend on the length of the batches
        np.testing.assert_array_equal(one.state[name], other.state[name], err_msg=name)


def test_shuffled_training_goes_on_to_the_bit(tmp_path, first_build, caplog):
    config = tiny_config({"batch": 25, "epochs": 2, "shuffle": "auto"})
    whole = trained(config, in_sorted_order())
    assert caplog.text.count("shuffled by the seed") == 1
    half = trained(replace(config, epochs=1), in_sorted_order(), tmp_path)
    more = trained(replace(half.config, epochs=2, batch=10), None, tmp_path, resume=True)
    equal(more, whole)
    by_hand = SORTED[order(0, 60, np.arange(60), shuffled=True)]
    equal(half, trained(replace(config, epochs=1, shuffle="off"), dataset(IMAGES[by_hand], LABELS[by_hand])))


def test_a_run_of_a_time_without_shuffling_goes_on_without_it(tmp_path, first_build):
    config = tiny_config({"batch": 30, "epochs": 1})
    before = trained(config, in_sorted_order(), tmp_path)
    stored = json.loads(before.folder.config_file.read_text())
    del stored["shuffle"]
    before.folder.config_file.write_text(json.dumps(stored))
    more = trained(replace(before.folder.config(), epochs=2), None, tmp_path, resume=True)
    equal(more, trained(replace(config, epochs=2), in_sorted_order()))
    assert more.config.shuffle == "off"
    with pytest.raises(RunFolderError, match="was trained with shuffle 'off', not 'on'"):
        trained(replace(more.config, shuffle="on"), None, tmp_path, resume=True)
