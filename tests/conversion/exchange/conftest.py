"""A network that NIR can say, for all tests of the exchange."""

import numpy as np
import pytest
from graphs import convolution, dense

from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node

#: No activation is a whole number of thresholds, which rounding might take for more or less.
SAYABLE = {"reset": "zero", "initial": 0.0, "recent": 1.0, "normalisation": "percentile:90"}


def branches(rng):
    """Return a graph with a shortcut, groups, padded average pooling and names that files do not take."""
    return Graph(
        {
            "image": Node(layers.Input((2, 8, 8))),
            "0.stem/conv": Node(convolution(rng, 4, 2), ("image",)),
            "0.stem.conv": Node(layers.ReLU(), ("0.stem/conv",)),
            "grouped": Node(convolution(rng, 4, 2, groups=2), ("0.stem.conv",)),
            "sum": Node(layers.Add(), ("grouped", "0.stem.conv")),
            "sum relu": Node(layers.ReLU(), ("sum",)),
            "mean": Node(layers.AveragePooling((2, 2), (2, 2), (1, 1)), ("sum relu",)),
            "narrow": Node(convolution(rng, 3, 4, size=2, padding=0), ("mean",)),
            "narrow relu": Node(layers.ReLU(), ("narrow",)),
            "halved": Node(layers.AveragePooling((2, 2), (2, 2)), ("narrow relu",)),
            "flat": Node(layers.Flatten(), ("halved",)),
            "dense": Node(dense(rng, 5, 12), ("flat",)),
            "scores": Node(layers.Output(), ("dense",)),
        }
    )


@pytest.fixture(scope="session")
def sayable():
    """Return options of networks that NIR can say."""
    return SAYABLE


@pytest.fixture(scope="session")
def made():
    """Return a network that NIR can say, and images."""
    rng = np.random.default_rng(0)
    images = rng.normal(size=(20, 2, 8, 8))
    return convert(branches(rng), images, **SAYABLE), images
