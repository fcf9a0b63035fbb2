"""A spiking network of fully connected layers: its description, its parameters, its simulation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import torch
from torch import nn

from stdpnet.backprop.constants import Neuron
from stdpnet.backprop.events import Events
from stdpnet.backprop.gradient import FilteredSpikes
from stdpnet.backprop.initialisation import initial
from stdpnet.backprop.neuron import filtered, simulate
from stdpnet.backprop.winner_take_all import Inhibition, find_kind


@dataclass(frozen=True)
class Description:
    """What a network is before it has weights.

    Parameters
    ----------
    layers : tuple of int
        Neurons of each layer; the last are the classes.
    n_inputs : int
    winner_take_all : {"none", "uniform", "learned"}
        Inhibition in hidden layers.
    inhibition : float
        Its strength, where learned: to begin with.
    alpha : float
        Thresholds to begin with, in units of the greatest weight.
    neuron : Neuron
    """

    layers: tuple[int, ...]
    n_inputs: int
    winner_take_all: str = "none"
    inhibition: float = 0.1
    alpha: float = 10.0
    neuron: Neuron = field(default_factory=Neuron)


class Layer(nn.Module):
    """Neurons with their weights, thresholds and inhibition.

    Parameters
    ----------
    description : Description
    place : int
        Of the layer.
    generator : torch.Generator
        Of the first weights.
    """

    def __init__(self, description: Description, place: int, generator: torch.Generator):
        super().__init__()
        n, inputs = description.layers[place], (description.n_inputs, *description.layers)[place]
        weights, thresholds = initial(n, inputs, description.alpha, generator)
        self.weights, self.thresholds = nn.Parameter(weights), nn.Parameter(thresholds)
        self.last = place == len(description.layers) - 1
        self.kind = "none" if self.last else description.winner_take_all
        self.strength, self.first_threshold = description.inhibition, float(thresholds[0])
        self.kappa: nn.Parameter | None = None
        if self.kind == "learned":
            self.kappa = nn.Parameter(-self.strength * (1 - torch.eye(n)))

    @property
    def inhibition(self) -> Inhibition:
        """Of the layer as it is now."""
        return find_kind(self.kind)(self.strength, self.kappa)


class Network(nn.Module):
    """A spiking network.

    Parameters
    ----------
    description : Description
    seed : int
        Of the first weights.

    Examples
    --------
    >>> import numpy as np
    >>> from stdpnet.backprop.constants import Presentation
    >>> from stdpnet.backprop.encoding import poisson
    >>> network = Network(Description((30, 10), n_inputs=64), seed=0)
    >>> images = np.full((5, 8, 8), 200, np.uint8)
    >>> spikes = network.spikes(poisson(images, Presentation(time=20), np.random.default_rng(0)))
    >>> [tuple(layer.shape) for layer in spikes]
    [(20, 5, 30), (20, 5, 10)]
    """

    def __init__(self, description: Description, seed: int = 0):
        super().__init__()
        self.description = description
        find_kind(description.winner_take_all)(description.inhibition, None)
        generator = torch.Generator().manual_seed(seed)
        self.stack = nn.ModuleList(Layer(description, place, generator) for place in range(len(description.layers)))

    @property
    def layers(self) -> list[Layer]:
        """The layers, from the first one."""
        return cast(list[Layer], list(self.stack))

    @torch.no_grad()
    def spikes(self, events: Events) -> list[torch.Tensor]:
        """Simulate a batch of images and return the spikes of each layer.

        No layer goes back to one before it, so that each is simulated for all time steps at once; a spike reaches the
        next layer within its step.

        Parameters
        ----------
        events : Events

        Returns
        -------
        list of tensor of float32
            For each layer, shape (n_steps, n_images, n_neurons).
        """
        found: list[torch.Tensor] = []
        for layer in self.layers:
            weights = layer.weights / layer.thresholds[:, None]
            drive = found[-1] @ weights.T if found else events.drive(weights)
            found.append(simulate(drive, self.description.neuron, layer.inhibition))
        return found

    def signals(self, events: Events, spikes: Sequence[torch.Tensor], normalise: bool = True) -> list[torch.Tensor]:
        """Return the filtered spikes of each layer, with their derivatives.

        Parameters
        ----------
        events : Events
        spikes : list of tensor
            What `spikes` returned.
        normalise : bool
            Errors.

        Returns
        -------
        list of tensor of float32
            For each layer, shape (n_images, n_neurons).
        """
        neuron, signal, found = self.description.neuron, events.filtered(self.description.neuron), []
        for layer, of_layer in zip(self.layers, spikes, strict=True):
            value = filtered(of_layer, neuron)
            signal = FilteredSpikes.apply(
                signal, layer.weights, layer.thresholds, layer.kappa, value, layer.inhibition, normalise, layer.last
            )
            found.append(signal)
        return found
