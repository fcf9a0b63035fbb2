"""Which digits are taken for which."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from stdpnet.base.scoring import NO_ANSWER, class_text, stored_names
from stdpnet.experiments.stdp.run_folder import RunFolder

#: Least size of a class in points for the numbers in it to be readable, and for its name to be.
SMALLEST_NUMBER, SMALLEST_NAME = 9, 7


def plot_confusion(
    labels: np.ndarray, predictions: np.ndarray, ax: Axes | None = None, class_names: Sequence[str] = ()
) -> Axes:
    """Draw how often images of each class were classified as each class, in per cent of the class.

    Where there is no room for the numbers or for every name, colours and some of the names remain.

    Parameters
    ----------
    labels, predictions : ndarray of int, shape (n_images,)
        Images without an answer get a column of their own.
    ax : matplotlib.axes.Axes, optional
    class_names : sequence of str
        Of the classes 0, 1, ...; without them the numbers are shown.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_confusion(np.array([0, 0, 7, 7]), np.array([0, 7, 7, NO_ANSWER]), plt.figure().gca())
    >>> [text.get_text() for text in ax.get_xticklabels()]
    ['0', '7', 'none']
    >>> ax.images[0].get_array().tolist()
    [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]
    """
    ax = ax or plt.gca()
    classes = np.unique(labels)
    answers = [*np.union1d(classes, predictions[predictions != NO_ANSWER])]
    if (predictions == NO_ANSWER).any():
        answers.append(NO_ANSWER)
    shares = np.array([[np.mean(predictions[labels == c] == answer) for answer in answers] for c in classes])
    picture = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    cell = 72 * min(ax.bbox.size) / ax.figure.dpi / len(answers)  # of a class, in points
    if cell >= SMALLEST_NUMBER:
        for row, column in np.argwhere(shares >= 0.005):
            share, size = shares[row, column], min(8, cell / 2)
            colour = "white" if share > 0.5 else "black"
            ax.text(column, row, f"{100 * share:.0f}", ha="center", va="center", fontsize=size, color=colour)
    names = [class_text(answer, class_names) for answer in answers]
    every, size = int(np.ceil(SMALLEST_NAME / cell)), float(np.clip(0.8 * cell, SMALLEST_NAME - 1, 10))
    upright = max(map(len, names[::every])) * 0.6 * size > every * cell
    ax.set_xticks(range(0, len(answers), every), names[::every], rotation=90 * upright, fontsize=size)
    ax.set_yticks(range(0, len(classes), every), [class_text(c, class_names) for c in classes[::every]], fontsize=size)
    ax.set(xlabel="predicted", ylabel="true")
    plt.colorbar(picture, ax=ax, fraction=0.046, format=PercentFormatter(1), label="share of the class")
    return ax


def draw(folder: RunFolder) -> Figure:
    """Return the figure of an evaluated run folder.

    Raises
    ------
    RunFolderError
        When it is not evaluated, or damaged.
    """
    report, arrays = folder.evaluation(), folder.predictions()
    side = np.clip(0.3 * len(np.unique(arrays["test_labels"])), 5, 15)
    figure, ax = plt.subplots(figsize=(1.2 * side, side))
    plot_confusion(arrays["test_labels"], arrays["predictions"], ax, stored_names(arrays))
    ax.set_title(summary(report))
    return figure


def summary(report: dict[str, Any]) -> str:
    """Return the title of a picture of an evaluation. It says when that was: the run may have been trained further."""
    return (
        f"{100 * report['accuracy']:.2f} % of {report['n_test_images']:,} test images\n{report['neurons']:,} neurons "
        f"after {report['presented']:,} presentations"
    )
