"""Small networks in Brian2, neuron by neuron and synapse by synapse."""

import numpy as np
from brian2 import second

from stdpnet.base.errors import ConversionError
from stdpnet.base.labelled.brian_device import brian
from stdpnet.base.progress import progress_bar
from stdpnet.conversion.simulators.brian_groups import Presentation
from stdpnet.conversion.simulators.brian_network import DT, assemble
from stdpnet.conversion.simulators.result import Block, Simulation, empty_simulation
from stdpnet.conversion.simulators.wiring import wire
from stdpnet.conversion.spiking.currents import constant_currents
from stdpnet.conversion.spiking.network import SpikingNetwork, check_images
from stdpnet.conversion.spiking.neurons import IntegrateAndFire, Neurons
from stdpnet.conversion.spiking.reader import Reader

TARGETS = ("numpy", "cython")


def simulate(
    network: SpikingNetwork,
    images: np.ndarray,
    steps: int,
    *,
    target: str = "numpy",
    keep: str = "totals",
    every_score: bool = False,
    first: int = 0,
    most: int = 10_000_000,
    show_progress: bool = False,
) -> Simulation:
    """Present images one after the other to a spiking network in Brian2, in double precision.

    In each step the layers follow each other without delay, as in `torch_simulator`; both give the same spikes
    but for rounding, where an analogue current brings a potential to just about the threshold.

    Parameters
    ----------
    network : SpikingNetwork
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
    steps : int
    target : {"numpy", "cython"}
        Of Brian2's code generation. Cython compiles each new network.
    keep : {"totals", "counts", "rasters"}
        How much to keep of each layer's spikes; see `Simulation`.
    every_score : bool
        Whether to keep the scores after each step.
    first : int
        Number of the first image in its data set, which decides on its random numbers.
    most : int
        Synapses that the network may have.
    show_progress : bool

    Returns
    -------
    Simulation

    Raises
    ------
    ConversionError
        When the images do not fit, an option is not usable, there would be more synapses, or other neurons than
        `IntegrateAndFire`.
    """
    images = check_images(images, network.graph.shapes[network.source])
    result = empty_simulation(network, len(images), steps, keep, every_score)
    if target not in TARGETS:
        raise ConversionError(f"target is {target!r}; expected one of {', '.join(TARGETS)}")
    for name in network.graph.names(Neurons):
        layer = network.graph.layer(name, Neurons)
        if not isinstance(layer, IntegrateAndFire):
            raise ConversionError(
                f"{name}: a {type(layer).__name__} cannot be simulated in Brian2; use simulator torch"
            )
    drives = wire(network.graph, constant_currents(network.graph, images), most)
    with brian(target):
        whole, arrived, monitors = assemble(network, Presentation(images, steps, first), drives, result.spikes)
        with progress_bar(len(images), 0, "simulation", show_progress) as bar:

            def report(elapsed, completed, start, duration):
                bar.update(int(completed * len(images)) - bar.n)

            whole.run(len(images) * steps * DT, namespace={}, report=report, report_period=1 * second)
    currents = np.asarray(arrived.x).T.reshape(len(images), steps, -1).swapaxes(0, 1)
    scores = Reader(network.readout, first + np.arange(len(images)), currents.shape[2]).read(currents)
    result.add_answers(Block(np.arange(len(images)), 0, result.steps), scores)
    for name, monitor in monitors.items():
        _record(result, name, np.asarray(monitor.i), np.rint(np.asarray(monitor.t) / float(DT)).astype(int))
    return result


def _record(result, name, neuron, step):
    """Sort spikes, given by neuron and by step since the first image, into the result."""
    totals = result.spikes[name]
    image, step = np.divmod(step, totals.shape[1])
    np.add.at(totals, (image, step), 1)
    if name in result.counts:
        np.add.at(result.counts[name].reshape(len(totals), -1), (image, neuron), 1)
    if name in result.rasters:
        result.rasters[name].reshape(*totals.shape, -1)[image, step, neuron] = True
