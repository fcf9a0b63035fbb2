"""One supervised run: training and evaluation into its folder."""

import logging

import torch

from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.scoring import score
from stdpnet.conversion.ann.model_file import load_model
from stdpnet.conversion.ann.state import TrainingState
from stdpnet.conversion.ann.training import predict, train

log = logging.getLogger(__name__)


def check_run(config, dataset, folder, checkpoint):
    """Check that a training can start, or go on from its checkpoint, before anything is written.

    Raises
    ------
    ConfigError
        When the data set does not fit the configuration.
    ConversionError
        When there is a checkpoint but no whole network of the best epoch so far.
    RunFolderError
        When the checkpoint does not fit, or the folder cannot be written.
    """
    with torch.random.fork_rng(devices=[]):
        state = TrainingState(config, dataset)
        if checkpoint is not None:
            state.restore(checkpoint)
            load_model(folder.model_file)
    folder.check_writable()


def train_run(config, dataset, folder, checkpoint=None, show_progress=True):
    """Write down what is run, then train. For parameters and result see `train`."""
    environment = describe(config.seed, "torch") | {"threads": torch.get_num_threads()}
    environment["versions"]["torch"] = torch.__version__
    files.write_text(folder.config_file, config.to_json())
    folder.write_environment(environment)
    log.info("%s: %s, %d epochs of %s", folder.path, config.architecture, config.epochs, dataset.name)
    return train(config, dataset, folder, checkpoint, show_progress)


def evaluate_run(config, best, dataset, folder):
    """Classify the whole test set with the network of the best epoch and write the report.

    Parameters
    ----------
    config : TrainingConfig
    best : dict
        What `train` returned.
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
