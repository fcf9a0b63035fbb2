"""What can be asked of a source, in Python and in the text of a path."""

import os
from dataclasses import dataclass, fields
from pathlib import Path

from stdpnet.base.errors import DataError, did_you_mean
from stdpnet.datasets.axes import COLOURS

#: Values of each option; the first is the default.
VALUES = {"colour": COLOURS, "turn": ("yes", "no"), "targets": ("classes", "values")}


@dataclass(frozen=True)
class Options:
    """How a source is to be read.

    Attributes
    ----------
    colour : {"grey", "channels", "planes"}
        What becomes of colour images: their luminance, channels side by side, or planes behind each other.
    turn : {"yes", "no"}
        Whether EMNIST's letters, which lie on their side, are turned upright.
    targets : {"classes", "values"}
        What labels in ``.npz`` files are.
    """

    colour: str = "grey"
    turn: str = "yes"
    targets: str = "classes"

    def __post_init__(self) -> None:
        for name, values in VALUES.items():
            if getattr(self, name) not in values:
                raise DataError(f"the option {name} is {getattr(self, name)!r}, expected {' or '.join(values)}")

    def __str__(self) -> str:
        changed = (item for item in fields(self) if getattr(self, item.name) != item.default)
        return "".join(f",{item.name}={getattr(self, item.name)}" for item in changed)


def parse(text: str) -> tuple[Path, dict[str, str]]:
    """Return the path and the options in a text such as ``photos,colour=channels``.

    Raises
    ------
    DataError
        When there is no such option.

    Examples
    --------
    >>> parse("photos,colour=channels")[1]
    {'colour': 'channels'}
    """
    path, *given = text.split(",")
    if os.path.exists(text) or not given or not all("=" in option for option in given):
        return Path(text), {}
    options = dict(option.split("=", 1) for option in given)
    for name in options.keys() - VALUES.keys():
        raise DataError(f"{path}: found the option {name!r}{did_you_mean(name, VALUES)}, expected {', '.join(VALUES)}")
    return Path(path), options
