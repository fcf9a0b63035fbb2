"""What is said before a training: what is unusual about the images, and whether they are shuffled."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.checkpoint import training_images
from stdpnet.learning.config import Config

log = logging.getLogger(__name__)

#: How far images are from random order (0) to sorted order (1) for their labels to come in runs: MNIST, its 5,000
#: digits, Fashion-MNIST and scikit-learn's digits are at most 0.02.
RUNS = 0.5
#: With fewer images than that, their order may look sorted by chance.
FEW = 50
#: Greatest grey level of images that were probably not meant for 0 to 255: some have 0 to 1, others 0 to 16.
DARK = 16
#: Images of the largest class for one of the smallest from which labels are unbalanced: MNIST has 1.2.
UNBALANCED = 10

#: Presentations between two checkpoints where there is no compiler: about half a minute.
SHORT_BATCH = 10


def without_compiler(seconds: float, shown: int, left: int) -> str:
    """Return what is said of a training for which no compiler was found, after some presentations of it.

    Parameters
    ----------
    seconds : float
        That they took.
    shown, left : int
        How many they were, and how many are to come.

    Examples
    --------
    >>> without_compiler(30.0, 10, 12_000).split(":")[0]
    'no C++ compiler was found, and NumPy takes 3.0 s for an image, about 10.0 hours for the 12,000 that are left'
    """
    hours = left * seconds / shown / 3600
    time = f"{hours:.1f} hours" if hours >= 1 else f"{60 * hours:.0f} minutes"
    return (
        f"no C++ compiler was found, and NumPy takes {seconds / shown:.1f} s for an image, about {time} for the "
        f"{left:,} that are left: install g++ or clang++, which is many times faster; what is done until then is kept"
    )


def sortedness(labels: np.ndarray) -> float:
    """Return how far images are sorted by class.

    Parameters
    ----------
    labels : ndarray, shape (n_images,)

    Returns
    -------
    float
        0 on average for random order, 1 for sorted order, below 0 where classes take turns; 0 for a single class and
        for fewer than 50 images.

    Examples
    --------
    >>> labels = np.repeat(np.arange(10), 50)
    >>> round(sortedness(labels), 1), abs(sortedness(np.random.default_rng(0).permutation(labels))) < 0.1
    (1.0, True)
    """
    n, (_, counts) = len(labels), np.unique(labels, return_counts=True)
    if len(counts) < 2 or n < FEW:
        return 0.0
    by_chance = (counts * (counts - 1)).sum() / (n * (n - 1))
    at_most = (n - len(counts)) / (n - 1)
    if at_most <= by_chance:
        return 0.0
    return float((np.mean(labels[1:] == labels[:-1]) - by_chance) / (at_most - by_chance))


def resolve_shuffle(config: Config, dataset: Dataset) -> Config:
    """Return the configuration with what ``auto`` stands for: "on" where labels come in runs, which is said."""
    if config.shuffle != "auto":
        return config
    in_runs = sortedness(training_images(config, dataset)[1]) > RUNS
    if in_runs:
        log.warning("training images are sorted by class, and so are shuffled by the seed; --no-shuffle keeps them")
    return replace(config, shuffle="on" if in_runs else "off")


def notices(config: Config, dataset: Dataset) -> Iterator[str]:
    """Yield what decides the result of a training and is unusual, a sentence each.

    Parameters
    ----------
    config : Config
    dataset : Dataset

    Yields
    ------
    str
    """
    images, labels = training_images(config, dataset)
    yield from _of_images(images, config.drive)
    if len(labels):
        yield from _of_labels(labels, dataset.test_labels, dataset.class_names)
        if config.shuffle == "off" and sortedness(labels) > RUNS:
            yield "training images are sorted by class, and the network forgets the first ones: --shuffle mixes them"


def _of_images(images: np.ndarray, drive: str) -> Iterator[str]:
    blank, brightest = int(np.sum(~images.any(axis=1))), int(images.max())
    if blank == len(images):
        yield f"all {blank} training images are blank, so that there is nothing to learn: check how they were read"
    elif blank:
        yield f"{blank} training images are blank: each is shown once and not repeated"
    if drive == "grey" and 0 < brightest <= DARK:
        yield (
            f"the greatest grey level is {brightest}, expected up to 255: multiply the images by {255 // brightest}, "
            "or leave the choice to --drive auto; they drive few spikes"
        )


def _of_labels(labels: np.ndarray, test_labels: np.ndarray, names: tuple[str, ...]) -> Iterator[str]:
    classes, counts = np.unique(labels, return_counts=True)
    most, least = counts.argmax(), counts.argmin()
    if len(classes) == 1:
        yield (
            f"all {len(labels)} training images are of class {names[classes[0]]}, so that nothing can be told apart: "
            "expected two classes or more; are the images sorted by class, and --images takes the first ones?"
        )
    elif counts[most] > UNBALANCED * counts[least]:
        yield (
            f"labels are unbalanced: {counts[most]} training images of class {names[classes[most]]}, {counts[least]} "
            f"of class {names[classes[least]]}, for which few neurons will stand; take about as many of each"
        )
    unseen = np.setdiff1d(test_labels, classes)
    if len(unseen):
        some = ", ".join(names[code] for code in unseen[:5]) + ", ..." * (len(unseen) > 5)
        yield (
            f"test images of {'class' if len(unseen) == 1 else 'classes'} {some} can only be wrong, since no training "
            "image has this label: give training images of every class"
        )
