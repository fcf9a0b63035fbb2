"""Command lines made from the configuration's dataclasses, so that help and defaults have one source."""

import argparse
import tomllib
from dataclasses import fields
from pathlib import Path

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import merged
from stdpnet.learning.config import GROUPS, Config, from_dict, from_stored
from stdpnet.rules import RULES, find_rule

#: How a value is called in the help, by its type.
METAVARS = {int: "N", float: "X", str: "NAME"}


def add_config_arguments(parser):
    """Add a flag for every parameter: ``--neurons``, ``--excitatory-theta-plus``, and so on.

    Flags that are not given leave no trace in the parsed arguments, so that a TOML file or a
    resumed run's configuration shows through.
    """
    add_fields(parser.add_argument_group("run"), Config, "")
    for name, kind in GROUPS.items():
        add_fields(parser.add_argument_group(f"{name}: {kind.__doc__.splitlines()[0]}"), kind, f"{name}-")
    rule = parser.add_argument_group("rule")
    rule.add_argument(
        "--constant",
        action="append",
        metavar="NAME=VALUE",
        help=f"override a constant of the rule, may be repeated; {_constants_help()}",
    )
    parser.add_argument("--config", metavar="FILE.toml", help="parameters from a TOML file; flags override it")


def _constants_help():
    return "; ".join(
        f"{rule.name} has " + ", ".join(f"{name}={constant}" for name, constant in rule.constants.items())
        for rule in RULES.values()
    )


def add_fields(group, kind, prefix):
    """Add a flag for every field of a dataclass whose fields `stdpnet.config.parameter` declared."""
    for item in fields(kind):
        if "about" not in item.metadata:
            continue
        about, unit, source = (item.metadata[key] for key in ("about", "unit", "source"))
        default = item.default if item.type is not bool else ("on" if item.default else "off")
        details = f"{unit}, " * bool(unit) + f"default {default}" + f"; {source}" * bool(source)
        options = {"help": f"{about} ({details})".replace("%", "%%"), "default": argparse.SUPPRESS}
        if item.type is bool:
            options["action"] = argparse.BooleanOptionalAction
        else:
            kind = item.type if item.type in METAVARS else str
            options |= {"type": kind, "metavar": METAVARS[kind]}
        group.add_argument(f"--{prefix}{item.name}".replace("_", "-"), dest=f"{prefix}{item.name}", **options)


def given(args):
    """Return what the command line sets explicitly, as nested plain data for `from_dict`.

    Raises
    ------
    ConfigError
        When ``--constant`` is not NAME=VALUE.
    """
    data, parsed = {}, vars(args)
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


def read_toml(path):
    """Return a TOML file's tables.

    Raises
    ------
    ConfigError
        When it is missing or not TOML.
    """
    try:
        return tomllib.loads(Path(path).read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the configuration file {path}: {error}") from None


def config_from(args):
    """Return the `Config` of a command line, over a TOML file, over the preset of rule and size."""
    return from_dict(_asked(args))


def resumed_config(args, stored):
    """Return the `Config` of a run with what a command line changes in it.

    Parameters
    ----------
    args : argparse.Namespace
    stored : Config
        That of the run.
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


def _asked(args):
    return merged(read_toml(args.config) if args.config else {}, given(args))
