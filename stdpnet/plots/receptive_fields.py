"""What each neuron has learned to respond to: its input weights as an image."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.state import State


def plot_receptive_fields(
    weights: np.ndarray,
    image_shape: tuple[int, int],
    assignments: np.ndarray | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the input weights of all neurons as a grid of images on one colour scale.

    Parameters
    ----------
    weights : ndarray, shape (n_pixels, n_neurons)
    image_shape : tuple of int
        Height and width.
    assignments : ndarray of int, shape (n_neurons,), optional
        Sorts the neurons by class and writes it into the corner; unassigned neurons come
        last, in grey.
    ax : matplotlib.axes.Axes, optional

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
    names = np.zeros(n, int) if assignments is None else np.asarray(assignments)
    order = np.lexsort((np.arange(n), np.where(names == NO_ANSWER, np.iinfo(int).max, names)))
    columns = int(np.ceil(np.sqrt(n)))
    rows = -(-n // columns)
    height, width = image_shape[0] + 1, image_shape[1] + 1  # a line between the images
    # a neuron has few strong weights: the scale ends where 1 weight in 1000 lies above
    top = max(np.quantile(weights, 0.999), 1e-12)
    grid = np.ones((rows * height, columns * width, 3))
    colours = plt.get_cmap("hot_r")
    for place, neuron in enumerate(order):
        row, column = divmod(place, columns)
        field = np.clip(weights[:, neuron].reshape(image_shape) / top, 0, 1)
        grey = 1 - 0.6 * np.repeat(field[..., None], 3, axis=2)
        picture = grey if names[neuron] == NO_ANSWER else colours(field)[..., :3]
        grid[row * height : row * height + image_shape[0], column * width : column * width + image_shape[1]] = picture
        if assignments is not None and n <= 400:
            ax.text(
                column * width + 1,
                row * height + 1,
                "-" if names[neuron] == NO_ANSWER else names[neuron],
                fontsize=5,
                va="top",
                color="tab:blue",
            )
    ax.imshow(grid, interpolation="nearest")
    ax.set_axis_off()
    bar = plt.colorbar(
        plt.cm.ScalarMappable(plt.Normalize(0, top), colours), ax=ax, fraction=0.035, pad=0.02, label="weight"
    )
    bar.outline.set_visible(False)
    return ax


def names_of(folder: RunFolder, state: State) -> np.ndarray | None:
    """Return the neurons' classes, or None where the run has not been evaluated since its last batch."""
    evaluated = folder.last_predictions()
    return None if evaluated is None else evaluated["assignments"]


def draw(folder: RunFolder) -> Figure:
    """Return the figure of a run folder; sorted by digit once it has been evaluated.

    Raises
    ------
    RunFolderError
        When the run has no checkpoint, or is damaged.
    """
    state = folder.network()
    figure, ax = plt.subplots(figsize=(8, 8))
    plot_receptive_fields(state.weights, tuple(state["image_shape"]), names_of(folder, state), ax)
    ax.set_title(f"Receptive fields after {state.presented:,} presentations")
    return figure
