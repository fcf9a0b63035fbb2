"""From what arrives at the output in each step to class scores."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.conversion.graph.layers import Output
from stdpnet.conversion.graph.windows import Shape


@dataclass(frozen=True, eq=False)
class Readout(Output):
    """A population of one unit for each class, which at any step goes by what it has heard lately.

    In deep networks the first steps bring no or misleading spikes.

    Parameters
    ----------
    start : int
        Steps before it starts to listen.
    recent : float
        Share of the steps since then that count, the last ones: with 0.5, steps 9 to 16 give the answer after step 16.
        Their sum is scaled up to all steps, so that scores divided by steps approach the analogue network's.
    """

    start: int = 0
    recent: float = 1.0
    #: Outputs that it needs to tell classes apart.
    least: ClassVar[int] = 1

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of the input."""
        if np.prod(shapes[0]) < self.least:
            raise ConversionError(
                f"a {type(self).__name__} of one output says nothing, whatever its score; expected readout membrane"
            )
        return shapes[0]

    def __post_init__(self):
        if self.start < 0:
            raise ConversionError(f"the readout starts at step {self.start}; expected at least 0")
        if not 0 < self.recent <= 1:
            raise ConversionError(f"the readout goes by a share of {self.recent} of the steps; expected above 0 to 1")

    def window(self, steps: np.ndarray) -> np.ndarray:
        """Return how many of the last steps count, after given numbers of steps; 0 before the start.

        Examples
        --------
        >>> Readout(start=2, recent=0.5).window(np.arange(1, 9))
        array([0, 0, 1, 1, 2, 2, 3, 3])
        """
        return np.ceil(np.maximum(steps - self.start, 0) * self.recent).astype(int)

    def scores(self, potential: np.ndarray, generators: list[np.random.Generator], before: np.ndarray) -> np.ndarray:
        """Return the scores after each step.

        Parameters
        ----------
        potential : ndarray of float64, shape (steps, n_images, n_classes)
            Sums of currents since the start.
        generators : list of numpy.random.Generator
            One for each image.
        before : ndarray of float64, shape (n_images, n_classes)
            Scores before the first of these steps.

        Returns
        -------
        ndarray of float64, shape (steps, n_images, n_classes)
        """
        raise NotImplementedError


class MembranePotential(Readout):
    """Neurons that do not spike: the score is the sum of the currents."""

    def scores(self, potential: np.ndarray, generators: list[np.random.Generator], before: np.ndarray) -> np.ndarray:
        """Return the scores after each step; see `Readout.scores`."""
        return potential


#: After the name of the output: the neurons whose spikes `SpikeCount` counts.
COUNTING = " neurons"


class SpikeCount(MembranePotential):
    """Counts the spikes of neurons that conversion adds before the output. Negative scores are all 0 to it."""


class SoftmaxOfPotential(Readout):
    """The softmax of the potentials, without spikes; its largest value is that of the largest potential."""

    least = 2

    def scores(self, potential: np.ndarray, generators: list[np.random.Generator], before: np.ndarray) -> np.ndarray:
        """Return the scores after each step; see `Readout.scores`."""
        return softmax(potential)


@dataclass(frozen=True, eq=False)
class SoftmaxRates(Readout):
    """Each neuron spikes in a step with its softmax of the potentials as probability; the score counts spikes.

    Rueckauer et al. (2017, doi:10.3389/fnins.2017.00682). Spikes do not reset the potential.

    Parameters
    ----------
    seed : int
        Of the draws.
    """

    seed: int = 0
    least = 2

    def scores(self, potential: np.ndarray, generators: list[np.random.Generator], before: np.ndarray) -> np.ndarray:
        """Return the scores after each step; see `Readout.scores`."""
        drawn = _draw(generators, potential.shape)
        return before + (drawn < softmax(potential)).cumsum(axis=0)


@dataclass(frozen=True, eq=False)
class SoftmaxTriggered(Readout):
    """A Poisson generator decides when one neuron spikes, the softmax of the potentials which one; counts spikes.

    Nessler et al. (2009), as in Rueckauer et al. (2017).

    Parameters
    ----------
    seed : int
        Of the draws.
    rate : float
        Probability of a spike in a step.
    """

    seed: int = 0
    rate: float = 0.5
    least = 2

    def __post_init__(self):
        super().__post_init__()
        if not 0 < self.rate <= 1:
            raise ConversionError(f"the readout's rate is {self.rate}; expected above 0, at most 1 spike per step")

    def scores(self, potential: np.ndarray, generators: list[np.random.Generator], before: np.ndarray) -> np.ndarray:
        """Return the scores after each step; see `Readout.scores`."""
        steps, n_images, n_classes = potential.shape
        trigger, choice = np.moveaxis(_draw(generators, (steps, n_images, 2)), 2, 0)
        reached = softmax(potential).cumsum(axis=2)
        chosen = (choice[..., None] * reached[..., -1:] >= reached).sum(axis=2)
        spikes = (np.arange(n_classes) == chosen[..., None]) & (trigger < self.rate)[..., None]
        return before + spikes.cumsum(axis=0)


READOUTS = {
    "membrane": MembranePotential,
    "count": SpikeCount,
    "softmax": SoftmaxOfPotential,
    "softmax-rates": SoftmaxRates,
    "softmax-triggered": SoftmaxTriggered,
}


def by_class(scores: np.ndarray) -> np.ndarray:
    """Return a score for each class: of a network with one output, that of class 1, also one of 0 for class 0.

    Examples
    --------
    >>> predictions(np.array([[2.5], [-1.0], [0.0]]))  # trained with a binary cross-entropy: one logit
    array([ 1,  0, -1])
    """
    return np.concatenate([np.zeros_like(scores), scores], axis=-1) if scores.shape[-1] == 1 else scores


def predictions(scores: np.ndarray) -> np.ndarray:
    """Return the class of the highest score, the first of several; `NO_ANSWER` while all are equal.

    Where there is one output, a score above 0 is class 1, one below 0 class 0.
    """
    scores = by_class(scores)
    return np.where(np.ptp(scores, axis=-1) > 0, scores.argmax(axis=-1), NO_ANSWER)


def softmax(potential: np.ndarray) -> np.ndarray:
    """Return the softmax over the last axis."""
    exponentials = np.exp(potential - potential.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def _draw(generators, shape):
    steps, _, n = shape
    return np.stack([random.random((steps, n)) for random in generators], axis=1)
