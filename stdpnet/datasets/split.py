"""Data without a test set: a fifth of each class becomes one, always the same."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.labels import encode
from stdpnet.datasets.notices import say

#: One image in so many of each class is a test image.
ONE_IN = 5
#: Fixes the split for good: every seed of a run sees the same training and test images.
SPLIT_SEED = 20150803


def split(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which images are for training and which for testing, each in mixed order.

    Examples
    --------
    >>> train, test = split(np.array([0] * 10 + [1] * 5))
    >>> sorted(test.tolist()), len(train)
    ([3, 6, 12], 12)
    """
    rng = np.random.default_rng(SPLIT_SEED)
    train_parts, test_parts = [], []
    for code in np.unique(codes):
        members = rng.permutation(np.flatnonzero(codes == code))
        n = max(len(members) // ONE_IN, int(len(members) > 1))
        test_parts.append(members[:n])
        train_parts.append(members[n:])
    return rng.permutation(np.concatenate(train_parts)), rng.permutation(np.concatenate(test_parts))


def with_test_set(
    name: str, images: np.ndarray, labels: ArrayLike, class_names: Sequence[str] = (), colour: str = "grey"
) -> Dataset:
    """Return a data set of which a fifth of each class are test images, and say so.

    Parameters
    ----------
    name : str
    images : ndarray, shape (n, ...)
    labels : array_like, shape (n,)
    class_names : sequence of str
    colour : {"grey", "channels", "planes"}
    """
    Dataset(name, images[:1], colour=colour)  # if these are no images, say that first
    (codes,), names = encode([labels], class_names, name)
    if len(codes) != len(images):
        return Dataset(name, images, codes)  # says what is wrong
    train, test = split(codes)
    say(name, f"without a test set: {len(test)} of the {len(codes)} images, a fifth of each class, are taken to test")
    return Dataset(name, images[train], codes[train], images[test], codes[test], class_names=names, colour=colour)
