"""The configuration of a run as rows of a table: what differs from the defaults, and the rest."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from textwrap import dedent
from typing import Any

from stdpnet.base.parameters import flat
from stdpnet.learning.config import GROUPS, Config
from stdpnet.learning.equations import Equations


@dataclass(frozen=True)
class Row:
    """A parameter.

    Attributes
    ----------
    name : str
        As ``excitatory.tau_m``.
    value, default : str
        With their unit. The default is that of the preset for the rule and the size, empty where there is none.
    about : str
        What it is; of a constant of the rule, where its default comes from.
    """

    name: str
    value: str
    default: str
    about: str

    @property
    def differs(self) -> bool:
        """Whether the value is not the default."""
        return self.value != self.default


def rows(config: Config) -> list[Row]:
    """Return all parameters, in the order of ``config.json``.

    Parameters
    ----------
    config : Config

    Returns
    -------
    list of Row

    Examples
    --------
    >>> [row for row in rows(Config(excitatory={"tau_m": 50})) if row.differs]
    [Row(name='excitatory.tau_m', value='50 ms', default='100 ms', about='membrane time constant')]
    """
    standard = Config(neurons=config.neurons, rule=config.rule, preset=config.preset)
    mine, usual = flat(_data(config)), flat(_data(standard))
    usual = {name: value for name, value in usual.items() if not name.startswith("custom_rule.")}
    usual |= {"neurons": Config.neurons, "rule": Config.rule, "preset": Config.preset}
    declared = _declared()
    constants = config.plasticity.constants
    found = []
    for name, value in mine.items():
        item = declared.get(name)
        unit, about = (item.metadata["unit"], item.metadata["about"]) if item else ("", "")
        constant = constants.get(name.removeprefix("constants."))
        if name.startswith("constants.") and constant:
            unit, about = constant.unit.replace("1", ""), constant.source
        default = readable(usual[name], unit) if name in usual else ""
        found.append(Row(name, readable(value, unit), default, about))
    return found


def readable(value: Any, unit: str = "") -> str:
    """Return a value as it is easily read.

    Examples
    --------
    >>> readable(2.5e6, "ms"), readable(0.014), readable(True), readable(6400)
    ('2,500,000 ms', '0.014', 'yes', '6400')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:,.12g}" if isinstance(value, float) else dedent(str(value)).strip("\n")
    return f"{text} {unit}".rstrip()


def _data(config: Config) -> dict[str, Any]:
    data = config.to_dict()
    if "custom_rule" in data:  # its constants are among those of the configuration
        data["custom_rule"] = {name: value for name, value in data["custom_rule"].items() if name != "constants"}
    if config.equations.constants:
        data["equations"] |= {"constants": {name: str(one) for name, one in config.equations.constants.items()}}
    return data


def _declared() -> Mapping[str, Field[Any]]:
    """Return the fields that say what a parameter is, by its name."""
    parts: dict[str, type] = {"": Config, **GROUPS, "equations": Equations}
    return {
        f"{group}.{item.name}".lstrip("."): item
        for group, kind in parts.items()
        for item in fields(kind)
        if "about" in item.metadata
    }
