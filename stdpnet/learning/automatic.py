"""What "auto" stands for in a configuration: decided from the training images, and from the order of their labels."""

import logging
from dataclasses import replace

import numpy as np

from stdpnet.learning.config import Config
from stdpnet.learning.presentation.drive_choice import choose_drive

log = logging.getLogger(__name__)

#: How far images are from random order (0) to sorted order (1) for their labels to come in runs: MNIST, its 5,000
#: digits, Fashion-MNIST and scikit-learn's digits are at most 0.02.
RUNS = 0.5
#: With fewer images than that, their order may look sorted by chance.
FEW = 50


def decided(config: Config, images: np.ndarray, labels: np.ndarray) -> Config:
    """Return the configuration with what "auto" stands for, and say what and why.

    Parameters
    ----------
    config : Config
    images : ndarray of uint8, shape (n_images, height, width)
        All training images: they decide the drive.
    labels : ndarray, shape (n_images,)
        Only their order is looked at: where it is sorted, images are shuffled. Empty if there are none.

    Examples
    --------
    >>> images = np.random.default_rng(0).integers(0, 256, (20, 64), np.uint8)
    >>> config = decided(Config(), images, np.arange(20) % 2)
    >>> config.drive, config.shuffle
    ('contrast', 'off')
    """
    if config.drive == "auto":
        drive, reason = choose_drive(images)
        if drive == "grey":
            log.info("drive = grey: %s", reason)
        else:
            log.warning("drive = %s, since %s; --drive grey takes grey levels as they are", drive, reason)
        config = replace(config, drive=drive)
    if config.shuffle == "auto":
        in_runs = sortedness(labels) > RUNS
        if in_runs:
            log.warning("training images are sorted by class, and so are shuffled by the seed; --no-shuffle keeps them")
        config = replace(config, shuffle="on" if in_runs else "off")
    return config


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
