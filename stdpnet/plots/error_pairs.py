"""The commonest errors: which class is taken for which, how often, and for which images."""

from collections import Counter
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.base.scoring import class_text, stored_names
from stdpnet.experiments.stdp.data_of_run import check_data, dataset_of
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.plots.confusion import plot_confusion, summary

#: True class, predicted class, numbers of the images.
Pair = tuple[int, int, np.ndarray]

PAIRS = 10
EXAMPLES = 8


def common_pairs(labels: np.ndarray, predictions: np.ndarray, n: int = PAIRS) -> list[Pair]:
    """Return the commonest pairs of true and wrongly predicted class.

    Parameters
    ----------
    labels, predictions : ndarray of int, shape (n_images,)
    n : int

    Returns
    -------
    list of (int, int, ndarray of int)
        True class, predicted class, numbers of the images; the commonest first, then by class.

    Examples
    --------
    >>> common_pairs(np.array([4, 4, 4, 9]), np.array([9, 9, 4, 4]))
    [(4, 9, array([0, 1])), (9, 4, array([3]))]
    """
    wrong = predictions != labels
    counts = Counter(zip(labels[wrong].tolist(), predictions[wrong].tolist(), strict=True))
    ranked = sorted(counts, key=lambda pair: (-counts[pair], pair))[:n]
    return [(*pair, np.flatnonzero((labels == pair[0]) & (predictions == pair[1]))) for pair in ranked]


def plot_error_pairs(
    pairs: Sequence[Pair], images: np.ndarray, ax: Axes | None = None, class_names: Sequence[str] = ()
) -> Axes:
    """Draw a bar for each pair with the number of its images, and beside it the first of them.

    Parameters
    ----------
    pairs : list of (int, int, ndarray of int)
        From `common_pairs`.
    images : ndarray of uint8, shape (n_images, height, width)
    ax : matplotlib.axes.Axes, optional
    class_names : sequence of str
        Of the classes 0, 1, ...; without them the numbers are shown.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> pairs = [(4, 9, np.array([0, 2])), (7, -1, np.array([1]))]
    >>> ax = plot_error_pairs(pairs, np.zeros((3, 8, 8), np.uint8), plt.figure().gca())
    >>> [text.get_text() for text in ax.get_yticklabels()], len(ax.images)
    (['4 → 9', '7 → none'], 3)
    """
    ax = ax or plt.gca()
    longest = 4  # of the bars, in widths of an image
    start = longest + 1.2
    top = max((len(which) for *_, which in pairs), default=1)
    for row, (_, _, which) in enumerate(pairs):
        length = longest * len(which) / top
        ax.barh(row, length, height=0.7, color="#0072B2")
        ax.text(length + 0.1, row, f"{len(which):,}", va="center")
        for column, number in enumerate(which[:EXAMPLES]):
            left = start + column
            extent = (left, left + 0.94, row + 0.47, row - 0.47)
            ax.imshow(images[number], cmap="gray_r", vmin=0, vmax=255, extent=extent, aspect="auto")
            ax.text(left, row - 0.45, number, fontsize=5.5, color="#D55E00", va="top")
    names = [f"{class_text(true, class_names)} → {class_text(said, class_names)}" for true, said, _ in pairs]
    ax.set_yticks(range(len(pairs)), names)
    ax.tick_params(length=0)
    ax.set(xticks=[], xlim=(0, start + EXAMPLES), ylim=(len(pairs) - 0.5, -0.5), aspect="equal")
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    return ax


def draw(folder: RunFolder) -> Figure:
    """Return the figure of an evaluated run folder: confusion matrix and error pairs.

    Raises
    ------
    RunFolderError
        When it is not evaluated, or damaged, or its images are others now.
    DataError
        When its images are no longer there.
    """
    report, arrays = folder.evaluation(), folder.predictions()
    labels, predictions, names = arrays["test_labels"], arrays["predictions"], stored_names(arrays)
    dataset = dataset_of(folder)
    check_data(folder, dataset)
    images = dataset.test_images[: len(labels)]
    pairs = common_pairs(labels, predictions)
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 6), layout="constrained", width_ratios=[1, 1.25])
    plot_confusion(labels, predictions, left, names)
    plot_error_pairs(pairs, images, right, names)
    errors = int(np.sum(predictions != labels))
    shown = sum(len(which) for *_, which in pairs)
    for ax in (left, right):
        ax.set_anchor("N")
    left.set_title(summary(report))
    right.set_title(f"true → predicted: {shown:,} of {errors:,} errors (orange: number of the test image)")
    return figure
