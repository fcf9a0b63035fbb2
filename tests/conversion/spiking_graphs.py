"""Graphs with branches for the tests of the spiking side."""

import numpy as np
from graphs import convolution, dense, linear_map
from hypothesis import strategies as st

from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.spiking.encoding import AnalogueInput
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.readout import MembranePotential

HALF = (2, 2), (2, 2)


def residual(rng):
    """Return a small network with max and average pooling, a branch, an addition and a concatenation."""
    return Graph(
        {
            "image": Node(layers.Input((2, 6, 6))),
            "stem": Node(convolution(rng, 3, 2), ("image",)),
            "stem relu": Node(layers.ReLU(), ("stem",)),
            "pool": Node(layers.MaxPooling((3, 3), (2, 2), (1, 1)), ("stem relu",)),
            "branch": Node(convolution(rng, 3, 3), ("pool",)),
            "sum": Node(layers.Add(), ("branch", "pool")),
            "sum relu": Node(layers.ReLU(), ("sum",)),
            "both": Node(layers.Concatenate(), ("sum relu", "pool")),
            "narrow": Node(convolution(rng, 4, 6, size=1, padding=0), ("both",)),
            "narrow relu": Node(layers.ReLU(), ("narrow",)),
            "peak": Node(layers.MaxPooling((2, 2), (1, 1)), ("narrow relu",)),
            "mean": Node(layers.AveragePooling(*HALF), ("peak",)),
            "flat": Node(layers.Flatten(), ("mean",)),
            "dense": Node(dense(rng, 5, 4), ("flat",)),
            "scores": Node(layers.Output(), ("dense",)),
        }
    )


def network(shape, *middle):
    """Return a spiking network of analogue input, some layers in a row, and the membrane potential."""
    named = [AnalogueInput(shape), *middle, MembranePotential()]
    names = ["image", *(f"layer {k}" for k in range(len(middle))), "scores"]
    sources = [(), *((name,) for name in names)]
    return SpikingNetwork(
        Graph({name: Node(layer, source) for name, layer, source in zip(names, named, sources, strict=False)}), {}
    )


@st.composite
def graphs(draw):
    """Draw a graph of up to eight layers with branches; all its loose ends go into one dense layer."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    nodes = {"image": Node(layers.Input((draw(st.integers(1, 3)), 6, 5)))}
    shapes = {"image": nodes["image"].layer.shape}

    def add(name, layer, *sources):
        nodes[name], shapes[name] = Node(layer, sources), layer.output_shape(*(shapes[s] for s in sources))
        return name

    for k in range(draw(st.integers(1, 8))):
        source = draw(st.sampled_from(list(nodes)))
        channels, *sides = shapes[source]
        kinds = ["convolution", "convolution", "relu", "concatenation", "sum", "map", "selection"] + ["pool"] * (
            min(sides) > 1
        )
        kind = draw(st.sampled_from(kinds))
        if kind == "convolution":
            groups = draw(st.sampled_from([1, channels]))
            filters = convolution(rng, groups * draw(st.integers(1, 2)), channels // groups, groups=groups)
            source = add(f"convolution {k}", filters, source)
            if draw(st.booleans()):
                add(f"relu {k}", layers.ReLU(), source)
        elif kind == "relu":
            add(f"relu {k}", layers.ReLU(), source)
        elif kind in ("map", "selection"):
            add(f"{kind} {k}", linear_map(rng, shapes[source], shapes[source], 2 if kind == "map" else 1), source)
        elif kind == "pool":
            pooling = draw(st.sampled_from([layers.MaxPooling, layers.AveragePooling]))
            padding = draw(st.sampled_from([(0, 0), (1, 0)]))
            add(f"pool {k}", pooling((2, 2), draw(st.sampled_from([(1, 1), (2, 1)])), padding), source)
        else:
            others = [name for name, shape in shapes.items() if shape[1:] == shapes[source][1:]]
            if kind == "sum":
                others = [name for name in others if shapes[name] == shapes[source]]
            layer = layers.Add() if kind == "sum" else layers.Concatenate()
            add(f"{kind} {k}", layer, source, draw(st.sampled_from(others)))
    used = {source for node in nodes.values() for source in node.inputs}
    ends = [add(f"flat {name}", layers.Flatten(), name) for name in list(nodes) if name not in used]
    last = ends[0] if len(ends) == 1 else add("ends", layers.Concatenate(), *ends)
    add("hidden", dense(rng, 4, shapes[last][0]), last)
    add("hidden relu", layers.ReLU(), "hidden")
    add("dense", dense(rng, 3, 4), "hidden relu")
    nodes["scores"] = Node(layers.Output(), ("dense",))
    return Graph(nodes)


def images_for(graph, n, seed=0):
    """Return images with positive and negative values."""
    (source,) = graph.names(layers.Input)
    return np.random.default_rng(seed).normal(size=(n, *graph.shapes[source]))
