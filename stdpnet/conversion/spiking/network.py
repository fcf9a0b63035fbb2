"""A spiking network: what conversion returns and simulators take."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import (
    Add,
    AveragePooling,
    Concatenate,
    Convolution,
    Dense,
    Flatten,
    Input,
    Layer,
    Output,
)
from stdpnet.conversion.graph.maps import LinearMap
from stdpnet.conversion.spiking.encoding import AnalogueInput, PoissonInput
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.lif import AlphaSynapse
from stdpnet.conversion.spiking.neurons import IntegrateAndFire, Neurons
from stdpnet.conversion.spiking.readout import Readout

#: Layers that carry spikes and currents on, without a state.
LINEAR = Convolution, Dense, LinearMap, AveragePooling, Add, Concatenate, Flatten
SPIKING = AnalogueInput, PoissonInput, Neurons, AlphaSynapse, MaxGate, Readout


@dataclass(frozen=True, eq=False, repr=False)
class SpikingNetwork:
    """A graph of spiking and linear layers, computed once in each time step, in order and without delays.

    Each spiking layer is a kind of the layer that it replaces, so that
    ``forward(network.graph, images)`` gives the values that its rates approach, as far as
    they are between 0 and 1 (of a `PoissonInput`: for images divided by its scale).

    Parameters
    ----------
    graph : Graph
    scales : dict of str to ndarray, shape (channels,)
        What a spike in every step stands for, in the units of the analogue network; of every node.
    rates : dict of str to float
        Spikes of a neuron in a step, in the mean, that the images which set the scales bring to each layer.
    chosen : dict
        What the conversion chose itself, and by what, as plain data for a report.
    ending : Layer, optional
        What the analogue network does with its scores at the end, such as a softmax, and no simulator does.

    Raises
    ------
    ConversionError
        Naming the node, when a layer is neither linear nor spiking.

    Examples
    --------
    >>> from stdpnet.conversion.graph.graph import Node
    >>> from stdpnet.conversion.spiking.neurons import IntegrateAndFire
    >>> from stdpnet.conversion.spiking.readout import MembranePotential
    >>> nodes = {
    ...     "image": Node(AnalogueInput((2,))),
    ...     "neurons": Node(IntegrateAndFire(), ("image",)),
    ...     "scores": Node(MembranePotential(), ("neurons",)),
    ... }
    >>> SpikingNetwork(Graph(nodes), {})
    SpikingNetwork of 2 neurons: (2,) to (2,)
      image    AnalogueInput      (2,)
      neurons  IntegrateAndFire   (2,)
      scores   MembranePotential  (2,)
    """

    graph: Graph
    scales: dict[str, np.ndarray]
    rates: dict[str, float] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    ending: Layer | None = None

    def __post_init__(self):
        for name, node in self.graph.nodes.items():
            if not isinstance(node.layer, LINEAR + SPIKING):
                raise ConversionError(
                    f"{name}: a {type(node.layer).__name__} does not spike; make networks with convert"
                )

    def __repr__(self):
        """Return the number of neurons, and the nodes as in the graph."""
        graph = self.graph
        ends = f"{graph.shapes[self.source]} to {graph.shapes[self.output]}"
        return "\n".join([f"SpikingNetwork of {self.n_neurons:,} neurons: {ends}", *graph.lines()])

    @property
    def n_neurons(self) -> int:
        """Number of neurons, without input, gates and readout."""
        return sum(int(np.prod(self.graph.shapes[name])) for name in self.graph.names(Neurons))

    @property
    def source(self) -> str:
        """The name of the input, whose layer is an encoding."""
        return self.graph.names(Input)[0]

    @property
    def output(self) -> str:
        """The name of the output, whose layer is a `Readout`."""
        return self.graph.names(Output)[0]

    @property
    def readout(self) -> Readout:
        """The layer of the output."""
        return self.graph.layer(self.output, Readout)

    def graph_input(self, images: np.ndarray) -> np.ndarray:
        """Return images as `forward` takes them with this graph: divided by the scale of Poisson input."""
        layer = self.graph.nodes[self.source].layer
        if not isinstance(layer, PoissonInput):
            return images
        return images / layer.scale.reshape(-1, *(1,) * (len(layer.shape) - 1))

    @property
    def spiking_layers(self) -> list[str]:
        """The names of the neurons, and of the gates that take spikes."""
        spikes: dict[str, bool] = {}
        for name, node in self.graph.nodes.items():
            selects = isinstance(node.layer, LinearMap) and node.layer.selects
            passed = selects or isinstance(node.layer, MaxGate | Flatten | Concatenate)
            sends = isinstance(node.layer, Neurons | PoissonInput)
            spikes[name] = sends or (passed and all(spikes[source] for source in node.inputs))
        return [name for name in self.graph.names(Neurons, MaxGate) if spikes[name]]


def negative_spikes(graph: Graph) -> list[str]:
    """Return the names of the layers of a spiking graph that may send negative spikes."""
    neurons = [name for name in graph.names(IntegrateAndFire) if graph.layer(name, IntegrateAndFire).signed]
    return neurons + (graph.names(MaxGate) if neurons or graph.names(PoissonInput) else [])


def check_images(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return images in double precision.

    Parameters
    ----------
    images : array-like, shape (n_images, *shape)
    shape : tuple of int
        That of the network's input.

    Returns
    -------
    ndarray of float64, shape (n_images, *shape)

    Raises
    ------
    ConversionError
        When they are not finite floating-point numbers, or their shape is not that of the input.
    """
    return checked_images(images, shape).astype(float)


def checked_images(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return images in their own precision; see `check_images`."""
    images = np.asarray(images)
    if images.ndim == 0 or images.shape[1:] != shape or len(images) == 0:
        raise ConversionError(f"images have shape {images.shape}; expected (n_images, {', '.join(map(str, shape))})")
    if images.dtype.kind != "f":
        raise ConversionError(f"images are {images.dtype}; expected float32 or float64, scaled as in the training")
    if not np.isfinite([images.min(), images.max()]).all():  # not a number is both
        raise ConversionError("images hold values that are not finite; expected finite numbers")
    return images
