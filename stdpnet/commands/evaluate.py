"""Evaluate a run folder."""

import argparse

from stdpnet.base.logs import log_to
from stdpnet.experiments.stdp.evaluation import LABEL_IMAGES, evaluate
from stdpnet.readouts import READOUTS


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
    log_to()
    asked = {"label_images": args.label_images, "test_images": args.test_images, "workers": args.workers}
    evaluate(args.run, **asked)


def add_evaluation_arguments(parser):
    """Add the flags of every evaluation and return their group."""
    group = parser.add_argument_group("evaluation")
    group.add_argument(
        "--label-images",
        type=int,
        default=0,
        metavar="N",
        help=f"training images that name the neurons, the first ones (default: {LABEL_IMAGES:,}, or all if there are "
        "fewer)",
    )
    group.add_argument("--test-images", type=int, default=0, metavar="N", help="test images (default: all)")
    return group


def add_workers_argument(group):
    """Add the flag for the processes of one evaluation."""
    group.add_argument(
        "--workers", type=int, default=-1, metavar="N", help="processes for labelling and testing (default: all cores)"
    )
