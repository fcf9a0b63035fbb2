"""Accuracy on images that are not MNIST, same defaults for all, beside k-means and a linear classifier on pixels.

    python benchmarks/other_images.py --data mnist inverted fashion=/usr/share/datasets/fashion-mnist --seeds 3

Variants of MNIST are made here; NAME=PATH brings any other data set. One epoch; the test images are read once, at the
end of each run. Each finished run is a row of the table at once, and rows that are there already are not run again.
"""

import argparse
import csv
import itertools
import logging
import os
from pathlib import Path

import numpy as np
from scipy import ndimage
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

import stdpnet
from stdpnet.base import tables
from stdpnet.base.errors import ConfigError
from stdpnet.commands.process import run_main
from stdpnet.readouts import assign
from stdpnet.rules import RULES

BASELINES = ("k-means", "linear")
COLUMNS = ("data", "learner", "neurons", "seed", "drive", "n_train", "n_test", "accuracy")
COLUMNS += ("spikes_per_image", "repeated_share", "theta_mV", "silent_share")


def halves(images):
    """Return images at half the width and height: means of 2 x 2 pixels."""
    n, height, width = images.shape
    return np.rint(images.reshape(n, height // 2, 2, width // 2, 2).mean(axis=(2, 4)))


def pairs(images):
    """Return each image with another one to its right; labels stay those of the left one."""
    return np.concatenate([images, images[np.random.default_rng(0).permutation(len(images))]], axis=2)


VARIANTS = {
    "mnist": lambda images: images,
    "inverted": lambda images: 255 - images,
    "thinned": lambda images: ndimage.grey_erosion(images, size=(1, 2, 2)),
    "thickened": lambda images: ndimage.grey_dilation(images, size=(1, 3, 3)),
    "dimmed": lambda images: images // 4,
    "on-grey": lambda images: 100 + images // 2,
    "14x14": halves,
    "56x56": lambda images: images.repeat(2, axis=1).repeat(2, axis=2),
    "pairs": pairs,
}


def load(name):
    """Return the data set that an argument of ``--data`` names."""
    title, _, path = name.partition("=")
    if path:
        found = stdpnet.load_dataset(path)
        parts = found.train_images, found.train_labels, found.test_images, found.test_labels
        return stdpnet.Dataset(title, *parts, class_names=found.class_names)
    if title == "digits-8x8":
        return digits()
    if title not in VARIANTS:
        raise ConfigError(f"--data is {title!r}; expected NAME=PATH, digits-8x8 or one of {', '.join(VARIANTS)}")
    source, change = stdpnet.load_dataset("mnist"), VARIANTS[title]
    train, test = (change(images).astype(np.uint8) for images in (source.train_images, source.test_images))
    return stdpnet.Dataset(title, train, source.train_labels, test, source.test_labels)


def digits():
    """Return scikit-learn's 8 x 8 digits: 1,400 for training, 397 for the test."""
    from sklearn.datasets import load_digits

    found = load_digits()
    order = np.random.default_rng(0).permutation(len(found.target))
    images, labels = np.rint(found.images[order] * (255 / 16)).astype(np.uint8), found.target[order]
    return stdpnet.Dataset("digits-8x8", images[:1400], labels[:1400], images[1400:], labels[1400:])


def baseline(learner, dataset, clusters, seed):
    """Return the test accuracy of k-means whose clusters are named by their majority, or of a linear classifier."""
    train = dataset.train_images.reshape(len(dataset.train_images), -1) / np.float32(255)
    test = dataset.test_images.reshape(len(dataset.test_images), -1) / np.float32(255)
    if learner == "linear":
        model = LogisticRegression(max_iter=100).fit(train, dataset.train_labels)
        return model.score(test, dataset.test_labels)
    model = KMeans(clusters, n_init=1, random_state=seed).fit(train)
    members = np.zeros((dataset.n_classes, clusters))
    np.add.at(members, (dataset.train_labels, model.labels_), 1)
    means = members / np.maximum(np.bincount(dataset.train_labels, minlength=dataset.n_classes), 1)[:, None]
    return np.mean(assign(means, np.arange(dataset.n_classes))[model.predict(test)] == dataset.test_labels)


def network(rule, dataset, neurons, seed, epochs):
    """Return a row of what a network trained with defaults brings."""
    config = stdpnet.Config(rule=rule, neurons=neurons, epochs=epochs, delays=False, seed=seed)
    trained = stdpnet.train(config, dataset, show_progress=False, go_on=True)
    report = stdpnet.evaluate(trained, show_progress=False, workers=1).report
    last = trained.metrics
    recent = slice(-max(1, len(last["presented"]) // 5), None)
    shown = np.diff(last["presented"], prepend=0)[recent].sum()
    return {
        "drive": trained.config.drive,
        "accuracy": report["accuracy"],
        "spikes_per_image": last["spikes_per_image"][recent].mean(),
        "repeated_share": last["repetitions"][recent].sum() / shown,
        "theta_mV": trained.theta.mean(),
        "silent_share": last["silent_share"][-1],
    }


def parse(arguments):
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", default=list(VARIANTS), metavar="NAME", help="variants, NAME=PATH")
    parser.add_argument("--learners", nargs="+", default=[*RULES, *BASELINES], choices=[*RULES, *BASELINES])
    parser.add_argument("--neurons", nargs="+", type=int, default=[100, 400], metavar="N", help="or clusters")
    parser.add_argument("--seeds", type=int, default=3, metavar="N")
    parser.add_argument("--small-epochs", type=int, default=7, metavar="N", help="of data sets below 10,000 images")
    parser.add_argument("--out", default="docs/figures/other-images/accuracy.csv", metavar="FILE")
    return parser.parse_args(arguments)


def main(arguments=None):
    """Run what the table lacks."""
    args = parse(arguments)
    logging.getLogger("stdpnet").setLevel(logging.ERROR)
    out = Path(args.out)
    os.makedirs(out.parent, exist_ok=True)
    rows = list(csv.DictReader(out.read_text().splitlines())) if out.exists() else []
    there = {(row["data"], row["learner"], str(row["neurons"]), str(row["seed"])) for row in rows}
    cells = list(itertools.product(args.data, args.learners, args.neurons, range(args.seeds)))
    for name, cells_of_data in itertools.groupby(tqdm(cells), key=lambda cell: cell[0]):
        dataset = None
        for _, learner, neurons, seed in cells_of_data:
            only_once = learner == "linear" and (seed > 0 or neurons != args.neurons[0])
            size = 0 if learner == "linear" else neurons
            if only_once or (name.partition("=")[0], learner, str(size), str(seed)) in there:
                continue
            dataset = dataset or load(name)
            row = {"data": dataset.name, "learner": learner, "neurons": size, "seed": seed}
            row |= {"n_train": len(dataset.train_images), "n_test": len(dataset.test_images)}
            if learner in BASELINES:
                row["accuracy"] = float(baseline(learner, dataset, size, seed))
            else:
                epochs = args.small_epochs if len(dataset.train_images) < 10_000 else 1
                row |= network(learner, dataset, neurons, seed, epochs)
            rows.append(row)
            tables.write_table(out, rows, COLUMNS)


if __name__ == "__main__":
    run_main(main)
