"""Evaluate a run folder."""

import argparse
from collections.abc import Sequence

from stdpnet.base.logs import log_to
from stdpnet.commands.process import called, command_parser
from stdpnet.datasets import load_dataset
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.request import LABEL_IMAGES
from stdpnet.readouts import READOUTS


def evaluate_command(arguments: Sequence[str] | None = None) -> None:
    """Name a trained network's neurons from training labels and classify test images.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    StdpnetError
        When a flag or the folder is not usable; nothing is written then.
    """
    parser = command_parser(
        "evaluate",
        "Evaluate a run: name the neurons from training images, classify the test images, print the accuracy with its "
        "95 % confidence interval. It is that of the mean response per class, the readout of Diehl & Cook 2015; "
        f"evaluation.json has those of all readouts: {', '.join(r.name for r in READOUTS)}.",
        "results/400 --label-images 4000",
    )
    parser.add_argument("run", metavar="FOLDER", help=f"run folder of {called('train')}")
    parser.add_argument(
        "--dataset", metavar="NAME", help="where the images of the run are now (default: where they were)"
    )
    add_workers_argument(add_evaluation_arguments(parser))
    args = parser.parse_args(arguments)
    log_to()
    asked = {"label_images": args.label_images, "test_images": args.test_images, "workers": args.workers}
    evaluate(args.run, load_dataset(args.dataset) if args.dataset else None, **asked)


def add_evaluation_arguments(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
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


def add_workers_argument(group: argparse._ArgumentGroup) -> None:
    """Add the flag for the processes of one evaluation."""
    group.add_argument(
        "--workers", type=int, default=-1, metavar="N", help="processes for labelling and testing (default: all cores)"
    )
