"""Which output of a network stands for which class."""

import numpy as np
import pytest

from stdpnet import Dataset
from stdpnet.base.errors import ConfigError
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.layers import Dense, Flatten, Input, Output
from stdpnet.experiments.conversion.config import ConversionConfig
from stdpnet.experiments.conversion.converted import shown_images


def network(outputs):
    """Return a network of so many outputs for images of 4 x 4."""
    weights = np.zeros((outputs, 16), np.float32), np.zeros(outputs, np.float32)
    nodes = {"image": Node(Input((1, 4, 4))), "flat": Node(Flatten(), ("image",))}
    return Graph(nodes | {"dense": Node(Dense(*weights), ("flat",)), "scores": Node(Output(), ("dense",))})


def shown(labels, outputs):
    """Return the outputs that stand for the labels of some test images."""
    images = np.zeros((len(labels), 4, 4), np.uint8)
    dataset = Dataset("mine", images, labels, images, labels)
    return shown_images(ConversionConfig(), network(outputs), dataset).labels.tolist()


def test_a_network_of_an_earlier_version_has_an_output_for_every_number():
    assert shown([1, 2, 5, 1], outputs=3) == [0, 1, 2, 0]  # trained on classes
    assert shown([1, 2, 5, 1], outputs=6) == [1, 2, 5, 1]  # trained on the numbers, 0 to 5
    assert shown([0, 1, 2, 1], outputs=10) == [0, 1, 2, 1]  # of ten classes, three are shown


@pytest.mark.parametrize("labels, outputs", [(["cat", "dog"], 3), ([1, 2, 5], 5), ([0, 1, 2], 2)])
def test_outputs_that_cannot_be_told_apart_are_refused(labels, outputs):
    with pytest.raises(ConfigError, match=f"classes, {labels[0]}, .* and the network {outputs} outputs: choose"):
        shown(labels, outputs)
