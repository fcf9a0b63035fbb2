"""Train and evaluate every combination of rules, sizes and seeds."""

import argparse
import logging
import sys
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from stdpnet.base.errors import ConfigError
from stdpnet.base.logs import log_to
from stdpnet.base.tables import as_text
from stdpnet.commands.evaluate import add_evaluation_arguments
from stdpnet.commands.flags import SOURCES, add_config_arguments, config_from
from stdpnet.commands.process import called, command_parser, interruption
from stdpnet.experiments.sweeps.mechanisms import MECHANISMS, without
from stdpnet.experiments.sweeps.paired import over_seeds
from stdpnet.experiments.sweeps.sweep import sweep
from stdpnet.learning.config import Config
from stdpnet.rules import RULES

log = logging.getLogger(__name__)

#: Flags of a single run that stand for one of several here.
PLURALS = {"rule": "--rules", "seed": "--seeds"}


def sweep_command(arguments: Sequence[str] | None = None) -> None:
    """Train and evaluate every combination of rules, sizes and seeds, side by side.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    StdpnetError
        When a flag, a data set or the folder is not usable; nothing is written then.
    SystemExit
        With code 1 when runs failed.
    """
    single = called("train")
    parser = command_parser(
        "sweep",
        "Train and evaluate every combination of rules, numbers of neurons and seeds, side by side on all cores. Each "
        f"is a run folder {{rule}}_{{neurons}}_seed{{seed}} as {single} makes it; sweep.csv has a row for each. The "
        "same command skips what is finished and continues the rest from its checkpoints. All other flags are those of "
        f"{single} and hold for every run. {SOURCES}",
        "--dataset mnist --neurons 100 400 1600 --rules all --seeds 3 --out results/sweep",
        usage="--out FOLDER [--neurons N ...] [--rules NAME ...] [--seeds N] [other flags]",
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
        help=f"excitatory neurons, one or several numbers (default: as {single})",
    )
    group.add_argument(
        "--rules",
        nargs="+",
        metavar="NAME",
        help=f"plasticity rules: names, .toml files, or all: {', '.join(RULES)} (default: as {single})",
    )
    group.add_argument("--seeds", type=int, metavar="N", help=f"number of seeds: 0, 1, ... (default: as {single})")
    group.add_argument(
        "--without",
        nargs="+",
        default=[],
        metavar="NAME",
        help="beside each network one that lacks a mechanism, with the same seed; names, or all: "
        + "; ".join(f"{name}: {mechanism.about}" for name, mechanism in MECHANISMS.items()),
    )
    group.add_argument("--jobs", type=int, default=-1, metavar="N", help="runs at a time (default: one for each core)")
    for flag in PLURALS:
        parser.add_argument(f"--{flag}", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    log_to()
    with interruption("the same command goes on from the last checkpoints"):
        asked = {"label_images": args.label_images, "test_images": args.test_images}
        configs = configurations(args)
        rows = sweep(configs, args.out, **asked, without=_lacking(args.without, configs), jobs=args.jobs)
    if args.without:
        log.info("%s", as_text(over_seeds(rows)))
    failed = [row["folder"] for row in rows if row["status"] == "failed"]
    print(f"{args.out}/sweep.csv")
    if failed:
        print(f"{len(failed)} of {len(rows)} runs failed, see error.txt in {', '.join(failed)}", file=sys.stderr)
        sys.exit(1)


def configurations(args: argparse.Namespace) -> list[Config]:
    """Return the configuration of every run that a command line asks for.

    Parameters
    ----------
    args : argparse.Namespace

    Returns
    -------
    list of Config

    Raises
    ------
    ConfigError
        When a flag of a single run is given, when there are no seeds, or as for a single run.
    """
    for flag, plural in PLURALS.items():
        if flag in args:
            raise ConfigError(f"--{flag} {getattr(args, flag)} is for a single run: give {plural} instead")
    axes: dict[str, Iterable[Any]] = {"neurons": args.neurons} if "neurons" in args else {}
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


def _lacking(names: Sequence[str], configs: Sequence[Config]) -> list[str]:
    """Return names of mechanisms; all are those that any of the networks has."""
    present = [name for name in MECHANISMS if any(without(config, name) for config in configs)]
    return [name for asked in names for name in (present if asked == "all" else [asked])]
