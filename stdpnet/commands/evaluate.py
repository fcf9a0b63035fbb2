"""Evaluate a run folder."""

import argparse

from stdpnet import datasets
from stdpnet.base.logs import log_to
from stdpnet.experiments.stdp.evaluation import check_request
from stdpnet.experiments.stdp.file_checks import matching_checkpoint
from stdpnet.experiments.stdp.run import evaluate_run
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.readouts import READOUTS
from stdpnet.simulation import resolve_backend


def evaluate_command(arguments=None):
    """Name a trained network's neurons from training labels and classify test images."""
    parser = argparse.ArgumentParser(
        description="Evaluate a run: name the neurons from training images, classify the test images, print the "
        "accuracy with its 95 % confidence interval. It is that of the mean response per class, the readout of Diehl & "
        f"Cook 2015; evaluation.json has those of all readouts: {', '.join(r.name for r in READOUTS)}."
    )
    parser.add_argument("run", metavar="FOLDER", help="run folder of runs/train.py")
    add_workers_argument(add_evaluation_arguments(parser))
    args = parser.parse_args(arguments)
    folder = RunFolder(args.run)
    config = folder.config()
    dataset = datasets.load(config.dataset)
    checkpoint = matching_checkpoint(config, dataset, folder)
    check_request(dataset, args.label_images, args.test_images, args.workers)
    backend = resolve_backend(config.backend)
    folder.prepare()
    log_to(folder.log_file)
    with folder.claim():
        request = {"label_images": args.label_images, "test_images": args.test_images, "workers": args.workers}
        evaluate_run(config, checkpoint, dataset, folder, backend, **request)


def add_evaluation_arguments(parser):
    """Add the flags of every evaluation and return their group."""
    group = parser.add_argument_group("evaluation")
    group.add_argument(
        "--label-images",
        type=int,
        default=0,
        metavar="N",
        help="training images that name the neurons, the first ones (default: 10,000, or all if there are fewer)",
    )
    group.add_argument("--test-images", type=int, default=0, metavar="N", help="test images (default: all)")
    return group


def add_workers_argument(group):
    """Add the flag for the processes of one evaluation."""
    group.add_argument(
        "--workers", type=int, default=-1, metavar="N", help="processes for labelling and testing (default: all cores)"
    )
