"""Time one training presentation three ways, side by side: plain Brian2, stdpnet, and a fused C++ loop.

    python benchmarks/speed.py --neurons 400 --out speed.json

All three start from the same trained weights, thresholds and delays, and see the same images.
The repeats are interleaved, so that a change of the machine's load meets all of them.
"""

import argparse
import os
import statistics
import sys
from pathlib import Path

from contenders import FUSED, OURS, PLAIN, STEADY, fused_source, long_and_short, machine
from fused import FusedLoop
from ours import Ours
from plain_process import PlainProcess
from tqdm import tqdm

from stdpnet import Config, datasets
from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError, SimulationError
from stdpnet.commands.process import run_main
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation.compiler import find_compiler


def parse(arguments):
    """Return the command line, checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)

    def number(name, default, about):
        parser.add_argument(name, type=int, default=default, metavar="N", help=f"{about} (default: {default})")

    number("--neurons", 400, "excitatory neurons")
    number("--presentations", CAPACITY, f"presentations in one batch of stdpnet and the fused loop, 10 to {CAPACITY}")
    number("--plain-presentations", 10, "presentations in one repeat of plain Brian2, after 2 to warm up")
    number("--warm-up", 1000, f"presentations that train the common starting state, at most {CAPACITY}")
    number("--repeats", 3, "interleaved repeats; the median counts")
    parser.add_argument("--no-delays", action="store_true", help="without delays of the input synapses")
    parser.add_argument("--yardstick", metavar="FOLDER", help="folder with fused_loop.cpp")
    parser.add_argument("--out", metavar="FILE.json", help="write the result there as well")
    args = parser.parse_args(arguments)
    for name, low, high in (
        *(("presentations", 10, CAPACITY), ("warm_up", 1, CAPACITY)),
        *(("plain_presentations", 1, 1000), ("repeats", 1, 1000)),
    ):
        if not low <= getattr(args, name) <= high:
            raise ConfigError(f"--{name.replace('_', '-')} is {getattr(args, name)}; expected {low} to {high}")
    if args.out and not os.access(Path(args.out).resolve().parent, os.W_OK):
        raise ConfigError(f"--out is {args.out}; expected a file in an existing folder that takes files")
    return args


def measure(args, config, images):
    """Return, for each contender, the list of (ms, spikes) per presentation."""
    source, ours = fused_source(args.yardstick), Ours(config, images.shape[1])
    batch = images[: args.presentations]
    results = {PLAIN: [], OURS: [], STEADY: []} | ({FUSED: []} if source else {})

    def note(name, seconds, spikes, n):
        results[name].append((1e3 * seconds / n, spikes / n))

    with tqdm(total=2 + args.repeats, desc="common starting state", unit="step", dynamic_ncols=True) as bar:
        ours.present(images[-args.warm_up :], keep=True)
        bar.update()
        bar.set_description("plain Brian2 compiles, minutes the first time")
        plain = PlainProcess(config, ours.state)
        plain.present(images[:2])
        fused = source and FusedLoop(source, config, ours.state)
        bar.update()
        bar.set_description("repeats")
        for repeat in range(args.repeats):
            first = 2 + repeat * args.plain_presentations
            part = images.take(range(first, first + args.plain_presentations), axis=0, mode="wrap")
            note(PLAIN, *plain.present(part), len(part))
            for name, shown in zip((OURS, STEADY), long_and_short(ours, batch), strict=True):
                note(name, *shown)
            if fused:
                note(FUSED, *fused.present(batch), len(batch))
            bar.update()
        plain.close()
    return results


def main(arguments=None):
    """Measure, print a table, write JSON."""
    args = parse(arguments)
    config = Config(neurons=args.neurons, delays=not args.no_delays)
    if find_compiler() is None:
        raise SimulationError("no C++ compiler found: install g++ or clang++; all three contenders need one")
    images = datasets.load_dataset(config.dataset).train_images
    results = measure(args, config, images.reshape(len(images), -1))
    medians = {name: statistics.median(ms for ms, _ in runs) for name, runs in results.items()}
    delays = f"delays below {config.connections.delay_max:g} ms" if config.delays else "no delays"
    print(f"\n{args.neurons} neurons, {delays}, median of {args.repeats}; one presentation is 500 ms of network time\n")
    print(f"{'':26}{'ms/presentation':>16}{'spikes':>9}{'time / stdpnet':>16}")
    for name, runs in results.items():
        spikes = statistics.median(count for _, count in runs)
        print(f"{name:26}{medians[name]:16.2f}{spikes:9.1f}{medians[name] / medians[OURS]:16.2f}")
    print(f"\nstdpnet: batches of {args.presentations} presentations, start of the program and its files included")
    report = describe(config.seed, "cpp") | {
        "machine": machine(),
        "settings": vars(args),
        "ms_per_presentation": medians,
        "repeats": {name: [ms for ms, _ in runs] for name, runs in results.items()},
        "spikes_per_presentation": {name: [count for _, count in runs] for name, runs in results.items()},
        "plain_over_stdpnet": medians[PLAIN] / medians[OURS],
        "stdpnet_over_fused": medians[OURS] / medians[FUSED] if FUSED in medians else None,
    }
    if args.out:
        files.write_json(args.out, report)


if __name__ == "__main__":
    sys.exit(run_main(main))
