"""What each neuron has learned to respond to: its input weights as an image."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from stdpnet.base.scoring import NO_ANSWER, class_text, stored_names
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.fields import fields_of
from stdpnet.learning.state import State

#: Side of the cell of a neuron that was trained on signals, images of one line.
CURVE = 40


def plot_receptive_fields(
    weights: np.ndarray,
    image_shape: tuple[int, int],
    assignments: np.ndarray | None = None,
    ax: Axes | None = None,
    class_names: Sequence[str] = (),
) -> Axes:
    """Draw the input weights of all neurons as a grid of images on one colour scale, those of signals as curves.

    Parameters
    ----------
    weights : ndarray, shape (n_pixels, n_neurons) or (2 n_pixels, n_neurons)
        Of a network that is driven by contrast, ON before OFF: their difference is drawn.
    image_shape : tuple of int
        Height and width.
    assignments : ndarray of int, shape (n_neurons,), optional
        Sorts the neurons by class and writes it into the corner; unassigned neurons come
        last, in grey.
    ax : matplotlib.axes.Axes, optional
    class_names : sequence of str
        Of the classes 0, 1, ..., as much of each as has room; without them the numbers are shown.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> weights = np.random.default_rng(0).random((28 * 28, 4))
    >>> ax = plot_receptive_fields(weights, (28, 28), np.array([3, NO_ANSWER, 0, 3]), plt.figure().gca())
    >>> [text.get_text() for text in ax.texts]
    ['0', '3', '3', '-']
    """
    ax = ax or plt.gca()
    n = weights.shape[1]
    fields, scale, colours = drawn_fields(weights, image_shape)
    names = np.zeros(n, int) if assignments is None else np.asarray(assignments)
    order = np.lexsort((np.arange(n), np.where(names == NO_ANSWER, np.iinfo(int).max, names)))
    columns = int(np.ceil(np.sqrt(n)))
    signals = 1 in image_shape
    # as signals are curves, their cells are squares; a line of pixels stays free between two cells
    height, width = (CURVE, CURVE) if signals else (image_shape[0] + 1, image_shape[1] + 1)
    grid = np.ones((-(-n // columns) * height, columns * width, 3))
    for place, neuron in enumerate(order):
        row, column = divmod(place, columns)
        field, named = np.clip(scale(fields[:, neuron]), 0, 1), names[neuron] != NO_ANSWER
        if signals:
            x = column * width + np.linspace(1, CURVE - 2, len(field))
            ax.plot(x, row * height + 1 + (CURVE - 3) * (1 - field), color="tab:red" if named else "0.6", linewidth=0.6)
        else:
            shades = np.repeat(1 - 0.6 * field[:, None], 3, axis=1)  # grey without a name
            picture = (colours(field)[:, :3] if named else shades).reshape(*image_shape, 3)
            grid[row * height : (row + 1) * height - 1, column * width : (column + 1) * width - 1] = picture
        if assignments is not None and n <= 400:
            text = class_text(names[neuron], class_names)[: max(2, 120 // columns)] if named else "-"
            at = column * width + 1, row * height + 1
            outline = [withStroke(linewidth=1.5, foreground="white")]  # or it is lost on strong weights
            ax.text(*at, text, fontsize=5, va="top", color="tab:blue", path_effects=outline)
    ax.imshow(grid, interpolation="nearest")
    ax.set_axis_off()
    about = "weight" if len(weights) == len(fields) else "weight of ON minus weight of OFF"
    if signals:
        ax.set_title(f"each curve: {about}, from {scale.vmin:.3g} to {scale.vmax:.3g}", fontsize=8, loc="left", y=-0.04)
        return ax
    bar = plt.colorbar(plt.cm.ScalarMappable(scale, colours), ax=ax, fraction=0.035, pad=0.02, label=about)
    bar.outline.set_visible(False)
    return ax


def drawn_fields(weights: np.ndarray, image_shape: tuple[int, int]) -> tuple[np.ndarray, Normalize, Colormap]:
    """Return what is drawn of each pixel, its scale and its colours: weights, or with contrast ON minus OFF."""
    fields, low, high = fields_of(weights, image_shape[0] * image_shape[1])
    return fields, Normalize(low, high), plt.get_cmap("RdBu_r" if low < 0 else "hot_r")


def names_of(folder: RunFolder, state: State) -> tuple[np.ndarray | None, Sequence[str]]:
    """Return the neurons' classes, None where the run has not been evaluated since its last batch, and class names."""
    evaluated = folder.last_predictions()
    return (None, ()) if evaluated is None else (evaluated["assignments"], stored_names(evaluated))


def draw(folder: RunFolder) -> Figure:
    """Return the figure of a run folder; sorted by class once it has been evaluated.

    Raises
    ------
    RunFolderError
        When the run has no checkpoint, or is damaged.
    """
    state = folder.network()
    figure, ax = plt.subplots(figsize=(8, 8))
    assignments, class_names = names_of(folder, state)
    plot_receptive_fields(state.weights, tuple(state["image_shape"]), assignments, ax, class_names)
    ax.set_title(f"Receptive fields after {folder.stopped_early() or f'{state.presented:,} presentations'}")
    return figure
