"""Check that the analogue network still answers the same after every stage of its conversion."""

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.progress import progress_bar
from stdpnet.conversion.graph.forward import images_at_once, scores
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.spiking.readout import by_class

#: Scores that differ by this part of the largest one are equal: what single precision leaves undecided.
EQUAL = 1e-4

#: What to do when a stage changes answers that it must leave as they are.
FAULT = "This is a fault of stdpnet: please report it with the model"
#: The same after the model-based normalisation.
LOOSE = (
    "The bounds that normalisation model takes from the weights of a deep network are so wide that rounding to fixed "
    "point changes answers: use normalisation percentile:99.9"
)


def all_scores(graph: Graph, images: np.ndarray, what: str, show_progress: bool = False) -> np.ndarray:
    """Return the scores of many images, a batch at a time.

    Parameters
    ----------
    graph : Graph
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
    what : str
        Stands before the progress bar.
    show_progress : bool

    Returns
    -------
    ndarray, shape (n_images, n_classes)
    """
    with progress_bar(len(images), 0, what, show_progress) as bar:
        found, together = [], images_at_once(graph)
        for start in range(0, len(images), together):
            found.append(scores(graph, images[start : start + together]))
            bar.update(len(found[-1]))
    return np.concatenate(found)


def check_stage(stage: str, before: np.ndarray, after: np.ndarray, advice: str = FAULT) -> None:
    """Check that a stage of the conversion left every answer as it was.

    Parameters
    ----------
    stage : str
        What was done last.
    before, after : ndarray, shape (n_images, n_classes)
        Scores.
    advice : str
        What to do if one differs.

    Raises
    ------
    ConversionError
        Naming the stage, and how many images are answered differently.
    """
    before, after = by_class(before), by_class(after)
    was, highest = before.argmax(axis=1), after.max(axis=1)
    behind = highest - np.take_along_axis(after, was[:, None], axis=1)[:, 0]
    differ = int(np.sum(~(behind <= EQUAL * np.abs(after).max(axis=1))))  # not-a-number differs as well
    if differ:
        raise ConversionError(
            f"{stage}: the analogue network answers {differ} of {len(before)} images differently than before; expected "
            f"the same answers. {advice}"
        )
