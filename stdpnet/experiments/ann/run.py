"""One training of an analogue network and its evaluation, into its folder."""

import logging

import torch

from stdpnet.base import files
from stdpnet.base.labelled.tensors import write_tensors
from stdpnet.base.scoring import score
from stdpnet.conversion.ann.model_file import load_model, save_model
from stdpnet.conversion.ann.state import TrainingState
from stdpnet.conversion.ann.training import predict, train
from stdpnet.datasets import Dataset
from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.ann.folder import TrainingFolder

log = logging.getLogger(__name__)


def check_run(config: TrainingConfig, dataset: Dataset, folder: TrainingFolder, checkpoint: dict | None) -> None:
    """Check that a training can start, or go on from its checkpoint, before anything is written.

    Parameters
    ----------
    config : TrainingConfig
    dataset : Dataset
    folder : TrainingFolder
    checkpoint : dict or None
        Of the folder.

    Raises
    ------
    ConfigError
        When the data set does not fit the configuration.
    ConversionError
        When there is a checkpoint but no whole network of the best epoch so far.
    RunFolderError
        When the checkpoint does not fit, or the folder cannot be written.
    """
    _state(config, dataset, checkpoint)
    if checkpoint is not None:
        load_model(folder.model_file)
    folder.check_writable()


def train_run(
    config: TrainingConfig,
    dataset: Dataset,
    folder: TrainingFolder,
    checkpoint: dict | None = None,
    show_progress: bool = True,
) -> dict:
    """Write down what is run, then train; after each epoch the folder holds all that a resumption needs.

    Parameters
    ----------
    config : TrainingConfig
    dataset : Dataset
        Its test part is not used.
    folder : TrainingFolder
        Made already.
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
    log.info("%s: %s, %d epochs of %s", folder.path, config.architecture, config.epochs, dataset.name)
    state = _state(config, dataset, checkpoint)
    rows = folder.metrics()[: state.epoch]  # one for each epoch; a stopped one may have left another
    for row in train(state, dataset, show_progress):
        if state.best is row:
            save_model(folder.model_file, state.model, config.architecture, config.activation)
        rows.append(row)
        folder.write_metrics(rows)
        write_tensors(folder.checkpoint_file, state.checkpoint())
    return state.best


def _state(config, dataset, checkpoint):
    state = TrainingState(config, dataset)
    if checkpoint is not None:
        state.restore(checkpoint)
    return state


def evaluate_run(config: TrainingConfig, best: dict, dataset: Dataset, folder: TrainingFolder) -> None:
    """Classify the whole test set with the network of the best epoch and write the report.

    Parameters
    ----------
    config : TrainingConfig
    best : dict
        What `train_run` returned.
    dataset : Dataset
    folder : TrainingFolder
    """
    predictions = predict(load_model(folder.model_file), torch.tensor(dataset.test_images))
    result = score(predictions, dataset.test_labels)
    report = {
        **{name: result[name] for name in ("accuracy", "confidence_interval_95")},
        "n_test_images": len(dataset.test_images),
        "presented": best["presented"],
        "epoch": best["epoch"],
        "validation_accuracy": best["validation_accuracy"],
        "dataset": dataset.name,
        "architecture": config.architecture,
        "seed": config.seed,
    }
    files.write_json(folder.evaluation_file, report)
    low, high = report["confidence_interval_95"]
    log.info(
        "test accuracy %.2f %% (95 %% interval %.2f to %.2f), %d test images, network of epoch %d; in %s",
        *(100 * report["accuracy"], 100 * low, 100 * high, report["n_test_images"], report["epoch"]),
        folder.evaluation_file,
    )
