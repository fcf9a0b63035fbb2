"""The commonest errors of an evaluated run, with the images that caused them where they are still to be found."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.scoring import class_text, stored_names
from stdpnet.commands.reporting.pictures import Picture, strip
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.plots.error_pairs import EXAMPLES, common_pairs


@dataclass(frozen=True)
class Pair:
    """A class that was taken for another one.

    Attributes
    ----------
    true, said : str
        Their names.
    n : int
        Images.
    share : float
        Of all images of the true class.
    examples : Picture or None
        The first of them.
    """

    true: str
    said: str
    n: int
    share: float
    examples: Picture | None


def errors(folder: RunFolder, dataset: Dataset | None) -> list[Pair]:
    """Return the commonest pairs of a true and a wrong class.

    Parameters
    ----------
    folder : RunFolder
    dataset : Dataset or None
        That of the run.

    Raises
    ------
    RunFolderError
        When the run is not evaluated, or damaged.
    """
    arrays = folder.predictions()
    labels, names = arrays["test_labels"], stored_names(arrays)
    images = dataset.test_images if dataset is not None else np.empty((0, 0, 0), np.uint8)
    found = []
    for true, said, which in common_pairs(labels, arrays["predictions"]):
        words = class_text(true, names), class_text(said, names)
        alt = f"{min(len(which), EXAMPLES)} images of {words[0]} taken for {words[1]}"
        examples = Picture(strip(images, which), alt) if which.max() < len(images) else None
        found.append(Pair(*words, len(which), len(which) / np.sum(labels == true), examples))
    return found
