"""What every readout makes of a frozen network's responses; one that fails leaves the others alone."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from stdpnet.learning.presentation.responses import FrozenNetwork, Responses, TrainingResponses, respond_in_parts
from stdpnet.readouts import READOUTS, MeanResponse

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """Images to be shown, and how.

    Attributes
    ----------
    images : ndarray of uint8, shape (n_images, ...)
    stream : {"labelling", "testing"}
    workers : int
    show_progress : bool
    """

    images: np.ndarray
    stream: str
    workers: int
    show_progress: bool


@dataclass
class Answers:
    """What `answers` returns.

    Attributes
    ----------
    training : TrainingResponses
        Counts of training images, with their labels.
    test : Responses
        Counts of test images.
    predictions : dict of str to ndarray of int, shape (n_test_images,)
        By the name of the readout.
    failed : dict of str to str
        What went wrong, by the name of a readout that has no predictions.
    """

    training: TrainingResponses
    test: Responses
    predictions: dict[str, np.ndarray] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def answers(network: FrozenNetwork, training: Shown, labels: np.ndarray, test: Shown) -> Answers:
    """Make every readout from training images and ask it for the classes of test images.

    Those that look at the order of spikes see it in parts, in the workers: it is never kept.

    Parameters
    ----------
    network : FrozenNetwork
    training : Shown
    labels : ndarray of int, shape (n_training_images,)
    test : Shown

    Returns
    -------
    Answers
    """
    made: dict[str, Any] = {}
    counts = np.zeros((len(labels), network.config.neurons), np.int32)
    for first, (part, readouts) in _in_parts(network, training, partial(_made, labels)):
        counts[first : first + len(part)] = part
        made = {name: _attempt(_merged, made.get(name), readout) for name, readout in readouts.items()}
    shown = TrainingResponses(counts, labels=labels)
    made |= {kind.name: _attempt(kind, shown) for kind in READOUTS if not kind.reads_order}
    counts = np.zeros((len(test.images), network.config.neurons), np.int32)
    said: dict[str, Any] = {kind.name: np.zeros(len(counts), int) for kind in READOUTS if kind.reads_order}
    asked = {name: made[name] for name in said}
    for first, (part, parts) in _in_parts(network, test, partial(_asked, asked)):
        counts[first : first + len(part)] = part
        said = {name: _attempt(_put, said[name], first, parts[name]) for name in said}
    result = Answers(shown, Responses(counts))
    for kind in READOUTS:
        answer = said[kind.name] if kind.reads_order else _attempt(_predict, made[kind.name], result.test)
        if not isinstance(answer, Exception):
            result.predictions[kind.name] = answer
        elif kind is MeanResponse:  # without it there is no accuracy
            raise answer
        else:
            result.failed[kind.name] = f"{type(answer).__name__}: {answer}".splitlines()[0]
            log.warning("readout %s failed (%s): the others are whole", kind.name, result.failed[kind.name])
    return result


def _in_parts(network: FrozenNetwork, shown: Shown, reduce: Callable[[int, Responses], Any]) -> Any:
    return respond_in_parts(network, shown.images, shown.stream, reduce, shown.workers, shown.show_progress)


def _made(labels: np.ndarray, first: int, part: Responses) -> tuple[np.ndarray, dict[str, Any]]:
    """Return the counts of a part, and the readouts that are made from its spikes. Runs in a worker."""
    shown = TrainingResponses(part.counts, part.spikes, labels=labels[first : first + len(part.counts)])
    return part.counts, {kind.name: _attempt(kind, shown) for kind in READOUTS if kind.reads_order}


def _asked(readouts: Mapping[str, Any], first: int, part: Responses) -> tuple[np.ndarray, dict[str, Any]]:
    """Return the counts of a part, and what these readouts say of it. Runs in a worker."""
    return part.counts, {name: _attempt(_predict, readout, part) for name, readout in readouts.items()}


def _attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns, or the error: its own, or the one among its arguments."""
    failed = next((argument for argument in arguments if isinstance(argument, Exception)), None)
    if failed is not None:
        return failed
    try:
        return function(*arguments)
    except Exception as error:  # whatever it is, the other readouts go on
        return error


def _merged(one: Any, other: Any) -> Any:
    return other if one is None else one.merged(other)


def _predict(readout: Any, responses: Responses) -> np.ndarray:
    return readout.predict(responses)


def _put(array: np.ndarray, first: int, part: np.ndarray) -> np.ndarray:
    array[first : first + len(part)] = part
    return array
