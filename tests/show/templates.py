"""Models that nobody trained: each neuron has the mean image of a class as its weights. They compile nothing."""

import numpy as np
from tiny import tiny_config

from stdpnet.datasets.images import Scale
from stdpnet.learning.models.model import Model, edge_level
from stdpnet.learning.presentation.input_drive import drive_for
from stdpnet.learning.state import State, initial_state


def template_model(images, labels, *changes):
    """Return a model of one neuron for each class, which knows the classes by their mean images.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, height, width)
    labels : ndarray, shape (n_images,)
    *changes : dict
        Of the tiny network.
    """
    classes = np.unique(labels)
    config = tiny_config({"backend": "numpy", "neurons": len(classes)}, *changes)
    drive = drive_for(config.drive, images)
    driven = drive.encode(images)
    means = np.stack([driven[labels == c].mean(axis=0) for c in classes], axis=1)
    weights = np.float32(means / means.max() * config.connections.weight_max)
    state = State(initial_state(config, drive.n_inputs) | {"input_synapses.w": weights} | drive.arrays())
    shape = images.shape[1], images.shape[2]
    return Model(config, state, shape, Scale(), edge_level(images), classes, np.arange(len(classes)), 0)
