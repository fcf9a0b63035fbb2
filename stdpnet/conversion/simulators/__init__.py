"""Simulators of spiking networks: many images at a time in PyTorch, or neuron by neuron in Brian2."""

import importlib
import inspect

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.optional import has_torch, require_torch
from stdpnet.conversion.simulators.result import Simulation, warn_of_other_rates
from stdpnet.conversion.simulators.stopping import Criterion, criterion
from stdpnet.conversion.spiking.network import SpikingNetwork

#: By the name that users type; imported when asked for.
MODULES = {"torch": "torch_simulator", "brian2": "brian_simulator"}
SIMULATORS = tuple(MODULES)


def simulate(
    network: SpikingNetwork,
    images: np.ndarray,
    steps: int,
    simulator: str | None = None,
    **options,
) -> Simulation:
    """Present images to a spiking network.

    Parameters
    ----------
    network : SpikingNetwork
        From `stdpnet.conversion.convert.convert`.
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
        In the range of those that the analogue network was trained on.
    steps : int
        Time steps for each image; 100 are enough for most networks.
    simulator : {"torch", "brian2"}, optional
        Default: PyTorch where it is installed, else Brian2, which is for small networks.
    **options
        For both ``keep``, ``every_score``, ``first`` and ``show_progress``; see `torch_simulator.simulate` and
        `brian_simulator.simulate` for these and the others. ``stop`` may be text, such as ``"margin:5"``.

    Returns
    -------
    Simulation

    Raises
    ------
    ConfigError
        When PyTorch is asked for, or needed to stop early, and not installed.
    ConversionError
        When the images do not fit, or an option is unknown or not usable.

    Examples
    --------
    >>> from stdpnet.conversion.graph.graph import Graph, Node
    >>> from stdpnet.conversion.spiking.encoding import AnalogueInput
    >>> from stdpnet.conversion.spiking.neurons import IntegrateAndFire
    >>> from stdpnet.conversion.spiking.readout import MembranePotential
    >>> nodes = {
    ...     "image": Node(AnalogueInput((2,))),
    ...     "neurons": Node(IntegrateAndFire(), ("image",)),
    ...     "scores": Node(MembranePotential(), ("neurons",)),
    ... }
    >>> result = simulate(SpikingNetwork(Graph(nodes), {}), np.array([[0.25, 0.75]]), 8)
    >>> result.scores  # spikes so far: the rates are those of the image
    array([[2., 6.]])
    """
    if isinstance(options.get("stop"), str):
        options["stop"] = criterion(options["stop"])
    name = choose(simulator, options.get("stop"))
    run = importlib.import_module(f"stdpnet.conversion.simulators.{MODULES[name]}").simulate
    known = list(inspect.signature(run).parameters)[3:]
    for option in options:
        if option not in known:
            raise ConversionError(f"unknown option {option!r} of the simulator {name}; expected {', '.join(known)}")
    result = run(network, images, steps, **options)
    warn_of_other_rates(network, result)
    return result


def choose(simulator: str | None = None, stop: Criterion | str | None = None) -> str:
    """Return the name of the simulator: as asked for, or PyTorch if it is installed or needed, else Brian2.

    Raises
    ------
    ConfigError
        When it needs PyTorch, which is not installed.
    ConversionError
        When there is no such simulator.
    """
    if simulator not in (None, "", *SIMULATORS):
        raise ConversionError(f"simulator is {simulator!r}; expected {' or '.join(SIMULATORS)}")
    name = simulator or ("torch" if has_torch() or stop else "brian2")
    if name == "torch":
        require_torch("stopping early" if stop else "the simulator torch", "use the simulator brian2")
    return name
