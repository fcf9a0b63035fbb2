"""What a simulator returns."""

import logging
from dataclasses import dataclass, field

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.readout import predictions

log = logging.getLogger(__name__)

#: How many times more or less than usual is strange, of rates that are not below the least that tells anything.
TIMES, LOW = 3.0, 0.002
#: How much is kept of each layer's spikes: their number in each step, for each neuron, or every one.
KEEP = ("totals", "counts", "rasters")


@dataclass(frozen=True, eq=False)
class Block:
    """Some images in a block of time steps.

    Attributes
    ----------
    numbers : ndarray of int, shape (n,)
        Places of the images in the result.
    step : int
        Steps before this block.
    taken : ndarray of int, shape (n,)
        How many of these steps each image takes before it stops, at least 1.
    """

    numbers: np.ndarray
    step: int
    taken: np.ndarray


@dataclass(eq=False, repr=False)
class Simulation:
    """Answers and spikes of a spiking network.

    Attributes
    ----------
    predictions : ndarray of int, shape (n_images, steps)
        The class after each step; `NO_ANSWER` while there is no evidence. After an early stop the last one stays.
    scores : ndarray of float, shape (n_images, n_classes)
        Of the readout, after the last step of each image.
    steps : ndarray of int, shape (n_images,)
        Steps for which each image was simulated.
    spikes : dict of str to ndarray of int, shape (n_images, steps)
        All spikes of each spiking layer in each step; 0 after an early stop.
    counts : dict of str to ndarray of int, shape (n_images, *shape of the node)
        Spikes of each neuron, if asked for.
    rasters : dict of str to ndarray of bool, shape (n_images, steps, *shape of the node)
        Which neuron spiked in which step, if asked for.
    every_score : ndarray of float32, shape (n_images, steps, n_classes), or None
        The scores after each step, if asked for. After an early stop the last ones stay.

    Examples
    --------
    >>> Simulation(np.array([[-1, 0, 0]]), np.array([[2.0, 1.0]]), np.array([3]), {"relu": np.array([[0, 1, 2]])})
    Simulation: 1 image, 3 steps, 2 classes
      relu: 3.0 spikes per image
    """

    predictions: np.ndarray
    scores: np.ndarray
    steps: np.ndarray
    spikes: dict[str, np.ndarray] = field(default_factory=dict)
    counts: dict[str, np.ndarray] = field(default_factory=dict)
    rasters: dict[str, np.ndarray] = field(default_factory=dict)
    every_score: np.ndarray | None = None

    def __repr__(self):
        """Return what there is, without the numbers."""
        n_images, steps = self.predictions.shape
        least, mean = self.steps.min(), self.steps.mean()
        taken = f"{steps} steps" if least == steps else f"{least} to {self.steps.max()} steps, {mean:.1f} in the mean"
        images = f"{n_images} image{'s' * (n_images != 1)}"
        lines = [f"Simulation: {images}, {taken}, {self.scores.shape[1]} classes"]
        for name, totals in self.spikes.items():
            kept = "".join(f", {what}" for what in ("counts", "rasters") if name in getattr(self, what))
            lines.append(f"  {name}: {totals.sum() / n_images:.1f} spikes per image{kept}")
        return "\n".join(lines)

    def add_answers(self, block: Block, scores: np.ndarray) -> None:
        """Record the answers of a block of steps.

        Parameters
        ----------
        block : Block
        scores : ndarray, shape (steps, n, n_classes)
        """
        last, places = block.taken - 1, np.arange(len(block.numbers))
        shown = np.minimum(np.arange(self.predictions.shape[1] - block.step)[:, None], last)
        self.predictions[block.numbers, block.step :] = predictions(scores)[shown, places].T
        if self.every_score is not None:
            self.every_score[block.numbers, block.step :] = scores[shown, places].swapaxes(0, 1)
        self.scores[block.numbers] = scores[last, places]
        self.steps[block.numbers] = block.step + block.taken

    def add_spikes(self, block: Block, name: str, totals: np.ndarray, spikes: np.ndarray) -> None:
        """Record the spikes of a layer in a block of steps.

        Parameters
        ----------
        block : Block
        name : str
            Of the layer.
        totals : ndarray, shape (steps, n)
        spikes : ndarray, shape (steps, n, *shape of the node)
            Not 0 where there is a spike.
        """
        steps = slice(block.step, block.step + len(totals))
        present = np.arange(len(totals))[:, None] < block.taken
        self.spikes[name][block.numbers, steps] = (totals * present).T
        if name in self.counts or name in self.rasters:
            fired = (spikes != 0) & present.reshape(*present.shape, *(1,) * (spikes.ndim - 2))
            if name in self.counts:
                self.counts[name][block.numbers] += fired.sum(axis=0, dtype=np.int32)
            else:
                self.rasters[name][block.numbers, steps] = fired.swapaxes(0, 1)


def empty_simulation(
    network: SpikingNetwork, n_images: int, steps: int, keep: str, every_score: bool = False
) -> Simulation:
    """Return a `Simulation` to fill in.

    Parameters
    ----------
    network : SpikingNetwork
    n_images, steps : int
    keep : {"totals", "counts", "rasters"}
    every_score : bool

    Returns
    -------
    Simulation

    Raises
    ------
    ConversionError
        When there are no steps, the readout starts after the last one, or `keep` is unknown.
    """
    if steps < 1:
        raise ConversionError(f"steps is {steps}; expected at least 1")
    if network.readout.start >= steps:
        raise ConversionError(
            f"the readout starts after {network.readout.start} steps; expected fewer than steps, {steps}"
        )
    if keep not in KEEP:
        raise ConversionError(f"keep is {keep!r}; expected one of {', '.join(KEEP)}")
    names, shapes = network.spiking_layers, network.graph.shapes
    (n_classes,) = shapes[network.output]
    return Simulation(
        predictions=np.zeros((n_images, steps), int),
        scores=np.zeros((n_images, n_classes)),
        steps=np.full(n_images, steps),
        spikes={name: np.zeros((n_images, steps), np.int32) for name in names},
        counts={name: np.zeros((n_images, *shapes[name]), np.int32) for name in names if keep == "counts"},
        rasters={name: np.zeros((n_images, steps, *shapes[name]), bool) for name in names if keep == "rasters"},
        every_score=np.zeros((n_images, steps, n_classes), np.float32) if every_score else None,
    )


def warn_of_other_rates(network: SpikingNetwork, result: Simulation) -> None:
    """Say in the log when neurons spike much more or less than with the images that set the scales.

    Parameters
    ----------
    network : SpikingNetwork
    result : Simulation
    """
    steps, worst = int(result.steps.sum()), ("", 1.0, 0.0, 0.0)
    for name in network.rates.keys() & result.spikes.keys():
        usual = network.rates[name]
        found = result.spikes[name].sum() / (steps * np.prod(network.graph.shapes[name]))
        times = max(found, LOW) / max(usual, LOW)
        if abs(np.log(times)) > abs(np.log(worst[1])):
            worst = name, times, found, usual
    if not 1 / TIMES < worst[1] < TIMES:
        log.warning(
            "%s: its neurons spike %.3g times in a step in the mean, %.3g times with the images that set the scales: "
            "are these images in the same range as those, and of the same kind?",
            *(worst[0], worst[2], worst[3]),
        )
