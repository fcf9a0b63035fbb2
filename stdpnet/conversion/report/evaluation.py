"""Show labelled images to a converted network, and say what it answers and what that costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.progress import progress_bar
from stdpnet.conversion.batches import Batch, batches
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.report.performance import Performance
from stdpnet.conversion.simulators import choose, simulate
from stdpnet.conversion.simulators.stopping import Criterion
from stdpnet.conversion.spiking.network import SpikingNetwork

#: Images simulated between two updates of the report.
TOGETHER = {"torch": 256, "brian2": 20}


@dataclass(frozen=True)
class Showing:
    """How images are shown.

    Attributes
    ----------
    steps : int
        Time steps for each image.
    simulator : {"torch", "brian2"}, optional
        Default: PyTorch where it is installed.
    batch : int
        Images that PyTorch computes at a time: a matter of speed and memory.
    stop : Margin, Confidence, str or None
        When an image needs no more steps.
    """

    steps: int = 64
    simulator: str | None = None
    batch: int = 32
    stop: Criterion | str | None = None


def measure(
    network: SpikingNetwork, analogue: Graph, shown: Iterable[Batch], showing: Showing, bar: Any
) -> tuple[Measurement, np.ndarray | None]:
    """Simulate images with labels, batch by batch.

    Parameters
    ----------
    network : SpikingNetwork
    analogue : Graph
        Whose operations are counted: the simplified network, or that of the spiking one.
    shown : iterable of tuple of ndarray and ndarray
        Images and labels: classes, or values if they are floating-point numbers.
    showing : Showing
    bar : tqdm
        Moves on by each batch.

    Returns
    -------
    Measurement
    labels : ndarray of int, shape (n_images,), or None
        The classes; None for values.

    Raises
    ------
    ConversionError
        When labels are missing or do not fit.
    """
    simulator = choose(showing.simulator, showing.stop)
    options: dict[str, Any] = {}
    if simulator == "torch":
        options = {"batch": showing.batch, "stop": showing.stop or None}
    labels: list[Any] = []
    measurement, first = Measurement(network, analogue, showing.steps), 0
    (n_outputs,) = network.graph.shapes[network.output]
    for images, answers in shown:
        targets = _targets(answers, n_outputs)
        kept: dict[str, Any] = {"keep": "counts", "every_score": targets is not None}
        found = simulate(network, images, showing.steps, simulator, first=first, **kept, **options)
        measurement.add(images, found, targets)
        labels += [answers] if targets is None else []
        first += len(images)
        bar.update(len(images))
    return measurement, np.concatenate(labels) if labels else None


def _targets(labels, n_outputs):
    """Return labels that are values; None for classes that the network has."""
    if labels is None:
        raise ConversionError("the images have no labels; expected classes, or values for a network of values")
    if labels.dtype.kind == "f":
        return labels
    classes = max(n_outputs, 2)  # one logit tells two classes apart
    if labels.ndim != 1 or labels.dtype.kind not in "biu" or labels.min() < 0 or labels.max() >= classes:
        raise ConversionError(
            f"labels are {labels.dtype} of shape {labels.shape}, from {labels.min()} to {labels.max()}; expected "
            f"classes from 0 to {classes - 1}, one for each image, or floating-point values"
        )
    return None


def evaluated(
    network: SpikingNetwork, images: Any, labels: Any, showing: Showing, show_progress: bool = False
) -> Performance:
    """Return how a network does on labelled images; see `stdpnet.conversion.converted.ConvertedNetwork.evaluate`.

    Parameters
    ----------
    network : SpikingNetwork
    images, labels : array_like, tensor or iterable
        As `stdpnet.conversion.batches.batches` takes them.
    showing : Showing
    show_progress : bool
    """
    shown = batches(images, labels, TOGETHER[choose(showing.simulator, showing.stop)])
    with progress_bar(len(getattr(images, "shape", ())) and len(images), 0, "images", show_progress) as bar:
        measurement, classes = measure(network, network.graph, shown, showing, bar)
    return Performance(measurement.report(classes))
