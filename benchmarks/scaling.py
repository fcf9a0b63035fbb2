"""Time, memory and build time against the number of neurons, side by side with other ways to run the network.

    python benchmarks/scaling.py --neurons 100 400 1600 6400 --out benchmarks/scaling

For each size, with and without delays, for each rule. All contenders start from the same trained
weights, thresholds and delays (BindsNET from its own) and see the same images; the repeats are
interleaved. Writes ``scaling.json``, after each size anew, and ``scaling.png``.
"""

import argparse
import itertools
import os
import sys
from pathlib import Path

import bindsnet_peer
from contenders import FUSED, OURS, PEER, PLAIN, STANDALONE, STEADY, fused_source, machine, measure
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator
from tqdm import tqdm

from stdpnet import Config, datasets
from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError, SimulationError
from stdpnet.commands.process import run_main
from stdpnet.network.spec import CAPACITY
from stdpnet.rules import RULES
from stdpnet.simulation.compiler import find_compiler

COLOURS = {PLAIN: "C1", PEER: "C4", STANDALONE: "C2", OURS: "C0", STEADY: "C9", FUSED: "0.4"}
STYLES = {True: "-", False: "--"}


def parse(arguments):
    """Return the command line, checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)

    def number(name, default, about):
        parser.add_argument(name, type=int, default=default, metavar="N", help=f"{about} (default: {default})")

    parser.add_argument("--neurons", type=int, nargs="+", default=[100, 400, 1600, 6400], metavar="N")
    number("--presentations", 0, f"presentations in one batch, 10 to {CAPACITY}; 0: fewer for larger networks")
    number("--warm-up", 200, f"presentations that train the common starting state, at most {CAPACITY}")
    number("--repeats", 3, "interleaved repeats; the median counts")
    number("--plain-limit", 1600, "most neurons for plain cpp_standalone")
    number("--runtime-limit", 400, "most neurons for plain runtime Brian2 and BindsNET")
    parser.add_argument("--yardstick", metavar="FOLDER", help="folder with fused_loop.cpp")
    parser.add_argument("--out", default="scaling", metavar="PREFIX", help="PREFIX.json and PREFIX.png are written")
    args = parser.parse_args(arguments)
    for name, low, high in (("warm_up", 1, CAPACITY), ("repeats", 1, 1000), ("presentations", 10, CAPACITY)):
        value = getattr(args, name)
        if not low <= value <= high and not (name == "presentations" and value == 0):
            raise ConfigError(f"--{name.replace('_', '-')} is {value}; expected {low} to {high}")
    if not os.access(Path(args.out).resolve().parent, os.W_OK):
        raise ConfigError(f"--out is {args.out}; expected the start of a file name in a folder that takes files")
    return args


def show_table(results):
    """Print one line for each network and contender."""
    print(f"\n{'rule':12}{'neurons':>8}{'delays':>8}  {'':26}{'ms/present.':>12}{'time / stdpnet':>16}")
    for found in results:
        for name, ms in found["ms_per_presentation"].items():
            network = f"{found['rule']:12}{found['neurons']:8}{'yes' if found['delays'] else 'no':>8}"
            print(f"{network}  {name:26}{ms:12.3f}{ms / found['ms_per_presentation'][OURS]:16.2f}")
        print(f"{'':30}built in {found['build_seconds']:.1f} s; peak memory {found['peak_memory_mb']:.0f} MB")


def curves(ax, results, value, colour):
    """Plot one contender's values, with and without delays."""
    for delays, style in STYLES.items():
        points = [(found["neurons"], value(found)) for found in results if found["delays"] is delays]
        points = sorted(point for point in points if point[1] is not None)
        ax.plot(*zip(*points, strict=True) if points else ((), ()), style, marker="o", ms=4, color=colour)


def decorate(ax, neurons, label, title):
    """Logarithmic axes, with a tick at each number of neurons that was measured."""
    ax.set(xscale="log", yscale="log", xlabel="excitatory neurons", ylabel=label, title=title)
    ax.set_xticks(neurons, [f"{n:,}" for n in neurons])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,g}"))
    ax.spines[["top", "right"]].set_visible(False)


def draw(results, path):
    """Draw a panel of times for each rule and one of memory, and save the figure."""
    rules = list(dict.fromkeys(found["rule"] for found in results))
    neurons = sorted({found["neurons"] for found in results})
    figure = Figure(figsize=(5.2 * len(rules) + 3.6, 4.4), layout="constrained")
    panels = figure.subplots(1, len(rules) + 1, width_ratios=[5] * len(rules) + [3])
    shown = [name for name in COLOURS if any(name in found["ms_per_presentation"] for found in results)]
    for ax, rule in zip(panels, rules, strict=False):
        of_rule = [found for found in results if found["rule"] == rule]
        for name in shown:
            curves(ax, of_rule, lambda found, name=name: found["ms_per_presentation"].get(name), COLOURS[name])
        decorate(ax, neurons, "ms per training presentation", f"{rule} rule")
        if ax is not panels[0]:
            ax.sharey(panels[0])
        curves(panels[-1], of_rule, lambda found: found["peak_memory_mb"], COLOURS[OURS])
    decorate(panels[-1], neurons, "peak memory (MB)", f"memory of {OURS}'s program")
    handles = [Line2D([], [], color=COLOURS[name], marker="o", ms=4, label=name) for name in shown]
    handles += [Line2D([], [], color="k", ls=STYLES[d], label=("with" if d else "without") + " delays") for d in STYLES]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
    figure.savefig(path, dpi=150)


def main(arguments=None):
    """Measure, print a table, write JSON and a figure."""
    args = parse(arguments)
    networks = [
        Config(neurons=n, delays=delays, rule=rule)
        for n, rule, delays in itertools.product(args.neurons, RULES, (False, True))
    ]
    if find_compiler() is None:
        raise SimulationError("no C++ compiler found: install g++ or clang++; all contenders but BindsNET need one")
    report = describe(networks[0].seed, "cpp") | {"machine": machine(), "settings": vars(args).copy(), "results": []}
    args.fused, args.peer = fused_source(args.yardstick), bindsnet_peer.available()
    report["versions"] |= bindsnet_peer.versions() if args.peer else {}
    images = datasets.load_dataset(networks[0].dataset).train_images
    with tqdm(total=len(networks) * (1 + args.repeats), unit="step", dynamic_ncols=True) as bar:
        for config in networks:
            bar.set_description(
                f"{config.rule}, {config.neurons} neurons, {'delays' if config.delays else 'no delays'}"
            )
            report["results"].append(measure(args, config, images.reshape(len(images), -1), bar))
            files.write_json(f"{args.out}.json", report)
    show_table(report["results"])
    draw(report["results"], f"{args.out}.png")


if __name__ == "__main__":
    sys.exit(run_main(main))
