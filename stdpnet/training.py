"""Unsupervised training in batches, with a checkpoint after each."""

import logging

import numpy as np

from stdpnet import files, schedule
from stdpnet.errors import RunFolderError
from stdpnet.parameters import initial_state, network_spec
from stdpnet.presentation import present
from stdpnet.progress import progress_bar
from stdpnet.readouts import assign, predict
from stdpnet.simulation import open_simulator

log = logging.getLogger(__name__)

#: Presentations after which a response counts half in the running accuracy.
RUNNING_HALF_LIFE = 2000

#: Columns of ``metrics.csv``.
METRICS = (
    *("presented", "running_accuracy", "spikes_per_image", "silent_share", "repetitions"),
    *("theta_mean_mV", "theta_sd_mV"),
)


def training_images(config, dataset):
    """Return the images that a configuration trains on, shape (n, n_pixels), and their labels."""
    n = config.images or len(dataset.train_images)
    return dataset.train_images[:n].reshape(-1, dataset.n_inputs), dataset.train_labels[:n]


def train(config, dataset, folder, backend, resume=False, show_progress=True):
    """Train a network and keep its checkpoints in a run folder.

    The state after `k` presentations depends on the configuration and the data only:
    neither on the batch length nor on interruptions.

    Parameters
    ----------
    config : Config
    dataset : Dataset
        Labels serve only the running accuracy that is shown meanwhile.
    folder : RunFolder
    backend : {"cpp", "cython", "numpy"}
    resume : bool
        Continue from the folder's checkpoint.
    show_progress : bool

    Returns
    -------
    dict of str to ndarray
        The final checkpoint.
    """
    images, labels = training_images(config, dataset)
    total = config.epochs * len(images)
    checkpoint = matching_checkpoint(config, dataset, folder) if resume else _fresh(config, dataset)
    rows = [row for row in folder.metrics() if row["presented"] <= checkpoint["presented"]] if resume else []
    presented = int(checkpoint["presented"])
    if presented >= total:
        log.info("already trained on %d presentations", presented)
        return checkpoint
    simulator = open_simulator(network_spec(config, dataset.n_inputs, plastic=True), backend, log.info)
    with progress_bar(total, presented, "training", show_progress) as bar:
        while presented < total:
            n = min(config.batch, total - presented, schedule.until_change(presented))
            which = np.arange(presented, presented + n) % len(images)
            now = schedule.at(config, presented)
            batch = present(simulator, now, checkpoint, images[which], presented, "training", plastic=True)
            accuracy = running_accuracy(checkpoint, batch.counts, labels[which])
            presented += n
            checkpoint |= batch.state | {"presented": np.int64(presented)}
            rows.append(measure(presented, batch, checkpoint, accuracy))
            folder.write_metrics(rows)
            files.write_arrays(folder.checkpoint_file, checkpoint)
            shown = summary(rows[-1])
            log.debug("%d presentations: %s", presented, shown)
            bar.set_postfix_str(shown)
            bar.update(n)
    return checkpoint


def _fresh(config, dataset):
    classes = int(dataset.train_labels.max()) + 1
    return initial_state(config, dataset.n_inputs) | {
        "presented": np.int64(0),
        "image_shape": np.array(dataset.image_shape),
        "running_sums": np.zeros((classes, config.neurons)),
        "running_images": np.zeros(classes),
    }


def matching_checkpoint(config, dataset, folder):
    """Return a run folder's checkpoint.

    Raises
    ------
    RunFolderError
        When it is missing, damaged, or does not fit the configuration and the images.
    """
    checkpoint, expected = folder.checkpoint(), _fresh(config, dataset)
    for name, array in expected.items():
        if name not in checkpoint:
            raise RunFolderError(f"{folder.checkpoint_file}: holds no {name!r}; it was made by another model")
        if checkpoint[name].shape != array.shape:
            raise RunFolderError(
                f"{folder.checkpoint_file}: {name} has shape {checkpoint[name].shape}, expected {array.shape} for this "
                "configuration; resume with the configuration of the run, or choose another --out"
            )
    if tuple(checkpoint["image_shape"]) != dataset.image_shape:
        raise RunFolderError(
            f"{folder.checkpoint_file}: trained on images of {tuple(checkpoint['image_shape'].tolist())}, the data set "
            f"has {dataset.image_shape}"
        )
    return checkpoint


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
