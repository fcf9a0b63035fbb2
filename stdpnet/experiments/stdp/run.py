"""One run: what must hold before it starts, then training and evaluation into its folder."""

import json
import logging

import numpy as np

from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import flat
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.file_checks import matching_checkpoint
from stdpnet.experiments.stdp.metrics import METRICS
from stdpnet.learning.training import train, training_images
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator

log = logging.getLogger(__name__)


def presentations(config, dataset):
    """Return the number of presentations of a whole training."""
    return config.epochs * len(training_images(config, dataset)[0])


def difference(folder, config, allowed=()):
    """Return how the configuration in a run folder differs, as ``neurons 10, not 11``; empty if it does not.

    Parameters
    ----------
    folder : RunFolder
    config : Config
        The one that is asked for.
    allowed : set of str
        Parameters that may differ.
    """
    stored, asked = (flat(json.loads(one.to_json())) for one in (folder.config(), config))
    for name in stored | asked:
        if name not in allowed and asked.get(name) != stored.get(name):
            return f"{name} {stored.get(name)!r}, not {asked.get(name)!r}"
    return ""


def check_run(config, dataset, folder, resume):
    """Check that a run can start, or go on from its checkpoint, before anything is compiled or written.

    Raises
    ------
    ConfigError
        When more images are asked for than there are.
    RunFolderError
        When the checkpoint is further than asked for or does not fit, another file of the run is damaged, or the
        folder cannot be written.
    """
    if config.images > len(dataset.train_images):
        raise ConfigError(
            f"images is {config.images}; expected at most {len(dataset.train_images)}, the training images of "
            f"{dataset.name}"
        )
    if resume:
        presented = int(matching_checkpoint(config, dataset, folder)["presented"])
        total = presentations(config, dataset)
        folder.environment()  # if it is damaged, say so before config.json is written anew
        if tuple(next(iter(folder.metrics()), METRICS)) != METRICS:
            raise RunFolderError(
                f"{folder.metrics_file}: expected the columns {', '.join(METRICS)}; restore it from a copy"
            )
        if presented > total:
            raise RunFolderError(
                f"{folder.path} already holds {presented} presentations, more than the {total} asked for: raise "
                "--epochs, or leave it out"
            )
    folder.check_writable()


def compile_training(config, dataset, backend):
    """Compile the network of a training, where it is C++: a rule that does not compile is found before it starts."""
    if backend == "cpp":
        open_simulator(network_spec(config, dataset.n_inputs, plastic=True), backend, log.info)


def train_run(config, dataset, folder, backend, resume=False, show_progress=True):
    """Write down what is run, then train. For parameters and result see `train`."""
    files.write_text(folder.config_file, config.to_json())
    files.write_json(folder.environment_file, _environment(config, folder, backend))
    log.info(
        "%s: %d neurons, rule %s, %d presentations of %s, backend %s",
        *(folder.path, config.neurons, config.plasticity.name, presentations(config, dataset), dataset.name, backend),
    )
    blank = np.sum(~training_images(config, dataset)[0].any(axis=1))
    if blank:
        log.warning("%d training images are blank: each is shown once and not repeated", blank)
    return train(config, dataset, folder, backend, resume, show_progress)


def evaluate_run(
    config, checkpoint, dataset, folder, backend, label_images=0, test_images=0, workers=-1, show_progress=True
):
    """Evaluate and write report and predictions. For parameters see `evaluate`."""
    report, arrays = evaluate(
        config, checkpoint, dataset, backend, label_images, test_images, workers, show_progress=show_progress
    )
    files.write_arrays(folder.predictions_file, arrays)
    files.write_json(folder.evaluation_file, report)
    low, high = report["confidence_interval_95"]
    log.info(
        "test accuracy %.2f %% (95 %% interval %.2f to %.2f), %d test images, neurons named from %d training images, "
        "%d of %d neurons unassigned; in %s",
        *(100 * report["accuracy"], 100 * low, 100 * high, report["n_test_images"], report["n_label_images"]),
        *(report["unassigned"], config.neurons, folder.evaluation_file),
    )


def _environment(config, folder, backend):
    """Return the environment of a run; that of a resumption is added to the first one."""
    environment, first = describe(config.seed, backend), folder.environment()
    return first | {"resumed": [*first.get("resumed", []), environment]} if first else environment
