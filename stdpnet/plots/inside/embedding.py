"""Responses to images in two dimensions: which images the network takes for alike."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.base.errors import ConfigError
from stdpnet.base.scoring import class_text
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import TrainedNetwork, read_run
from stdpnet.learning.presentation.responses import FrozenNetwork, Responses, respond
from stdpnet.learning.state import frozen_state
from stdpnet.plots.style import caption
from stdpnet.simulation import resolve_backend


def responses_to_tests(trained: TrainedNetwork, images: int) -> tuple[Responses, np.ndarray]:
    """Return the responses to the first test images of a run, as in its evaluation, and their labels.

    Parameters
    ----------
    trained : TrainedNetwork
    images : int
        How many; more than there are means all.

    Raises
    ------
    ConfigError
        When there are too few to draw.
    DataError
        When the data set has no test images, or no labels of them.
    """
    config, dataset = trained.config, trained.dataset
    dataset.check_there("test_images", "test_labels", what="a picture of the responses needs")
    if images < 3:
        raise ConfigError(f"--images is {images}; expected at least 3")
    network = FrozenNetwork(config, frozen_state(config, trained.state), resolve_backend(config.backend))
    shown = dataset.test_images[:images]
    return respond(network, shown, "testing", show_progress=False), dataset.test_labels[:images].astype(int)


def embed(counts: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return a place in the plane for each image, by t-SNE of the square roots of its spike counts.

    The root makes the noise of small and large counts alike.

    Parameters
    ----------
    counts : ndarray, shape (n_images, n_neurons)
    seed : int

    Returns
    -------
    ndarray, shape (n_images, 2)
        Images with similar responses are neighbours; distances between groups mean little.
    """
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(counts) - 1) / 3)
    return TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(np.sqrt(counts))


def plot_embedding(
    places: np.ndarray, labels: np.ndarray, ax: Axes | None = None, class_names: Sequence[str] = ()
) -> Axes:
    """Draw images as dots coloured by class, with the name of each class in the middle of its images.

    Parameters
    ----------
    places : ndarray, shape (n_images, 2)
    labels : ndarray of int, shape (n_images,)
    ax : matplotlib.axes.Axes, optional
    class_names : sequence of str
        Of the classes 0, 1, ...; without them the numbers are shown.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_embedding(np.array([[0, 0], [2, 2], [5, 5]]), np.array([3, 3, 7]), plt.figure().gca())
    >>> [(text.get_text(), text.get_position()) for text in ax.texts]
    [('3', (1.0, 1.0)), ('7', (5.0, 5.0))]
    """
    ax = ax or plt.gca()
    classes = np.unique(labels)
    colours = plt.get_cmap("tab10" if len(classes) <= 10 else "tab20")
    for k, code in enumerate(classes):
        mine = places[labels == code]
        ax.plot(mine[:, 0], mine[:, 1], ".", color=colours(k % colours.N), markersize=4)
        box: dict[str, Any] = {
            "boxstyle": "round,pad=0.2",
            "facecolor": "white",
            "alpha": 0.8,
            "edgecolor": colours(k % colours.N),
        }
        x, y = np.median(mine, axis=0)
        ax.text(float(x), float(y), class_text(code, class_names), ha="center", va="center", bbox=box)
    ax.set_axis_off()
    return ax


def draw(folder: RunFolder, images: int = 1000) -> Figure:
    """Return the figure of a run folder.

    Parameters
    ----------
    folder : RunFolder
    images : int
        Test images to show, the first ones.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConfigError
        When there are too few images.
    DataError
        When the data set has no test images, or no labels of them.
    RunFolderError
        When the run has no checkpoint, or is damaged.
    """
    trained = read_run(folder)
    responses, labels = responses_to_tests(trained, images)
    figure, ax = plt.subplots(figsize=(7, 7), layout="constrained")
    plot_embedding(embed(responses.counts, trained.config.seed), labels, ax, trained.dataset.class_names)
    ax.set_title(f"Responses of {trained.config.neurons:,} neurons to {len(labels):,} test images")
    caption(figure, "t-SNE (scikit-learn) of the square roots of the spike counts; colours: the true classes.")
    return figure
