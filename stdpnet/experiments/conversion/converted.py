"""A network on its way: as imported, simplified, spiking; and the images that it is shown."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.errors import ConfigError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.equivalence import FAULT, LOOSE, all_scores, check_stage
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Input, Output
from stdpnet.conversion.graph.rates import RateCurve
from stdpnet.conversion.grey_levels import as_input
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.report.values import as_targets
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.datasets import Dataset
from stdpnet.experiments.conversion.config import ConversionConfig


@dataclass(frozen=True, eq=False)
class ShownImages:
    """Test images as the network takes them.

    Attributes
    ----------
    images : ndarray of float32, shape (n_images, *shape of the Input node)
    labels : ndarray of int, shape (n_images,), or of float32, shape (n_images,) or (n_images, n_outputs)
        Classes or values.
    """

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class Converted:
    """What a conversion makes of a network.

    Attributes
    ----------
    imported, simple : Graph
        As imported, and without dropout, batch normalisation and softmax.
    network : SpikingNetwork
    """

    imported: Graph
    simple: Graph
    network: SpikingNetwork


def shown_images(config: ConversionConfig, graph: Graph, dataset: Dataset) -> ShownImages:
    """Return the test images that the configuration asks for.

    Parameters
    ----------
    config : ConversionConfig
    graph : Graph
        As imported.
    dataset : Dataset

    Returns
    -------
    ShownImages

    Raises
    ------
    ConfigError
        When there are fewer images than asked for, or more classes than the network has.
    DataError
        When the data set has no labelled test images.
    ConversionError
        When the images do not fit the network.
    """
    (source,), (output,) = graph.names(Input), graph.names(Output)
    dataset.check_there("test_images", "test_labels", what="a conversion needs to measure its accuracy")
    most = len(dataset.test_images)
    if config.images > most:
        raise ConfigError(f"images is {config.images}; expected at most {most}, those of {dataset.name}")
    n_images = config.images or most
    labels, (n_outputs,) = dataset.test_labels[:n_images], graph.shapes[output]
    if dataset.targets == "values":
        as_targets(labels, (n_images, n_outputs))  # says what does not fit, before the long work
    else:
        labels = _outputs_of(dataset, n_outputs)[labels]
    return ShownImages(as_input(dataset.test_images[:n_images], graph.shapes[source]), labels)


def _outputs_of(dataset: Dataset, n_outputs: int) -> np.ndarray:
    """Return the output of the network that stands for each class.

    A network trained by an earlier version has an output for every number up to the largest label, whether there are
    such images or not.
    """
    names = dataset.class_names
    if len(names) == n_outputs or (len(names) == 2 and n_outputs == 1):  # one logit tells two classes apart
        return np.arange(n_outputs)
    numbers = [int(name) for name in names if name.isdecimal()]
    if len(numbers) == len(names) and max(numbers) < n_outputs:
        return np.array(numbers)
    raise ConfigError(
        f"{dataset.name} has {len(names)} classes, {', '.join(names[:5])}{', ...' * (len(names) > 5)}, and the network "
        f"{n_outputs} outputs: choose the data set that it was trained on with --dataset"
    )


def convert_graph(config: ConversionConfig, graph: Graph, dataset: Dataset) -> Converted:
    """Return what the conversion makes of a network.

    Parameters
    ----------
    config : ConversionConfig
    graph : Graph
        As imported.
    dataset : Dataset

    Returns
    -------
    Converted

    Raises
    ------
    ConversionError
        When the network cannot be converted.
    """
    (source,), simple = graph.names(Input), simplify(graph)
    scale_images = as_input(dataset.train_images[: config.scale_images], graph.shapes[source])
    steps = config.steps if config.tune else 0
    return Converted(graph, simple, convert(simple, scale_images, config, steps=steps, show_progress=True))


def checked_scores(
    config: ConversionConfig, converted: Converted, images: np.ndarray, show_progress: bool = True
) -> np.ndarray:
    """Return the scores of the analogue network.

    Parameters
    ----------
    config : ConversionConfig
    converted : Converted
        From `convert_graph`.
    images : ndarray
        Of `ShownImages`.
    show_progress : bool

    Returns
    -------
    ndarray, shape (n_images, n_classes)

    Raises
    ------
    ConversionError
        When it answers differently after a stage of the conversion, which it names.
    """
    scores = all_scores(converted.imported, images, "as imported", show_progress)
    simplified = all_scores(converted.simple, images, "simplified", show_progress)
    check_stage("after folding batch normalisation and splitting off softmax", scores, simplified)
    network = converted.network
    if converted.simple.names(RateCurve):  # nothing was scaled, and neurons have sharper corners than these curves
        return scores
    normalised = all_scores(network.graph, network.graph_input(images), "normalised", show_progress)
    advice = LOOSE if config.normalisation == "model" else FAULT
    check_stage("after normalisation", simplified, normalised, advice)
    return scores
