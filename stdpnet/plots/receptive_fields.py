"""What each neuron has learned to respond to: its input weights as an image."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure

from stdpnet.base.scoring import NO_ANSWER, class_text, stored_names
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.state import State


def plot_receptive_fields(
    weights: np.ndarray,
    image_shape: tuple[int, int],
    assignments: np.ndarray | None = None,
    ax: Axes | None = None,
    class_names: Sequence[str] = (),
) -> Axes:
    """Draw the input weights of all neurons as a grid of images on one colour scale.

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
    fields, scale, colours = fields_of(weights, image_shape)
    names = np.zeros(n, int) if assignments is None else np.asarray(assignments)
    order = np.lexsort((np.arange(n), np.where(names == NO_ANSWER, np.iinfo(int).max, names)))
    columns = int(np.ceil(np.sqrt(n)))
    rows = -(-n // columns)
    height, width = image_shape[0] + 1, image_shape[1] + 1  # a line between the images
    grid = np.ones((rows * height, columns * width, 3))
    for place, neuron in enumerate(order):
        row, column = divmod(place, columns)
        field = np.clip(scale(fields[:, neuron].reshape(image_shape)), 0, 1)
        grey = 1 - 0.6 * np.repeat(field[..., None], 3, axis=2)
        picture = grey if names[neuron] == NO_ANSWER else colours(field)[..., :3]
        grid[row * height : row * height + image_shape[0], column * width : column * width + image_shape[1]] = picture
        if assignments is not None and n <= 400:
            ax.text(
                column * width + 1,
                row * height + 1,
                "-" if names[neuron] == NO_ANSWER else class_text(names[neuron], class_names)[: max(2, 120 // columns)],
                fontsize=5,
                va="top",
                color="tab:blue",
            )
    ax.imshow(grid, interpolation="nearest")
    ax.set_axis_off()
    about = "weight" if len(weights) == len(fields) else "weight of ON minus weight of OFF"
    bar = plt.colorbar(plt.cm.ScalarMappable(scale, colours), ax=ax, fraction=0.035, pad=0.02, label=about)
    bar.outline.set_visible(False)
    return ax


def fields_of(weights: np.ndarray, image_shape: tuple[int, int]) -> tuple[np.ndarray, Normalize, Colormap]:
    """Return what is drawn of each pixel, its scale and its colours: weights, or with contrast ON minus OFF."""
    # a neuron has few strong weights: the scale ends where 1 weight in 1000 lies above
    top, pixels = max(np.quantile(weights, 0.999), 1e-12), image_shape[0] * image_shape[1]
    if len(weights) == 2 * pixels:
        return weights[:pixels] - weights[pixels:], Normalize(-top, top), plt.get_cmap("RdBu_r")
    return weights, Normalize(0, top), plt.get_cmap("hot_r")


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
    ax.set_title(f"Receptive fields after {state.presented:,} presentations")
    return figure
