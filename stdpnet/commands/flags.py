"""Command lines made from the configuration's dataclasses, so that help and defaults have one source."""

import argparse
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import SWITCH, merged
from stdpnet.learning.config import GROUPS, Config, from_dict, from_stored
from stdpnet.rules import RULES, find_rule

#: What the sources in the help stand for.
SOURCES = "C:n and G:n are lines of the code of Diehl & Cook 2015 (see stdpnet/network/neurons.py)."

#: How a value is called in the help, by its type.
METAVARS: dict[Any, str] = {int: "N", float: "X", str: "NAME"}


class Switch(argparse.BooleanOptionalAction):
    """``--shuffle`` and ``--no-shuffle`` for a text that is "on" or "off", or "auto" where neither is given."""

    def __call__(self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: Any = None) -> None:
        """Set the text."""
        setattr(namespace, self.dest, "off" if str(option_string).startswith("--no-") else "on")


def add_config_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every parameter: ``--neurons``, ``--excitatory-theta-plus``, and so on.

    Flags that are not given leave no trace in the parsed arguments, so that a TOML file or a
    resumed run's configuration shows through.
    """
    add_fields(parser.add_argument_group("run"), Config, "")
    for name, kind in GROUPS.items():
        add_fields(parser.add_argument_group(name, str(kind.__doc__).splitlines()[0]), kind, f"{name}-")
    rule = parser.add_argument_group("rule")
    rule.add_argument(
        "--constant",
        action="append",
        metavar="NAME=VALUE",
        help=f"override a constant of the rule, may be repeated; {_constants_help()}",
    )
    parser.add_argument("--config", metavar="FILE.toml", help="parameters from a TOML file; flags override it")


def _constants_help() -> str:
    return "; ".join(
        f"{rule.name} has " + ", ".join(f"{name}={constant}" for name, constant in rule.constants.items())
        for rule in RULES.values()
    )


def add_fields(group: argparse._ArgumentGroup, kind: Any, prefix: str) -> None:
    """Add a flag for every field of a dataclass that `stdpnet.base.parameters.parameter` declared.

    Parameters
    ----------
    group : argument group of argparse
    kind : type
        The dataclass.
    prefix : str
        Of the flags, such as ``"excitatory-"``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_fields(parser.add_argument_group("schedule"), GROUPS["schedule"], "schedule-")
    >>> parser.parse_args(["--schedule-inhibition-rise", "500"])
    Namespace(**{'schedule-inhibition_rise': 500})
    """
    for item in fields(kind):
        if "about" not in item.metadata:
            continue
        about, unit, source = (item.metadata[key] for key in ("about", "unit", "source"))
        default = item.default if item.type is not bool else ("on" if item.default else "off")
        value = ", ".join(filter(None, (unit, f"default {default}" * (default != ""))))
        details = "; ".join(filter(None, (value, source)))
        options: dict[str, Any] = {
            "help": f"{about} ({details})".removesuffix(" ()").replace("%", "%%"),
            "default": argparse.SUPPRESS,
        }
        if item.type is bool:
            options["action"] = argparse.BooleanOptionalAction
        elif item.metadata["choices"] == SWITCH:
            options["action"] = Switch
        else:
            of = item.type if item.type in METAVARS else str
            options |= {"type": of, "metavar": METAVARS[of]}
        group.add_argument(f"--{prefix}{item.name}".replace("_", "-"), dest=f"{prefix}{item.name}", **options)


def given(args: argparse.Namespace) -> dict[str, Any]:
    """Return what the command line sets explicitly, as nested plain data for `from_dict`.

    Raises
    ------
    ConfigError
        When ``--constant`` is not NAME=VALUE.
    """
    data: dict[str, Any] = {}
    parsed = vars(args)
    names = {item.name for item in fields(Config)}
    for name, value in parsed.items():
        group, _, rest = name.partition("-")
        if group in GROUPS and rest:
            data.setdefault(group, {})[rest] = value
        elif name in names:
            data[name] = value
    for text in parsed.get("constant") or ():
        name, equals, value = text.partition("=")
        try:
            data.setdefault("constants", {})[name] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise ConfigError(f"--constant is {text!r}; expected NAME=VALUE, for example eta_plus=0.02")
    return data


def read_toml(path: str | Path) -> dict[str, Any]:
    """Return a TOML file's tables.

    Raises
    ------
    ConfigError
        When it is missing or not TOML.
    """
    try:
        return tomllib.loads(Path(path).read_text())
    except (OSError, RecursionError, ValueError) as error:  # also what is no TOML, and a number of 5,000 digits
        raise ConfigError(f"cannot read the configuration file {path}: {error}") from None


def config_from(args: argparse.Namespace) -> Config:
    """Return the `Config` of a command line, over a TOML file, over a preset."""
    return from_dict(_asked(args))


def resumed_config(args: argparse.Namespace, stored: Config) -> Config:
    """Return the `Config` of a run with what a command line changes in it.

    Parameters
    ----------
    args : argparse.Namespace
    stored : Config
        That of the run.

    Returns
    -------
    Config

    Raises
    ------
    ConfigError
        When a flag or a file is not usable.
    """
    asked, base = _asked(args), stored.to_dict()
    if "rule" in asked:
        rule = find_rule(asked.pop("rule"))
        if rule.name == stored.plasticity.name:  # the same, perhaps with another text: the comparison will tell
            base["rule"] = rule.name
            base |= {"custom_rule": rule.to_dict()} if rule.name not in RULES else {}
        else:
            base = {name: value for name, value in base.items() if name not in ("custom_rule", "constants")}
            asked |= {"rule": rule.name, "custom_rule": rule.to_dict()}
    return from_stored(merged(base, asked))


def _asked(args: argparse.Namespace) -> dict[str, Any]:
    return merged(read_toml(args.config) if args.config else {}, given(args))
