"""Many images at a time in PyTorch, on one or several cores."""

from dataclasses import dataclass

import numpy as np
import torch

from stdpnet.base.errors import ConversionError
from stdpnet.base.progress import progress_bar
from stdpnet.conversion.simulators.result import Block, Simulation, empty_simulation
from stdpnet.conversion.simulators.stopping import Criterion, steps_taken
from stdpnet.conversion.simulators.torch_network import TorchNetwork, block_of
from stdpnet.conversion.spiking.network import SpikingNetwork, check_images
from stdpnet.conversion.spiking.reader import Reader

DTYPES = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True, eq=False)
class Plan:
    """How batches are simulated: by what, how many steps at once, until when, numbered from where."""

    simulator: TorchNetwork
    block: int
    stop: Criterion | None
    first: int


@torch.no_grad()
def simulate(
    network: SpikingNetwork,
    images: np.ndarray,
    steps: int,
    *,
    dtype: str = "float32",
    batch: int = 32,
    stop: Criterion | None = None,
    keep: str = "totals",
    every_score: bool = False,
    first: int = 0,
    show_progress: bool = False,
) -> Simulation:
    """Present images to a spiking network.

    What an image brings does not depend on the others, nor on `batch`: to the bit, as long as each layer
    with weights takes spikes or their averages over windows of 2, 4, 8, ... places (see
    `fixed_point`). Only where it takes sums of weights, rounding may depend on the shape of the batch.

    Parameters
    ----------
    network : SpikingNetwork
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
    steps : int
    dtype : {"float32", "float64"}
        Of weights and potentials.
    batch : int
        Images at a time: a matter of speed and memory.
    stop : Margin or Confidence, optional
        When an image needs no more steps. It leaves the batch, and has no spikes any more.
    keep : {"totals", "counts", "rasters"}
        How much to keep of each layer's spikes; see `Simulation`.
    every_score : bool
        Whether to keep the scores after each step.
    first : int
        Number of the first image in its data set, which decides on its random numbers.
    show_progress : bool

    Returns
    -------
    Simulation

    Raises
    ------
    ConversionError
        When the images do not fit, or an option is not usable.
    """
    images = check_images(images, network.graph.shapes[network.source])
    result = empty_simulation(network, len(images), steps, keep, every_score)
    if dtype not in DTYPES:
        raise ConversionError(f"dtype is {dtype!r}; expected one of {', '.join(DTYPES)}")
    if batch < 1:
        raise ConversionError(f"batch is {batch}; expected at least 1 image")
    plan = Plan(TorchNetwork(network, DTYPES[dtype]), block_of(network, batch), stop, first)
    with progress_bar(len(images), 0, "simulation", show_progress) as bar:
        for start in range(0, len(images), batch):
            numbers = np.arange(start, min(start + batch, len(images)))
            _present(plan, images[numbers], numbers, result)
            bar.update(len(numbers))
    return result


def _present(plan, images, numbers, result):
    """Simulate one batch, images with these numbers in the result, and record it."""
    simulator, steps, readout = plan.simulator, result.predictions.shape[1], plan.simulator.network.readout
    simulator.begin(images, plan.first + numbers)
    reader = Reader(readout, plan.first + numbers, result.scores.shape[1])
    for step in range(0, steps, plan.block):
        currents, spikes = simulator.advance(min(plan.block, steps - step))
        scores = reader.read(currents)
        taken, stopped = steps_taken(plan.stop, scores, step - readout.start)
        block = Block(numbers, step, taken)
        result.add_answers(block, scores)
        for name, spike in spikes.items():
            in_memory = spike.movedim(2, -1).flatten(2)  # a view, since the channels lie last
            totals = in_memory.count_nonzero(2) if name in simulator.signed else in_memory.sum(2)
            result.add_spikes(block, name, totals.numpy(), spike.numpy())
        if stopped.all():
            return
        if stopped.any():
            chosen = np.flatnonzero(~stopped)
            numbers = numbers[chosen]
            simulator.keep(chosen)
            reader.keep(chosen)
