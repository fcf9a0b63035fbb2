"""What the scripts in ``runs/`` do: train a run folder, evaluate a run folder."""

import argparse
import json
import logging

import numpy as np

from stdpnet import datasets, files
from stdpnet.commandline import add_config_arguments, config_from, log_to
from stdpnet.environment import describe
from stdpnet.errors import ConfigError, RunFolderError
from stdpnet.evaluation import check_request, evaluate
from stdpnet.parameters import network_spec
from stdpnet.runfolder import RunFolder, free_folder
from stdpnet.simulation import open_simulator, resolve_backend
from stdpnet.training import matching_checkpoint, train, training_images

log = logging.getLogger(__name__)

#: What may change when a run is resumed: how far it goes and how it is computed, not what it is.
RESUMABLE = {"epochs", "batch"}


def train_command(arguments=None):
    """Train a network without labels, then evaluate it."""
    parser = argparse.ArgumentParser(
        description="Train a spiking network on images without labels, then name its neurons from training labels and "
        "classify the test set. Without arguments: the embedded 5,000 digits, 100 neurons, three epochs.",
        epilog="example: python runs/train.py --dataset mnist --neurons 400 --out results/400",
    )
    parser.add_argument("--out", metavar="FOLDER", help="run folder (default: a new one in results/)")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out from its last checkpoint")
    parser.add_argument("--no-evaluation", action="store_true", help="train only")
    add_evaluation_arguments(parser)
    add_config_arguments(parser)
    args = parser.parse_args(arguments)
    if args.resume and not args.out:
        raise ConfigError("--resume needs --out FOLDER, the run to continue")

    config = _resumed_config(args) if args.resume else config_from(args)
    name = args.out or free_folder(f"results/{_name(config)}")
    folder = RunFolder(name)
    if not args.resume and folder.config_file.exists():
        raise RunFolderError(f"{folder.path} already holds a run: add --resume to continue it, or choose another --out")
    backend = resolve_backend(config.backend)
    dataset = datasets.load(config.dataset)
    if config.images > len(dataset.train_images):
        raise ConfigError(
            f"images is {config.images}; expected at most {len(dataset.train_images)}, the training images of "
            f"{dataset.name}"
        )
    check_request(dataset, args.label_images, args.test_images, args.workers)
    resume = args.resume and folder.checkpoint_file.exists()  # else it stopped before the first checkpoint
    if resume:
        presented = int(matching_checkpoint(config, dataset, folder)["presented"])
        total = config.epochs * len(training_images(config, dataset)[0])
        if presented > total:
            raise RunFolderError(
                f"{folder.path} already holds {presented} presentations, more than the {total} asked for: raise "
                "--epochs, or leave it out"
            )
    folder.check_writable()
    log_to()
    # with C++ a rule that does not compile is reported before anything is written
    open_simulator(network_spec(config, dataset.n_inputs, plastic=True), backend, log.info)
    folder.prepare()
    log_to(folder.log_file)
    files.write_text(folder.config_file, config.to_json())
    files.write_json(folder.environment_file, _environment(config, folder, backend))
    _announce(config, dataset, folder, backend)
    checkpoint = train(config, dataset, folder, backend, resume)
    if not args.no_evaluation:
        _evaluate(args, config, checkpoint, dataset, folder, backend)


def evaluate_command(arguments=None):
    """Name a trained network's neurons from training labels and classify test images."""
    parser = argparse.ArgumentParser(
        description="Evaluate a run: name the neurons from training images, classify the test images, print the "
        "accuracy with its 95 %% confidence interval."
    )
    parser.add_argument("run", metavar="FOLDER", help="run folder of runs/train.py")
    add_evaluation_arguments(parser)
    args = parser.parse_args(arguments)
    folder = RunFolder(args.run)
    config = folder.config()
    dataset = datasets.load(config.dataset)
    checkpoint = matching_checkpoint(config, dataset, folder)
    check_request(dataset, args.label_images, args.test_images, args.workers)
    folder.prepare()
    log_to(folder.log_file)
    _evaluate(args, config, checkpoint, dataset, folder, resolve_backend(config.backend))


def add_evaluation_arguments(parser):
    """Add the flags that training and evaluation share."""
    group = parser.add_argument_group("evaluation")
    group.add_argument(
        "--label-images",
        type=int,
        default=0,
        metavar="N",
        help="training images that name the neurons, the first ones (default: 10,000, or all if there are fewer)",
    )
    group.add_argument("--test-images", type=int, default=0, metavar="N", help="test images (default: all)")
    group.add_argument(
        "--workers", type=int, default=-1, metavar="N", help="processes for labelling and testing (default: all cores)"
    )


def _evaluate(args, config, checkpoint, dataset, folder, backend):
    report, arrays = evaluate(config, checkpoint, dataset, backend, args.label_images, args.test_images, args.workers)
    files.write_arrays(folder.predictions_file, arrays)
    files.write_json(folder.evaluation_file, report)
    low, high = report["confidence_interval_95"]
    log.info(
        "test accuracy %.2f %% (95 %% interval %.2f to %.2f), %d test images, neurons named from %d training images, "
        "%d of %d neurons unassigned; in %s",
        *(100 * report["accuracy"], 100 * low, 100 * high, report["n_test_images"], report["n_label_images"]),
        *(report["unassigned"], config.neurons, folder.evaluation_file),
    )


def _resumed_config(args):
    folder = RunFolder(args.out)
    stored = json.loads(folder.config().to_json())
    config = config_from(args, base=stored)
    asked = json.loads(config.to_json())
    for name in asked:
        if name not in RESUMABLE and asked[name] != stored[name]:
            raise RunFolderError(
                f"{folder.path} was trained with {name} {stored[name]!r}, not {asked[name]!r}: leave the flag out to "
                "resume it, or choose another --out"
            )
    return config


def _environment(config, folder, backend):
    """Return the environment of a run; that of a resumption is added to the first one."""
    environment = describe(config.seed, backend)
    if not folder.environment_file.exists():
        return environment
    first = files.read_json(folder.environment_file)
    return first | {"resumed": [*first.get("resumed", []), environment]}


def _name(config):
    dataset = config.dataset.rstrip("/").rsplit("/", 1)[-1]
    return f"{dataset}_{config.neurons}_{config.plasticity.name}_seed{config.seed}"


def _announce(config, dataset, folder, backend):
    n = config.epochs * len(training_images(config, dataset)[0])
    log.info(
        "%s: %d neurons, rule %s, %d presentations of %s, backend %s",
        *(folder.path, config.neurons, config.plasticity.name, n, dataset.name, backend),
    )
    blank = np.sum(~training_images(config, dataset)[0].any(axis=1))
    if blank:
        log.warning("%d training images are blank: each is shown once and not repeated", blank)
