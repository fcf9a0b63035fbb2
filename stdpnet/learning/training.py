"""Unsupervised training in batches, with a checkpoint after each."""

import logging

import numpy as np

from stdpnet.base import files
from stdpnet.base.progress import progress_bar
from stdpnet.learning import schedule
from stdpnet.learning.presentation.batch import present
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator

log = logging.getLogger(__name__)


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
    checkpoint = matching_checkpoint(config, dataset, folder) if resume else fresh_checkpoint(config, dataset)
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


def fresh_checkpoint(config, dataset):
    classes = int(dataset.train_labels.max()) + 1
    return initial_state(config, dataset.n_inputs) | {
        "presented": np.int64(0),
        "image_shape": np.array(dataset.image_shape),
        "running_sums": np.zeros((classes, config.neurons)),
        "running_images": np.zeros(classes),
    }
