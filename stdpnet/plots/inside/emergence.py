"""Receptive fields emerging in the course of a training, as an animation."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.experiments.stdp.inside.snapshots import read_snapshots
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.state import State, frozen_state
from stdpnet.plots.receptive_fields import drawn_fields, names_of

#: Length of a frame, and how long the last one stays, ms.
FRAME, LAST = 150, 2000
#: Colours of the scale: more make larger files.
LEVELS = 16


def tiled(fields: np.ndarray, image_shape: tuple[int, int]) -> np.ndarray:
    """Return the fields of neurons side by side, as near to a square as they come, with a line between them.

    Parameters
    ----------
    fields : ndarray, shape (n_pixels, n_neurons)
    image_shape : tuple of int
        Height and width.

    Returns
    -------
    ndarray
        NaN where nothing is to be drawn.

    Examples
    --------
    >>> tiled(np.array([[1.0, 2.0, 3.0]]), (1, 1))
    array([[ 1., nan,  2., nan],
           [nan, nan, nan, nan],
           [ 3., nan, nan, nan],
           [nan, nan, nan, nan]])
    """
    n, (height, width) = fields.shape[1], image_shape
    columns = int(np.ceil(np.sqrt(n)))
    rows = -(-n // columns)
    cells = np.full((rows * columns, height + 1, width + 1), np.nan)
    cells[:n, :height, :width] = fields.T.reshape(n, height, width)
    by_row = cells.reshape(rows, columns, height + 1, width + 1).swapaxes(1, 2)
    return by_row.reshape(rows * (height + 1), columns * (width + 1))


def animate(states: Sequence[State], titles: Sequence[str], order: np.ndarray) -> FuncAnimation:
    """Return an animation of receptive fields, on the colour scale of the last ones.

    Parameters
    ----------
    states : sequence of State
        With weights and ``image_shape``.
    titles : sequence of str
        Of each frame.
    order : ndarray of int
        The neurons in the order in which they are drawn.
    """
    height, width = map(int, states[-1]["image_shape"])
    shape = (height, width)
    _, scale, colours = drawn_fields(states[-1].weights, shape)
    figure, ax = plt.subplots(figsize=(3.0, 3.25), layout="constrained")
    picture = ax.imshow(
        tiled(np.zeros((shape[0] * shape[1], len(order))), shape), cmap=colours.resampled(LEVELS), norm=scale
    )
    ax.set_axis_off()

    def show(k: int) -> list:
        picture.set_data(tiled(drawn_fields(states[k].weights, shape)[0][:, order], shape))
        return [picture, ax.set_title(titles[k], fontsize=8)]

    frames = [*range(len(states)), *[len(states) - 1] * (LAST // FRAME)]
    return FuncAnimation(figure, show, frames, interval=FRAME)


def draw(folder: RunFolder) -> FuncAnimation:
    """Return the animation of a run: weights as they are presented, in the order of the classes once it is evaluated.

    Raises
    ------
    RunFolderError
        When the run has no snapshots, or is damaged.
    """
    config = folder.config()
    states = []
    for state in read_snapshots(folder):
        states.append(State(frozen_state(config, state) | {"image_shape": state["image_shape"]}))
    accuracies = {row["presented"]: row["running_accuracy"] for row in folder.metrics()}
    titles = []
    for state in states:
        accuracy = accuracies.get(state.presented, np.nan)
        known = "" if np.isnan(accuracy) else f", running accuracy {accuracy:.0%}"
        titles.append(f"{state.presented:,} presentations{known}")
    names, _ = names_of(folder, states[-1])
    n = states[-1].weights.shape[1]
    classes = np.zeros(n, int) if names is None else np.where(names == NO_ANSWER, np.iinfo(int).max, names)
    return animate(states, titles, np.argsort(classes, kind="stable"))
