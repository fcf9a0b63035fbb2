"""Training images that are held out to choose the best epoch of a training with labels."""

from typing import Any

import numpy as np

from stdpnet.base.errors import ConfigError

#: The last one of so many training images is held out: 5,000 of MNIST's 60,000.
HELD_OUT = 12

#: Images and their labels.
Part = tuple[np.ndarray, np.ndarray]


def split(dataset: Any) -> tuple[Part, Part]:
    """Return images and labels to train on, and those held out.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    two tuples of ndarray of uint8 and ndarray of int64
        Shapes (n, height, width) or (n, planes, height, width), and (n,).

    Raises
    ------
    ConfigError
        When there are too few images.
    DataError
        When there are no labels, or labels are values.
    """
    dataset.check_classes()
    dataset.check_there("train_labels", "test_labels", what="a training with labels needs")
    images, labels = dataset.train_images, dataset.train_labels.astype(np.int64)
    if len(images) < 2 * HELD_OUT:
        raise ConfigError(f"{dataset.name} has {len(images)} training images; expected at least {2 * HELD_OUT}")
    n = len(images) - len(images) // HELD_OUT
    return (images[:n], labels[:n]), (images[n:], labels[n:])
