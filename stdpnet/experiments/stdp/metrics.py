"""What is measured after each batch of a training: a row of ``metrics.csv``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stdpnet.learning.presentation.batch import Batch
from stdpnet.learning.state import State
from stdpnet.readouts import assign, predict

#: Presentations after which a response counts half in the running accuracy.
RUNNING_HALF_LIFE = 2000

#: Columns of ``metrics.csv``.
METRICS = (
    *("presented", "running_accuracy", "spikes_per_image", "silent_share", "repetitions"),
    *("theta_mean_mV", "theta_sd_mV"),
)


class RunningAccuracy:
    """Scores each batch with the names that earlier batches gave the neurons.

    A means to watch a training, not a result: labels of the training images only.

    Parameters
    ----------
    sums : ndarray, shape (n_classes, n_neurons)
        Responses so far, older ones counting less.
    images : ndarray, shape (n_classes,)
        As many images.
    """

    def __init__(self, sums: np.ndarray, images: np.ndarray):
        self.sums, self.images = sums, images

    @classmethod
    def before_training(cls, n_classes: int, n_neurons: int) -> RunningAccuracy:
        """Return one that has seen nothing."""
        return cls(np.zeros((n_classes, n_neurons)), np.zeros(n_classes))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> RunningAccuracy:
        """Return one that goes on from the arrays of a checkpoint."""
        return cls(arrays["running_sums"].copy(), arrays["running_images"].copy())

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what it remembers, for a checkpoint."""
        return {"running_sums": self.sums.copy(), "running_images": self.images.copy()}

    def add(self, counts: np.ndarray, labels: np.ndarray) -> float:
        """Score a batch, then add its responses.

        Parameters
        ----------
        counts : ndarray, shape (n_images, n_neurons)
        labels : ndarray, shape (n_images,)

        Returns
        -------
        float
            NaN for the first batch.
        """
        accuracy, seen = np.nan, self.images > 0
        classes, codes = np.unique(labels, return_inverse=True)
        if seen.any():
            means = self.sums[seen] / self.images[seen, None]
            assignments = assign(means, np.flatnonzero(seen))
            accuracy = float(np.mean(predict(counts, assignments) == labels))
        forget = 0.5 ** (len(labels) / RUNNING_HALF_LIFE)
        self.sums *= forget
        self.images *= forget
        for code, c in enumerate(classes):
            self.sums[c] += counts[codes == code].sum(axis=0)
            self.images[c] += np.sum(codes == code)
        return accuracy


def measure(batch: Batch, state: State, accuracy: float) -> dict[str, float]:
    """Return one row of ``metrics.csv``.

    Parameters
    ----------
    batch : Batch
    state : State
        After the batch.
    accuracy : float
        From `RunningAccuracy`.
    """
    theta = state.theta
    spikes, silent = batch.counts.sum(axis=1).mean(), np.mean(~batch.counts.any(axis=0))
    values = state.presented, accuracy, spikes, silent, batch.repetitions.sum(), theta.mean(), theta.std()
    return dict(zip(METRICS, map(float, values), strict=True))


def summary(row: Mapping[str, float]) -> str:
    """Return the row as the progress bar shows it; without an accuracy where there is none."""
    accuracy = "" if np.isnan(row["running_accuracy"]) else f"accuracy {row['running_accuracy']:.1%}, "
    return (
        f"{accuracy}{row['spikes_per_image']:.1f} spikes/image, "
        f"silent {row['silent_share']:.0%}, theta {row['theta_mean_mV']:.1f} mV"
    )
