"""What is measured after each batch of a training: a row of ``metrics.csv``."""

import numpy as np

from stdpnet.readouts import assign, predict

#: Presentations after which a response counts half in the running accuracy.
RUNNING_HALF_LIFE = 2000

#: Columns of ``metrics.csv``.
METRICS = (
    *("presented", "running_accuracy", "spikes_per_image", "silent_share", "repetitions"),
    *("theta_mean_mV", "theta_sd_mV"),
)


def running_accuracy(checkpoint, counts, labels):
    """Score a batch with the names that earlier batches gave the neurons, then add its responses to them.

    A means to watch a training, not a result: labels of the training images only.

    Parameters
    ----------
    checkpoint : dict of str to ndarray
        Its ``running_sums`` and ``running_images`` are updated in place.
    counts : ndarray, shape (n_images, n_neurons)
    labels : ndarray, shape (n_images,)

    Returns
    -------
    float
        NaN for the first batch.
    """
    sums, images = checkpoint["running_sums"], checkpoint["running_images"]
    accuracy = np.nan
    seen = images > 0
    classes, codes = np.unique(labels, return_inverse=True)
    if seen.any():
        means = sums[seen] / images[seen, None]
        assignments = assign(means, np.flatnonzero(seen))
        accuracy = float(np.mean(predict(counts, assignments) == labels))
    forget = 0.5 ** (len(labels) / RUNNING_HALF_LIFE)
    sums *= forget
    images *= forget
    for code, c in enumerate(classes):
        sums[c] += counts[codes == code].sum(axis=0)
        images[c] += np.sum(codes == code)
    return accuracy


def measure(presented, batch, checkpoint, accuracy):
    """Return one row of ``metrics.csv``."""
    theta = 1e3 * checkpoint["excitatory.theta"].astype(float)
    spikes, silent = batch.counts.sum(axis=1).mean(), np.mean(~batch.counts.any(axis=0))
    values = presented, accuracy, spikes, silent, batch.repetitions.sum(), theta.mean(), theta.std()
    return dict(zip(METRICS, values, strict=True))


def summary(row):
    """Return the row as the progress bar shows it."""
    return (
        f"accuracy {row['running_accuracy']:.1%}, {row['spikes_per_image']:.1f} spikes/image, "
        f"silent {row['silent_share']:.0%}, theta {row['theta_mean_mV']:.1f} mV"
    )
