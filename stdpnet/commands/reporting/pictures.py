"""Pictures within a page: what the figures of `stdpnet.plots` show, as data of an ``img``, with words for it."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from stdpnet.base.scoring import class_text, stored_names
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.plots import confusion, learning_curve, receptive_fields
from stdpnet.plots.error_pairs import EXAMPLES, common_pairs
from stdpnet.plots.style import STYLE

#: Names of classes are no mathematics, whatever is in them; the same run gives the same file.
PLAIN = {**STYLE, "text.parse_math": False, "svg.hashsalt": "stdpnet"}
#: Most pixels of a side of an image among the errors.
SIDE = 56


@dataclass(frozen=True)
class Picture:
    """A picture.

    Attributes
    ----------
    data : str
        What its ``src`` is.
    alt : str
        What it shows, for whoever does not see it.
    """

    data: str
    alt: str


def curve(folder: RunFolder) -> Picture:
    """Draw the course of a training; errors are those of `stdpnet.plots.learning_curve.draw`."""
    data = _drawn(learning_curve.draw, folder, "svg")
    presented, accuracy = folder.series("presented", "running_accuracy")
    known = accuracy[~np.isnan(accuracy)]
    course = f", from {100 * known[0]:.1f} % to {100 * known[-1]:.1f} %," if len(known) else " (no labels: none)"
    alt = f"Running accuracy{course} spikes per image and thresholds over {presented[-1]:,.0f} presentations"
    return Picture(data, alt)


def fields(folder: RunFolder) -> Picture:
    """Draw what the neurons have learned; errors are those of `stdpnet.plots.receptive_fields.draw`."""
    neurons = folder.network().weights.shape[1]
    named = ", sorted by class" if folder.last_predictions() else ""
    alt = f"Input weights of {neurons:,} neurons as images{named}"
    return Picture(_drawn(receptive_fields.draw, folder, "png"), alt)


def matrix(folder: RunFolder) -> Picture:
    """Draw which class is taken for which; errors are those of `stdpnet.plots.confusion.draw`."""
    arrays = folder.predictions()
    labels, predictions, names = arrays["test_labels"], arrays["predictions"], stored_names(arrays)
    alt = f"Confusion matrix: {np.sum(labels == predictions):,} of {len(labels):,} images are right"
    if pairs := common_pairs(labels, predictions, 1):
        true, said, which = pairs[0]
        alt += f"; the commonest error is {class_text(true, names)} taken for {class_text(said, names)}, {len(which):,}"
    return Picture(_drawn(confusion.draw, folder, "svg"), alt)


def strip(images: np.ndarray, which: np.ndarray) -> str:
    """Return the data of a picture of the first of some images, side by side.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, height, width)
        Signals, images of one line, become bars.
    which : ndarray of int, shape (n,)
        Their numbers.

    Returns
    -------
    str

    Examples
    --------
    >>> strip(np.zeros((3, 8, 8), np.uint8), np.array([0, 2]))[:22]
    'data:image/png;base64,'
    """
    cells = []
    for image in images[which[:EXAMPLES]]:
        cell = Image.fromarray(255 - image)
        height, width = image.shape
        cell = cell.resize((width, width)) if height == 1 else cell
        cell.thumbnail((SIDE, SIDE))
        cells.append(np.pad(np.asarray(cell), ((0, 0), (0, 1)), constant_values=255))
    file = io.BytesIO()
    Image.fromarray(np.hstack(cells)).save(file, "PNG")
    return _data(file, "png")


def _drawn(draw: Callable[[RunFolder], Figure], folder: RunFolder, kind: str) -> str:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    file, options = io.BytesIO(), dict[str, Any]()
    if kind == "svg":
        options = {"metadata": {"Date": None, "Creator": None}}
    with plt.rc_context(PLAIN):
        before = plt.get_fignums()
        try:
            draw(folder).savefig(file, format=kind, dpi=150, bbox_inches="tight", **options)
        finally:
            for number in set(plt.get_fignums()) - set(before):
                plt.close(number)
    return _data(file, "svg+xml" if kind == "svg" else kind)


def _data(file: io.BytesIO, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"
