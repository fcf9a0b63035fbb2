"""When an image needs no more time steps."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.spiking.readout import by_class, softmax


@dataclass(frozen=True)
class Margin:
    """Stop when the best class leads by so much: the difference of the two highest scores, which are sums over time.

    As in a sequential test, it takes the longer the closer the two classes are.
    """

    least: float
    readouts = ("membrane", "count", "softmax-rates", "softmax-triggered")

    def __post_init__(self):
        if not self.least > 0:
            raise ConversionError(f"the margin to stop at is {self.least}; expected above 0")

    def reached(self, scores: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """Return after which steps the criterion holds.

        Parameters
        ----------
        scores : ndarray, shape (steps, n_images, n_classes)
        steps : ndarray of int, shape (steps,)
            For how many steps the readout has listened, 0 before its start.

        Returns
        -------
        ndarray of bool, shape (steps, n_images)
        """
        highest = np.sort(by_class(scores), axis=-1)[..., -2:]
        return (highest[..., -1] - highest[..., 0] >= self.least) & (steps > 0)[:, None]


#: Steps without any evidence that are thought to have come before the first one. Means of a few steps, in which a rate
#: is 0 or 1, are far too sure: of 400 training images of CIFAR-10, which ResNet-20 is shown for 16 steps in the mean,
#: 67.9 % of the answers are right with none of these, 87.0 with 4, 89.0 with 8, 89.4 with 16, 89.3 with 32, and 91.4
#: by `Margin`.
DOUBT = 16


@dataclass(frozen=True)
class Confidence:
    """Stop when the softmax of the mean scores gives the best class so much, with a doubt that goes as steps come.

    For the membrane potential, whose mean over time approaches the analogue network's output. The mean is that of the
    steps so far and `DOUBT` more in which all scores stayed 0: in the end it is the analogue network's own confidence,
    and an image of which that one is less sure takes all steps.
    """

    least: float
    readouts = ("membrane",)

    def __post_init__(self):
        if not 0 < self.least < 1:
            raise ConversionError(f"the confidence to stop at is {self.least}; expected between 0 and 1")

    def reached(self, scores: np.ndarray, steps: np.ndarray) -> np.ndarray:
        """Return after which steps the criterion holds; see `Margin.reached`."""
        means = scores / (steps + DOUBT)[:, None, None]
        return (softmax(by_class(means)).max(axis=-1) >= self.least) & (steps > 0)[:, None]


#: Either of them.
Criterion = Margin | Confidence
#: By the name that users type.
CRITERIA: dict[str, type[Margin] | type[Confidence]] = {"margin": Margin, "confidence": Confidence}


def criterion(text: str) -> Criterion | None:
    """Return the criterion of text such as ``margin:5`` or ``confidence:0.99``, or None if it is empty.

    Parameters
    ----------
    text : str

    Returns
    -------
    Margin, Confidence or None

    Raises
    ------
    ConversionError
        When it is neither.
    """
    if not text:
        return None
    kind, _, number = text.partition(":")
    try:
        return CRITERIA[kind](float(number))
    except (KeyError, ValueError):  # a ConversionError is a ValueError
        raise ConversionError(
            f"stop is {text!r}; expected 'margin:LEAD' above 0, or 'confidence:PROBABILITY' between 0 and 1"
        ) from None


def steps_taken(stop: Criterion | None, scores: np.ndarray, heard: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how many steps of a block each image takes, and whether it stops then.

    Parameters
    ----------
    stop : Margin, Confidence or None
    scores : ndarray, shape (steps, n_images, n_classes)
    heard : int
        For how many steps the readout has listened before this block; negative before its start.

    Returns
    -------
    taken : ndarray of int, shape (n_images,)
    stopped : ndarray of bool, shape (n_images,)
    """
    n_steps, n_images, _ = scores.shape
    if stop is None:
        return np.full(n_images, n_steps), np.zeros(n_images, bool)
    reached = stop.reached(scores, np.maximum(np.arange(heard + 1, heard + n_steps + 1), 0))
    stopped: np.ndarray = np.any(reached, axis=0)
    return np.where(stopped, reached.argmax(axis=0) + 1, n_steps), stopped
