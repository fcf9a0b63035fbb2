"""One training of a spiking network and its evaluation, into its folder."""

import logging

from stdpnet.backprop.evaluation.report import report
from stdpnet.backprop.evaluation.responses import accuracy_on, respond
from stdpnet.backprop.model_file import load_network, save_network
from stdpnet.backprop.state import TrainingState, stream
from stdpnet.backprop.training import train
from stdpnet.base import files
from stdpnet.base.labelled.tensors import write_tensors
from stdpnet.datasets import Dataset
from stdpnet.experiments.backprop.config import SpikingConfig
from stdpnet.experiments.backprop.folder import SpikingFolder

log = logging.getLogger(__name__)

#: Last epochs over which the paper gives least, mean and greatest accuracy.
LAST_EPOCHS = 20


def check_run(config: SpikingConfig, dataset: Dataset, folder: SpikingFolder, checkpoint: dict | None) -> None:
    """Check that a training can start, or go on from its checkpoint, before anything is written.

    Parameters
    ----------
    config : SpikingConfig
    dataset : Dataset
    folder : SpikingFolder
    checkpoint : dict or None
        Of the folder.

    Raises
    ------
    ConfigError
        When the data set does not fit the configuration.
    ModelFileError
        When there is a checkpoint but no whole network of the best epoch so far.
    RunFolderError
        When the checkpoint does not fit, or the folder cannot be written.
    """
    _state(config, dataset, checkpoint)
    if checkpoint is not None:
        load_network(folder.model_file)
    folder.check_writable()


def train_run(
    config: SpikingConfig,
    dataset: Dataset,
    folder: SpikingFolder,
    checkpoint: dict | None = None,
    show_progress: bool = True,
) -> dict:
    """Write down what is run, then train; after each epoch the folder holds all that a resumption needs.

    Each row of ``metrics.csv`` has the accuracy on the test images as well, which decides nothing: the paper prints
    least, mean and greatest of the last epochs.

    Parameters
    ----------
    config : SpikingConfig
    dataset : Dataset
    folder : SpikingFolder
        Made already. Its ``model.pt`` becomes the network of the best epoch on held-out training images.
    checkpoint : dict, optional
        Of the folder, to continue from.
    show_progress : bool

    Returns
    -------
    dict
        The row of ``metrics.csv`` of the best epoch, whose network is ``model.pt``.

    Raises
    ------
    ConfigError
        When the data set does not fit the configuration, or the training diverges.
    RunFolderError
        When the checkpoint does not fit.
    """
    folder.begin(config)
    log.info("%s: layers %s, %d epochs of %s", folder.path, config.layers, config.epochs, dataset.name)
    state, test = _state(config, dataset, checkpoint), (dataset.test_images, dataset.test_labels)
    rows = folder.metrics()[: state.epoch]  # one for each epoch; a stopped one may have left another
    for row in train(state, dataset, show_progress):
        if state.best is row:
            save_network(folder.model_file, state.network)
        tested = accuracy_on(state.network, test, config.presentation, stream(config.seed, "test"))
        rows.append({**row, "test_accuracy": tested})
        folder.write_metrics(rows)
        write_tensors(folder.checkpoint_file, state.checkpoint())
    return state.best


def _state(config, dataset, checkpoint):
    state = TrainingState(config, dataset)
    if checkpoint is not None:
        state.restore(checkpoint)
    return state


def evaluate_run(config: SpikingConfig, best: dict, dataset: Dataset, folder: SpikingFolder) -> None:
    """Classify the whole test set with the network of the best epoch and write the report.

    Parameters
    ----------
    config : SpikingConfig
    best : dict
        What `train_run` returned.
    dataset : Dataset
    folder : SpikingFolder
    """
    network, rows = load_network(folder.model_file), folder.metrics()
    responses = respond(network, dataset.test_images, config.presentation, stream(config.seed, "test"))
    measured = report(network, responses, dataset.test_labels)
    last = [row["test_accuracy"] for row in rows[-LAST_EPOCHS:]]
    spiking = measured["spiking"]
    found = {
        **{name: spiking[name] for name in ("accuracy", "confidence_interval_95")},
        "n_test_images": len(dataset.test_images),
        "presented": best["presented"],
        "epoch": best["epoch"],
        "validation_accuracy": best["validation_accuracy"],
        "last_epochs": {"epochs": len(last), "least": min(last), "mean": sum(last) / len(last), "greatest": max(last)},
        "dataset": dataset.name,
        "input": config.input,
        "layers": config.layers,
        "winner_take_all": config.winner_take_all,
        "seed": config.seed,
        **measured,
    }
    files.write_json(folder.evaluation_file, found)
    low, high = found["confidence_interval_95"]
    log.info(
        "test accuracy %.2f %% (95 %% interval %.2f to %.2f), %d test images, network of epoch %d, %.2f of an analogue "
        "network's operations; in %s",
        *(100 * found["accuracy"], 100 * low, 100 * high, found["n_test_images"], found["epoch"]),
        *(spiking["relative_operations"], folder.evaluation_file),
    )
