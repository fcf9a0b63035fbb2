"""For a class the neurons that vote for it, each with images that it wins."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from stdpnet.base.errors import ConfigError
from stdpnet.base.scoring import class_text, stored_names
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.plots.inside.embedding import responses_to_tests
from stdpnet.plots.receptive_fields import drawn_fields

#: Neurons in the picture, and won images beside each.
ROWS, WON = 8, 10


def won_images(counts: np.ndarray) -> np.ndarray:
    """Return the neuron that wins each image: the one with the most spikes.

    Parameters
    ----------
    counts : ndarray, shape (n_images, n_neurons)

    Returns
    -------
    ndarray of int, shape (n_images,)
        -1 where none fired; of equal ones the first wins.

    Examples
    --------
    >>> won_images(np.array([[0, 3, 1], [2, 0, 2], [0, 0, 0]]))
    array([ 1,  0, -1])
    """
    return np.where(counts.any(axis=1), counts.argmax(axis=1), -1)


def plot_prototypes(
    fields: Sequence[np.ndarray],
    won: Sequence[Sequence[np.ndarray]],
    titles: Sequence[str],
    right: Sequence[Sequence[bool]],
    figure: Figure | None = None,
    **style: Any,
) -> Figure:
    """Draw a row for each neuron: its receptive field, then images that it wins, those of other classes in red.

    Parameters
    ----------
    fields : sequence of ndarray, shape (height, width)
        Of each neuron.
    won : sequence of sequence of ndarray, shape (height, width)
        Images of each neuron; the first ten are drawn.
    titles : sequence of str
        At the left of each row.
    right : sequence of sequence of bool
        For each of the images, whether it is of the class.
    figure : matplotlib.figure.Figure, optional
    **style
        Of the receptive fields, as ``imshow`` takes it: ``cmap``, ``norm``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = len(fields)
    figure = figure or plt.figure(figsize=(9, 0.85 * rows + 0.9), layout="constrained")
    axes = figure.subplots(rows, 1 + WON, squeeze=False)
    for ax in axes.ravel():
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    for row, (field, images, title, of_class) in enumerate(zip(fields, won, titles, right, strict=True)):
        axes[row, 0].imshow(field, **style)
        axes[row, 0].set_ylabel(title, rotation=0, ha="right", va="center", fontsize=8)
        for ax, image, ours in zip(axes[row, 1:], images, of_class, strict=False):
            ax.imshow(image, cmap="gray_r")
            ax.spines[:].set(visible=not ours, color="tab:red", linewidth=2)
    return figure


def draw(folder: RunFolder, name: str | None = None, images: int = 1000) -> Figure:
    """Return the figure of a class of an evaluated run folder, with the neurons that win most.

    Parameters
    ----------
    folder : RunFolder
    name : str, optional
        Of the class; default: the one after which most neurons are named.
    images : int
        Test images that there are to be won, the first ones.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConfigError
        When there is no such class, no neuron is named after it, or there are too few images.
    DataError
        When the data set has no test images, or no labels of them.
    RunFolderError
        When the run is not evaluated, or damaged.
    """
    evaluated = folder.predictions()
    trained = read_run(folder)
    assignments, stored = evaluated["assignments"], stored_names(evaluated)
    known = {class_text(code, stored): int(code) for code in np.unique(trained.dataset.train_labels)}
    if name is None:
        name = max(known, key=lambda one: np.sum(assignments == known[one]))
    if name not in known:
        raise ConfigError(f"--class is {name}; expected one of {', '.join(known)}")
    mine = np.flatnonzero(assignments == known[name])
    if len(mine) == 0:
        raise ConfigError(f"--class is {name}; no neuron is named after it: choose another, or train more neurons")
    responses, labels = responses_to_tests(trained, images)
    winner = won_images(responses.counts)
    wins = np.bincount(winner[winner >= 0], minlength=trained.config.neurons)
    chosen = mine[np.argsort(-wins[mine], kind="stable")][:ROWS]
    fields, scale, colours = drawn_fields(trained.weights, trained.image_shape)
    won = [_most(responses.counts, winner, neuron) for neuron in chosen]
    figure = plot_prototypes(
        [fields[:, neuron].reshape(trained.image_shape) for neuron in chosen],
        [trained.dataset.test_images[which] for which in won],
        [f"neuron {neuron}\nwins {wins[neuron]}" for neuron in chosen],
        [labels[which] == known[name] for which in won],
        cmap=colours,
        norm=scale,
    )
    more = f", the {len(chosen)} that win most" if len(mine) > len(chosen) else ""
    figure.suptitle(
        f"{len(mine)} of {trained.config.neurons:,} neurons vote for {name}{more}; beside each those of "
        f"{len(labels):,} test images\nin which it fires most of all neurons; red: of another class",
        fontsize=10,
    )
    return figure


def _most(counts: np.ndarray, winner: np.ndarray, neuron: int) -> np.ndarray:
    """Return the images that a neuron wins, those with the most spikes first."""
    which = np.flatnonzero(winner == neuron)
    return which[np.argsort(-counts[which, neuron], kind="stable")]
