"""Graphs that several test files look at."""

import numpy as np

from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.graph.maps import LinearMap


def chain(shape, **middle):
    """Return a graph of an input, the given layers by name, one after the other, and an output."""
    named = {"input": layers.Input(shape), **middle, "output": layers.Output()}
    sources = [(), *((name,) for name in named)]
    return Graph({name: Node(layer, source) for (name, layer), source in zip(named.items(), sources, strict=False)})


def convolution(rng, outputs, inputs, size=3, padding=1, **others):
    """Return a convolution with random weights and biases."""
    weights = rng.normal(size=(outputs, inputs, size, size))
    return layers.Convolution(weights, rng.normal(size=outputs), padding=(padding, padding), **others)


def dense(rng, outputs, inputs):
    """Return a dense layer with random weights and biases."""
    return layers.Dense(rng.normal(size=(outputs, inputs)), rng.normal(size=outputs))


def linear_map(rng, source, shape, terms=2):
    """Return a map of random places, some of them none, with weights and a bias; of one term a selection."""
    drawn = [rng.permutation(np.arange(-1, np.prod(source)))[:terms] for _ in range(np.prod(shape))]
    places = np.array(drawn, np.int32).T.reshape(terms, *shape)
    if terms == 1:
        return LinearMap(source, places, np.ones((1,) * places.ndim), np.zeros((1,) * len(shape)))
    channels = (shape[0], *(1,) * (len(shape) - 1))
    return LinearMap(source, places, rng.normal(size=(terms, *shape)), rng.normal(size=channels))


def normalisation(rng, channels):
    """Return a batch normalisation with random statistics, and negative factors among them."""
    return layers.BatchNormalisation(*rng.normal(size=(3, channels)), rng.uniform(0.1, 2, channels), 1e-3)


def every_kind(rng):
    """Return a graph with a branch, a sum, a concatenation and every kind of layer, for images (2, 8, 8)."""
    return Graph(
        {
            "input": Node(layers.Input((2, 8, 8))),
            "stem.conv": Node(convolution(rng, 4, 2), ("input",)),
            "stem.norm": Node(normalisation(rng, 4), ("stem.conv",)),
            "stem/relu": Node(layers.ReLU(), ("stem.norm",)),
            "left": Node(convolution(rng, 4, 2, groups=2), ("stem/relu",)),
            "sum": Node(layers.Add(), ("left", "stem/relu")),
            "mean": Node(layers.AveragePooling((2, 2), (2, 2)), ("sum",)),
            "maximum": Node(layers.MaxPooling((3, 3), (2, 2), (1, 1)), ("stem/relu",)),
            "both": Node(layers.Concatenate(), ("mean", "maximum")),
            "norm": Node(normalisation(rng, 8), ("both",)),
            "flat": Node(layers.Flatten(), ("norm",)),
            "drop": Node(layers.Dropout(), ("flat",)),
            "dense": Node(dense(rng, 5, 128), ("drop",)),
            "softmax": Node(layers.Softmax(), ("dense",)),
            "output": Node(layers.Output(), ("softmax",)),
        }
    )
