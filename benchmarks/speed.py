"""Time one training presentation three ways, side by side: plain Brian2, stdpnet, and a fused C++ loop.

    python benchmarks/speed.py --neurons 400 --out speed.json

All three start from the same trained weights, thresholds and delays, and see the same images.
The repeats are interleaved, so that a change of the machine's load meets all of them.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

from fused import FusedLoop
from ours import Ours
from plain_process import PlainProcess
from tqdm import tqdm

from stdpnet import Config, datasets, files
from stdpnet.commandline import run_main
from stdpnet.environment import describe
from stdpnet.errors import ConfigError, SimulationError
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation.compiler import find_compiler

YARDSTICK = Path(__file__).resolve().parents[2] / "shared" / "yardstick"
PLAIN, OURS, STEADY, FUSED = "plain Brian2", "stdpnet", "stdpnet without start-up", "fused C++ loop"


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


def fused_source(folder):
    """Return the path of the fused loop's source, or None where there is none."""
    source = Path(folder or YARDSTICK) / "fused_loop.cpp"
    if source.is_file():
        return source
    if folder:
        raise ConfigError(f"--yardstick is {folder}; expected a folder with fused_loop.cpp")
    print("no fused C++ loop at hand: left out (--yardstick FOLDER names one)")
    return None


def measure(args, config, images):
    """Return, for each contender, the list of (ms, spikes) per presentation."""
    source, ours = fused_source(args.yardstick), Ours(config, images.shape[1])
    long, short = images[: args.presentations], images[: args.presentations // 10]
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
            (seconds, spikes), (start_up, few) = ours.present(long), ours.present(short)
            note(OURS, seconds, spikes, len(long))
            note(STEADY, seconds - start_up, spikes - few, len(long) - len(short))
            if fused:
                note(FUSED, *fused.present(long), len(long))
            bar.update()
        plain.close()
    return results


def machine():
    """Return processor, cores, load and compiler."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    version = subprocess.run([find_compiler(), "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "compiler": version.splitlines()[0],
    }


def main(arguments=None):
    """Measure, print a table, write JSON."""
    args = parse(arguments)
    config = Config(neurons=args.neurons, delays=not args.no_delays)
    if find_compiler() is None:
        raise SimulationError("no C++ compiler found: install g++ or clang++; all three contenders need one")
    images = datasets.load(config.dataset).train_images
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
