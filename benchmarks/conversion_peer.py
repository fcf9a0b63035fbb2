"""Time and accuracy of converted networks, side by side with SpikingJelly's ann2snn, in one process.

    pip install -r benchmarks/requirements-spikingjelly.txt
    python benchmarks/conversion_peer.py results/lenet --dataset mnist --out peer.json

Both get the same weights, the same training images for their scales, and the same test images, on one thread.
SpikingJelly runs with its maximum mode, with the 99.9 % of its tutorial (RobustNorm), and with its recipe of local
threshold balancing, each read out by summing the output from the first step on, as its example does. The repeats
are alternated, so that a change of the machine's load meets all of them. No accuracy decides on a setting.
"""

import argparse
import copy
import importlib.metadata
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
from contenders import machine

from stdpnet import datasets, files
from stdpnet.commandline import run_main
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.simulation.torch_simulator import simulate
from stdpnet.conversion.source import as_input
from stdpnet.conversion.spiking import convert
from stdpnet.conversion.supervised.folder import SupervisedFolder
from stdpnet.conversion.supervised.modelfile import load_model
from stdpnet.environment import describe
from stdpnet.errors import ConfigError
from stdpnet.progress import progress_bar

STEPS = (8, 16, 32, 64)
OURS = "stdpnet"


def parse(arguments):
    """Return the command line, checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="FOLDER", help="run folder of runs/train_cnn.py")
    parser.add_argument("--dataset", default="mnist", metavar="NAME", help="its data set (default: mnist)")

    def number(name, default, about):
        parser.add_argument(name, type=int, default=default, metavar="N", help=f"{about} (default: {default})")

    number("--images", 1000, "test images for the accuracy, the first ones")
    number("--timed", 128, "test images in one timed repeat")
    number("--scale-images", 500, "training images for the scales, the first ones")
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


def spikingjelly(model, images, labels):
    """Return SpikingJelly's networks by name of the setting."""
    try:
        from spikingjelly.activation_based import ann2snn
    except ImportError as error:
        install = Path(__file__).with_name("requirements-spikingjelly.txt")
        raise ConfigError(f"SpikingJelly cannot be imported ({error}): pip install -r {install}") from None
    pairs = torch.utils.data.TensorDataset(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))
    loader = torch.utils.data.DataLoader(pairs, batch_size=100)
    recipes = {
        "SpikingJelly max": ann2snn.RateCodingRecipe(dataloader=loader, mode="max"),
        "SpikingJelly 99.9 %": ann2snn.RateCodingRecipe(dataloader=loader, mode="99.9%"),
        "SpikingJelly LTB": ann2snn.LocalThresholdBalancingRecipe(dataloader=loader),
    }
    return {
        name: ann2snn.FXConverter(recipe=recipe, device="cpu").convert(copy.deepcopy(model)).eval()
        for name, recipe in recipes.items()
    }


@torch.no_grad()
def peer_predictions(network, images, steps, batch):
    """Return the class after each step, as SpikingJelly's example reads it: the sum of the outputs."""
    from spikingjelly.activation_based import functional

    found = []
    for part in torch.from_numpy(images).split(batch):
        functional.reset_net(network)
        total, after = 0, []
        for _ in range(steps):
            total = total + network(part)
            after.append(total.argmax(dim=1).numpy())
        found.append(np.stack(after, axis=1))
    return np.concatenate(found)


def measure(args, contenders, images, labels):
    """Return for each contender the accuracy after some steps, and the milliseconds per image of each repeat."""
    accuracy, times = {}, {name: {steps: [] for steps in STEPS} for name in contenders}
    total = len(contenders) * (len(images) + args.repeats * len(STEPS) * args.timed)
    with progress_bar(total, 0, "accuracy") as bar:
        for name, show in contenders.items():
            predictions = show(images, max(STEPS))  # which also warms up
            accuracy[name] = {steps: float((predictions[:, steps - 1] == labels).mean()) for steps in STEPS}
            bar.update(len(images))
        bar.set_description("time")
        for _ in range(args.repeats):
            for steps in STEPS:
                for name, show in contenders.items():
                    start = time.perf_counter()
                    show(images[: args.timed], steps)
                    times[name][steps].append(1e3 * (time.perf_counter() - start) / args.timed)
                    bar.update(args.timed)
    return accuracy, times


def main(arguments):
    """Measure, print a table, write the report."""
    args = parse(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = load_model(SupervisedFolder(args.model).model_file)
    dataset = datasets.load(args.dataset)
    images = as_input(dataset.test_images[: args.images], model.input_shape)
    scale_images = as_input(dataset.train_images[: args.scale_images], model.input_shape)
    labels = dataset.test_labels[: args.images]
    peers = spikingjelly(model, scale_images, dataset.train_labels[: args.scale_images])
    ours = convert(simplify(import_model(model, model.input_shape)), scale_images)
    contenders = {OURS: lambda shown, steps: simulate(ours, shown, steps, batch=args.batch).predictions}
    for name, network in peers.items():
        contenders[name] = lambda shown, steps, network=network: peer_predictions(network, shown, steps, args.batch)
    accuracy, times = measure(args, contenders, images, labels)
    with torch.no_grad():
        analogue = float((model(torch.from_numpy(images)).argmax(dim=1).numpy() == labels).mean())
    medians = {name: {steps: statistics.median(ms) for steps, ms in by.items()} for name, by in times.items()}
    print(f"\nanalogue network: {100 * analogue:.2f} % of {len(images)} images\n")
    print(f"| T | {' | '.join(contenders)} |\n|---|{'---|' * len(contenders)}")
    for steps in STEPS:
        cells = [f"{100 * accuracy[name][steps]:.2f} %, {medians[name][steps]:.2f} ms" for name in contenders]
        print(f"| {steps} | {' | '.join(cells)} |")
    if args.out:
        versions = {name: importlib.metadata.version(name) for name in ("spikingjelly", "torch")}
        report = describe(0, "torch") | {
            "machine": machine(),
            "peer_versions": versions,
            "settings": vars(args),
            "analogue_accuracy": analogue,
            "accuracy": accuracy,
            "ms_per_image": medians,
            "repeats": times,
        }
        files.write_json(args.out, report)


if __name__ == "__main__":
    sys.exit(run_main(main))
