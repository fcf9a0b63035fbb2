"""Train a run folder, then evaluate it."""

import argparse
import json

from stdpnet import datasets
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.logs import log_to
from stdpnet.commands.evaluate import add_evaluation_arguments, add_workers_argument
from stdpnet.commands.flags import add_config_arguments, config_from
from stdpnet.commands.process import interruption
from stdpnet.experiments.results_folder import free_folder
from stdpnet.experiments.stdp.evaluation import check_request
from stdpnet.experiments.stdp.run import check_run, compile_training, difference, evaluate_run, train_run
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.simulation import resolve_backend

#: What may change when a run is resumed: how far it goes and how it is computed, not what it is.
RESUMABLE = {"epochs", "batch"}


def train_command(arguments=None):
    """Train a network without labels, then evaluate it."""
    parser = argparse.ArgumentParser(
        description="Train a spiking network on images without labels, then name its neurons from training labels and "
        "classify the test set. Without arguments: the embedded 5,000 digits, 100 neurons, three epochs. What was "
        "calibrated for a rule and a size (stdpnet/presets) replaces the defaults below, and is replaced by what you "
        "give.",
        epilog="example: python runs/train.py --dataset mnist --neurons 400 --out results/400",
    )
    parser.add_argument("--out", metavar="FOLDER", help="run folder (default: a new one in results/)")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out from its last checkpoint")
    parser.add_argument("--no-evaluation", action="store_true", help="train only")
    add_workers_argument(add_evaluation_arguments(parser))
    add_config_arguments(parser)
    args = parser.parse_args(arguments)
    if args.resume and not args.out:
        raise ConfigError("--resume needs --out FOLDER, the run to continue")

    config = _resumed_config(args) if args.resume else config_from(args)
    folder = RunFolder(args.out or free_folder(f"results/{_name(config)}"))
    if not args.resume and folder.config_file.exists():
        raise RunFolderError(f"{folder.path} already holds a run: add --resume to continue it, or choose another --out")
    backend = resolve_backend(config.backend)
    dataset = datasets.load(config.dataset)
    check_request(dataset, args.label_images, args.test_images, args.workers)
    resume = args.resume and folder.checkpoint_file.exists()  # else it stopped before the first checkpoint
    check_run(config, dataset, folder, resume)
    log_to()
    compile_training(config, dataset, backend)
    folder.prepare()
    log_to(folder.log_file)
    with folder.claim(), interruption(f"runs/train.py --resume --out {folder.path} continues from the last checkpoint"):
        checkpoint = train_run(config, dataset, folder, backend, resume)
        if not args.no_evaluation:
            request = {"label_images": args.label_images, "test_images": args.test_images, "workers": args.workers}
            evaluate_run(config, checkpoint, dataset, folder, backend, **request)


def _resumed_config(args):
    folder = RunFolder(args.out)
    config = config_from(args, base=json.loads(folder.config().to_json()))
    differs = difference(folder, config, allowed=RESUMABLE)
    if differs:
        raise RunFolderError(
            f"{folder.path} was trained with {differs}: leave the flag out to resume it, or choose another --out"
        )
    return config


def _name(config):
    dataset = config.dataset.rstrip("/").rsplit("/", 1)[-1]
    return f"{dataset}_{config.neurons}_{config.plasticity.name}_seed{config.seed}"
