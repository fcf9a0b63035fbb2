"""Results of Diehl & Cook 2015, to be drawn beside ours.

Read off the figures of the article, which is published under CC BY: ``ACCURACY`` by a line fit
on the bitmap of Fig. 2B, to 0.1 percentage points, ``RUNNING_ACCURACY`` by eye from Fig. 2C.
Figure and text disagree once: for 400 neurons the text has 87.0 %, the figure 86.3 % (power-law).
"""

from collections.abc import Iterable
from pathlib import Path

from stdpnet.experiments.sweeps.found_runs import Run

#: Names of the data sets that it is about.
MNIST = ("mnist", "mnist-5k")

SOURCE = "Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, CC BY"

NEURONS = (100, 400, 1600, 6400)

#: Fig. 2B: test accuracy in per cent for each of `NEURONS`.
ACCURACY = {
    "power-law": (82.9, 86.3, 91.9, 95.0),
    "exponential": (82.5, 89.1, 90.8, 94.8),
    "pre-and-post": (82.5, 87.9, 89.4, 94.0),
    "triplet": (82.9, 91.4, 92.8, 94.7),
}

#: Fig. 2C, 1,600 neurons: training images shown, and accuracy on the last 10,000 of them in per cent.
RUNNING_ACCURACY = {10_000: 82, 20_000: 86, 40_000: 89, 60_000: 90.3, 100_000: 92, 200_000: 93.2}

#: Fig. 2C: where it stays up to a million images.
PLATEAU = 93.7


def fits(runs: Iterable[Run]) -> bool:
    """Tell whether the results of the paper can stand beside those of runs: all of them are of MNIST.

    Examples
    --------
    >>> from stdpnet.experiments.stdp.run_folder import RunFolder
    >>> from stdpnet.learning.config import Config
    >>> own = Run(RunFolder("a"), "triplet", 100, 0, "unfinished", Config(dataset="photos"))
    >>> fits([own])
    False
    """
    return all(run.config is not None and Path(run.config.dataset).name in MNIST for run in runs)
