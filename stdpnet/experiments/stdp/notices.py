"""What is said before a training: what is unusual about the images."""

from collections.abc import Iterator

import numpy as np

from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.checkpoint import training_images
from stdpnet.learning.automatic import RUNS, sortedness
from stdpnet.learning.config import Config

#: Greatest grey level of images that were probably not meant for 0 to 255: some have 0 to 1, others 0 to 16.
DARK = 16
#: Images of the largest class for one of the smallest from which labels are unbalanced: MNIST has 1.2.
UNBALANCED = 10

#: Presentations between two checkpoints where there is no compiler: about half a minute.
SHORT_BATCH = 10


def without_compiler(seconds: float, shown: int, left: int) -> str:
    """Return what is said of a training for which no compiler was found, after some presentations of it.

    Parameters
    ----------
    seconds : float
        That they took.
    shown, left : int
        How many they were, and how many are to come.

    Examples
    --------
    >>> without_compiler(30.0, 10, 12_000).split(":")[0]
    'no C++ compiler was found, and NumPy takes 3.0 s for an image, about 10.0 hours for the 12,000 that are left'
    """
    hours = left * seconds / shown / 3600
    time = f"{hours:.1f} hours" if hours >= 1 else f"{60 * hours:.0f} minutes"
    return (
        f"no C++ compiler was found, and NumPy takes {seconds / shown:.1f} s for an image, about {time} for the "
        f"{left:,} that are left: install g++ or clang++, which is many times faster; what is done until then is kept"
    )


def notices(config: Config, dataset: Dataset) -> Iterator[str]:
    """Yield what decides the result of a training and is unusual, a sentence each.

    Parameters
    ----------
    config : Config
    dataset : Dataset

    Yields
    ------
    str
    """
    images, labels = training_images(config, dataset)
    yield from _of_images(images, config.drive)
    if len(labels):
        yield from _of_labels(labels, dataset.test_labels, dataset.class_names)
        if config.shuffle == "off" and sortedness(labels) > RUNS:
            yield "training images are sorted by class, and the network forgets the first ones: --shuffle mixes them"


def _of_images(images: np.ndarray, drive: str) -> Iterator[str]:
    blank, brightest = int(np.sum(~images.any(axis=(1, 2)))), int(images.max())
    if blank == len(images):
        yield f"all {blank} training images are blank, so that there is nothing to learn: check how they were read"
    elif blank:
        yield f"{blank} training images are blank: each is shown once and not repeated"
    if drive == "grey" and 0 < brightest <= DARK:
        yield (
            f"the greatest grey level is {brightest}, expected up to 255: multiply the images by {255 // brightest}, "
            "or leave the choice to --drive auto; they drive few spikes"
        )


def _of_labels(labels: np.ndarray, test_labels: np.ndarray, names: tuple[str, ...]) -> Iterator[str]:
    classes, counts = np.unique(labels, return_counts=True)
    most, least = counts.argmax(), counts.argmin()
    if len(classes) == 1:
        yield (
            f"all {len(labels)} training images are of class {names[classes[0]]}, so that nothing can be told apart: "
            "expected two classes or more; are the images sorted by class, and --images takes the first ones?"
        )
    elif counts[most] > UNBALANCED * counts[least]:
        yield (
            f"labels are unbalanced: {counts[most]} training images of class {names[classes[most]]}, {counts[least]} "
            f"of class {names[classes[least]]}, for which few neurons will stand; take about as many of each"
        )
    unseen = np.setdiff1d(test_labels, classes)
    if len(unseen):
        some = ", ".join(names[code] for code in unseen[:5]) + ", ..." * (len(unseen) > 5)
        yield (
            f"test images of {'class' if len(unseen) == 1 else 'classes'} {some} can only be wrong, since no training "
            "image has this label: give training images of every class"
        )
