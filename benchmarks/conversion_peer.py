"""Time and accuracy of converted networks, side by side with SpikingJelly's ann2snn, in one process.

    pip install --no-deps spikingjelly==2.0.0
    pip install -r benchmarks/requirements-spikingjelly.txt
    python benchmarks/conversion_peer.py results/lenet --dataset mnist --out peer.json
    python benchmarks/conversion_peer.py results/cifar10/resnet20_long.pt --data FOLDER --made-for 4 8 --out peer.json

A network is a run folder of train-cnn, or weights for CIFAR-10 of cifar10_networks.py with the FOLDER of its images.

Both get the same weights, the same training images for their scales, and the same test images in the same batches, on
one thread. stdpnet runs with its defaults, and made for T steps if asked to; SpikingJelly as `spikingjelly_peer` says,
each recipe also with its delayed readout. Accuracies are compared image by image: how many only one of the two gets
right, the exact McNemar test, and Holm's correction. Times are those of the processor, so that other work on the
machine counts little; the repeats are alternated, so that what remains of it meets all. Of SpikingJelly's two step
modes the faster one counts in each repeat. No accuracy decides on a setting.
"""

import argparse
import importlib.metadata
import os
import statistics
import sys
from pathlib import Path

import numpy as np
import spikingjelly_peer as peer
import torch
from contenders import machine
from conversion_sides import MADE, OURS, STEPS, milliseconds, paired, right_answers
from few_steps import answers, network

from stdpnet import datasets
from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError
from stdpnet.commands.process import run_main
from stdpnet.conversion.ann.model_file import load_model
from stdpnet.conversion.ann.training import predict
from stdpnet.conversion.convert import convert
from stdpnet.conversion.grey_levels import as_input
from stdpnet.conversion.importers import import_model
from stdpnet.experiments.ann.folder import TrainingFolder


def parse(arguments):
    """Return the command line, checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="NETWORK", help="run folder of runs/train_cnn.py, or weights, .pt")
    parser.add_argument("--dataset", default="mnist", metavar="NAME", help="data set of the run (default: mnist)")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="train.npz and test.npz of CIFAR-10, for weights")
    parser.add_argument(
        "--made-for", type=int, nargs="*", default=[], choices=STEPS, metavar="T", help="numbers of steps"
    )

    def number(name, default, about):
        parser.add_argument(name, type=int, default=default, metavar="N", help=f"{about} (default: {default})")

    number("--images", 10_000, "test images for the accuracy, the first ones, at most")
    number("--timed", 96, "test images in one timed repeat")
    number("--scale-images", 5000, "training images for the scales, the first ones, at most")
    number("--batch", 32, "images at a time, the same for all")
    number("--repeats", 5, "timed repeats of each, alternated; the median counts")
    parser.add_argument("--out", metavar="FILE.json", help="write the result there as well")
    args = parser.parse_args(arguments)
    for name in ("images", "timed", "scale_images", "batch", "repeats"):
        if getattr(args, name) < 1:
            raise ConfigError(f"--{name.replace('_', '-')} is {getattr(args, name)}; expected at least 1")
    if args.out and not os.access(Path(args.out).resolve().parent, os.W_OK):
        raise ConfigError(f"--out is {args.out}; expected a file in an existing folder that takes files")
    return args


def compared(args):
    """Return a module, images and labels of its training, those of its test, and which of the latter it gets right."""
    if args.model.endswith(".pt"):
        if args.data is None:
            raise ConfigError("--data is not given; expected the folder of CIFAR-10's images for these weights")
        model, mean = network(args.model)
        data = datasets.load_dataset(args.data, colour="planes")
        known, labels = data.train_labels[: args.scale_images], data.test_labels[: args.images]
        shown = data.train_images[: args.scale_images], data.test_images[: args.images]
        scale_images, images = (part.astype(np.float32) / 255 - mean for part in shown)
        return model, scale_images, known, images, labels, answers(model, images) == labels
    model, dataset = load_model(TrainingFolder(args.model).model_file), datasets.load_dataset(args.dataset)
    images = as_input(dataset.test_images[: args.images], model.input_shape)
    scale_images = as_input(dataset.train_images[: args.scale_images], model.input_shape)
    labels, known = dataset.test_labels[: args.images], dataset.train_labels[: args.scale_images]
    right = predict(model, torch.tensor(dataset.test_images[: args.images])) == labels
    return model, scale_images, known, images, labels, right


def main(arguments):
    """Measure, print a table, write the report."""
    args = parse(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    environment = describe(0, "torch") | {"machine": machine()}
    model, scale_images, known, images, labels, right_analogue = compared(args)
    loader = peer.calibration(scale_images, known)
    peers = peer.networks(model, loader)
    starts = {
        name: peer.delays(peers[recipe], loader, STEPS) if delayed else dict.fromkeys(STEPS, 0)
        for name, (recipe, delayed) in peer.CONTENDERS.items()
    }
    graph = import_model(model, images.shape[1:])
    ours = convert(graph, scale_images)
    made = {steps: convert(graph, scale_images, steps=steps) for steps in args.made_for}
    right = right_answers(ours, made, peers, starts, images, labels, args.batch)
    times = milliseconds(ours, peers, images[: args.timed], args.batch, args.repeats)
    analogue = float(right_analogue.mean())
    medians = {name: {steps: statistics.median(ms) for steps, ms in by.items()} for name, by in times.items()}
    print(f"\nanalogue network: {100 * analogue:.2f} % of {len(images)} images\n")
    print(f"| | {' | '.join(f'T = {steps}' for steps in STEPS)} |\n|---|{'---|' * len(STEPS)}")
    for name, by in right.items():
        ms = medians[peer.CONTENDERS[name][0] if name in peer.CONTENDERS else OURS]
        print(f"| {name} | {' | '.join(f'{by[T].mean():.2%}, {ms[T]:.2f} ms' if T in by else '' for T in STEPS)} |")
    if args.out:
        report = environment | {
            "peer_versions": {name: importlib.metadata.version(name) for name in ("spikingjelly", "torch")},
            "settings": vars(args) | {"data": str(args.data)},
            "n_test_images": len(images),
            "n_scale_images": len(scale_images),
            "analogue_accuracy": analogue,
            "accuracy": {name: {end: float(r.mean()) for end, r in by.items()} for name, by in right.items()},
            "first_step_read": starts,
            "paired": {name: paired(right, name) for name in (OURS, MADE) if right[name]},
            "ms_per_image": medians,
            "repeats": times,
        }
        files.write_json(args.out, report)


if __name__ == "__main__":
    sys.exit(run_main(main))
