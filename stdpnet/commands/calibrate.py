"""Try parameters in short runs and write down the best."""

import json
import logging
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from stdpnet.base import files
from stdpnet.base.environment import command_line
from stdpnet.base.errors import ConfigError
from stdpnet.base.logs import log_to
from stdpnet.base.parameters import flat, merged, names_of
from stdpnet.base.tables import as_text
from stdpnet.commands.flags import SOURCES, add_config_arguments, add_fields, given, read_toml
from stdpnet.commands.process import called, command_parser, interruption
from stdpnet.experiments.sweeps.calibration import Trial, calibrate
from stdpnet.learning.config import Config

log = logging.getLogger(__name__)


def calibrate_command(arguments: Sequence[str] | None = None) -> None:
    """Try parameters in short runs and write down the best.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    StdpnetError
        When a flag, the data set or the folder is not usable, or no candidate ran to its end.
    """
    parser = command_parser(
        "calibrate",
        "Find the parameters of a rule and a size that the paper does not publish. Each combination of the values "
        "after --try is trained on training images and scored on the first ones, which are held out of the training; "
        "test images are not touched. Before that, theta_plus is brought to where the network fires --spikes times per "
        "image. Writes calibration.csv, and preset.toml with the best combination, for --config of "
        f"{called('train')}. {SOURCES}",
        "--rule exponential --neurons 400 --dataset mnist --try constants.eta=0.001,0.003,0.01 "
        "--try connections.inhibition=10,17,30 --out results/calibration",
        usage="--out FOLDER [--try NAME=A,B,... ...] [--rule NAME] [--neurons N] [other flags]",
    )
    group = parser.add_argument_group("calibration")
    group.add_argument("--out", metavar="FOLDER", required=True, help="folder of the calibration, new or begun")
    group.add_argument(
        "--try",
        action="append",
        default=[],
        dest="tries",
        metavar="NAME=A,B,...",
        help="values of a parameter: group.name as in a TOML file, or constants.NAME of the rule; may be repeated",
    )
    add_fields(group, Trial, "")
    group.add_argument("--jobs", type=int, default=-1, metavar="N", help="runs at a time (default: one for each core)")
    add_config_arguments(parser)
    args = parser.parse_args(arguments)
    log_to()
    base = merged(read_toml(args.config) if args.config else {}, given(args))
    tries = dict(_values(text) for text in args.tries)
    trial = Trial(**{item.name: getattr(args, item.name) for item in fields(Trial) if item.name in args})
    folder = Path(args.out)
    with interruption("the same command goes on from the last checkpoints"):
        rows = calibrate(base, tries, trial, folder, jobs=args.jobs)
    best = {"excitatory.theta_plus": rows[0]["theta_plus"]} | {name: rows[0][name] for name in tries}
    files.write_text(folder / "preset.toml", as_toml(shared(base) | best))
    log.info("%s", as_text(rows))
    print(folder / "preset.toml")


def shared(base: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given to all candidates and holds for a training too, by ``group.name``."""
    kept = {"rule": Config.rule, "neurons": Config.neurons, **base}
    trial_only = names_of(Config, "data", "length", "seed", "checkpoints", "computing", "cores")
    return flat({name: value for name, value in kept.items() if name not in trial_only})


def as_toml(values: Mapping[str, Any]) -> str:
    r"""Return values by ``group.name`` as TOML text, below the command that found them.

    Returns
    -------
    str

    Examples
    --------
    >>> print(as_toml({"neurons": 400, "constants.eta": 0.002}).partition("\n")[2])
    <BLANKLINE>
    neurons = 400
    <BLANKLINE>
    [constants]
    eta = 0.002
    <BLANKLINE>
    """
    groups: dict[str, list[str]] = {}
    for name, value in values.items():
        group, _, rest = name.rpartition(".")
        groups.setdefault(group, []).append(f"{rest} = {json.dumps(value)}")
    text = [f"# {command_line()}"]
    for group in sorted(groups):
        text += ["", *([f"[{group}]"] if group else []), *groups[group]]
    return "\n".join(text) + "\n"


def _values(text: str) -> tuple[str, list[Any]]:
    name, _, values = text.partition("=")
    try:
        return name, [tomllib.loads(f"value = {value}")["value"] for value in values.split(",")]
    except tomllib.TOMLDecodeError:
        raise ConfigError(f"--try is {text!r}; expected NAME=A,B,..., for example constants.eta=0.001,0.01") from None
