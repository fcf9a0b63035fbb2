"""A training presentation on one core and on several: the same network, repeats interleaved.

    python benchmarks/threads.py --neurons 400 1600 6400 --out threads.json

Batches of the length that a training has would be dear at 6,400 neurons: the start of the program is measured by a
batch of one presentation, and taken off.
"""

import argparse
import statistics

from contenders import machine
from joblib import cpu_count
from ours import Ours
from tqdm import tqdm

from stdpnet import Config, datasets
from stdpnet.base import files
from stdpnet.commands.process import run_main
from stdpnet.simulation.standalone import StandaloneSimulator


def parse(arguments):
    """Return the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--neurons", type=int, nargs="+", default=[400, 1600, 6400], metavar="N")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, cpu_count()], metavar="N")
    parser.add_argument("--rule", default="triplet")
    parser.add_argument("--delays", action="store_true")
    parser.add_argument("--presentations", type=int, default=200, metavar="N")
    parser.add_argument("--warm-up", type=int, default=200, metavar="N", help="presentations before those measured")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="the median counts")
    parser.add_argument("--out", default="threads.json", metavar="FILE")
    return parser.parse_args(arguments)


def measured(args, neurons, images):
    """Return the milliseconds of a presentation by number of threads."""
    network = Ours(Config(neurons=neurons, rule=args.rule, delays=args.delays), images.shape[1])
    network.present(images[-args.warm_up :], keep=True)
    folder, times = network.simulator.folder, {threads: [] for threads in args.threads}
    for _ in tqdm(range(args.repeats), f"{neurons} neurons"):
        for threads, found in times.items():
            network.simulator = StandaloneSimulator(folder, threads)
            start, _ = network.present(images[:1])
            whole, _ = network.present(images[: args.presentations])
            found.append(1e3 * (whole - start) / (args.presentations - 1))
    return {threads: statistics.median(found) for threads, found in times.items()}


def main(arguments=None):
    """Measure each size and write the file after it."""
    args = parse(arguments)
    images = datasets.load_dataset("mnist-5k").train_images
    images, results = images.reshape(len(images), -1), []
    for neurons in args.neurons:
        found = measured(args, neurons, images)
        first = found[args.threads[0]]
        results.append({"neurons": neurons, "ms_per_presentation": {str(k): ms for k, ms in found.items()}})
        print(
            neurons, *(f"{threads} threads: {ms:.2f} ms, {ms / first:.2f}" for threads, ms in found.items()), sep="  "
        )
        files.write_json(args.out, {"options": vars(args), "machine": machine(), "results": results})


if __name__ == "__main__":
    run_main(main)
