"""Train and evaluate every combination of rules, sizes and seeds."""

import argparse
import sys
from itertools import product

from stdpnet.base.errors import ConfigError
from stdpnet.base.logs import log_to
from stdpnet.commands.evaluate import add_evaluation_arguments
from stdpnet.commands.flags import add_config_arguments, config_from
from stdpnet.commands.process import interruption
from stdpnet.experiments.sweeps.sweep import sweep
from stdpnet.rules import RULES

#: Flags of a single run that stand for one of several here.
PLURALS = {"rule": "--rules", "seed": "--seeds"}


def sweep_command(arguments=None):
    """Train and evaluate every combination of rules, sizes and seeds, side by side."""
    parser = argparse.ArgumentParser(
        description="Train and evaluate every combination of rules, numbers of neurons and seeds, side by side on all "
        "cores. Each is a run folder {rule}_{neurons}_seed{seed} as runs/train.py makes it; sweep.csv has a row for "
        "each. The same command skips what is finished and continues the rest from its checkpoints. All other flags "
        "are those of runs/train.py and hold for every run.",
        epilog="example: python runs/sweep.py --dataset mnist --neurons 100 400 1600 --rules all --seeds 3 "
        "--out results/sweep",
        conflict_handler="resolve",
        allow_abbrev=False,
    )
    group = parser.add_argument_group("sweep")
    add_evaluation_arguments(parser)
    add_config_arguments(parser)
    group.add_argument("--out", metavar="FOLDER", required=True, help="folder of the sweep, new or begun")
    group.add_argument(
        "--neurons",
        type=int,
        nargs="+",
        metavar="N",
        default=argparse.SUPPRESS,
        help="excitatory neurons, one or several numbers (default: as runs/train.py)",
    )
    group.add_argument(
        "--rules",
        nargs="+",
        metavar="NAME",
        help=f"plasticity rules: names, .toml files, or all: {', '.join(RULES)} (default: as runs/train.py)",
    )
    group.add_argument("--seeds", type=int, metavar="N", help="number of seeds: 0, 1, ... (default: as runs/train.py)")
    group.add_argument("--jobs", type=int, default=-1, metavar="N", help="runs at a time (default: one for each core)")
    for flag in PLURALS:
        parser.add_argument(f"--{flag}", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    log_to()
    with interruption("the same command goes on from the last checkpoints"):
        asked = {"label_images": args.label_images, "test_images": args.test_images}
        rows = sweep(configurations(args), args.out, **asked, jobs=args.jobs)
    failed = [row["folder"] for row in rows if row["status"] == "failed"]
    print(f"{args.out}/sweep.csv")
    if failed:
        print(f"{len(failed)} of {len(rows)} runs failed, see error.txt in {', '.join(failed)}", file=sys.stderr)
        sys.exit(1)


def configurations(args):
    """Return the configuration of every run that a command line asks for.

    Raises
    ------
    ConfigError
        When a flag of a single run is given, when there are no seeds, or as for a single run.
    """
    for flag, plural in PLURALS.items():
        if flag in args:
            raise ConfigError(f"--{flag} {getattr(args, flag)} is for a single run: give {plural} instead")
    axes = {"neurons": args.neurons} if "neurons" in args else {}
    if args.rules is not None:
        axes["rule"] = [name for rule in args.rules for name in (RULES if rule == "all" else [rule])]
    if args.seeds is not None:
        if args.seeds < 1:
            raise ConfigError(f"seeds is {args.seeds}; expected at least 1")
        axes["seed"] = range(args.seeds)
    return [
        config_from(argparse.Namespace(**vars(args) | dict(zip(axes, values, strict=True))))
        for values in product(*axes.values())
    ]
