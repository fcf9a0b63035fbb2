"""Whether the figures that a text prints are those of the files behind them.

A figure is marked where it is printed, by a comment that no reader sees::

    89.1 ± 0.7<!-- = sweep/triplet_100_seed*/evaluation.json; accuracy; % -->
    87.5<!-- = other-images/accuracy.csv; accuracy; %; data=mnist; learner=k-means -->

The path is that of one or more files in the folder of figures; then comes a name in them, in JSON the names down to it,
with dots between; then, of a share that is printed in per cent, %; of a table, what the row must have. Of several
values mean and sample standard deviation are printed, with the decimals that the text gives them.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import ConfigError

MARK = re.compile(r"<!-- = (.*?) -->", re.DOTALL)
#: The last number before a mark, and what stands between: the end of bold letters, a unit.
NUMBER = re.compile(r"((?:(?<![\d\w])[-−])?\d[\d,]*(?:\.\d+)?)(?: ± (\d+(?:\.\d+)?))?[^\d\n]{0,12}$")


@dataclass(frozen=True)
class Figure:
    """A marked figure.

    Attributes
    ----------
    place : str
        File and line.
    printed : str
        As it stands there.
    behind : str
        What its mark says.
    found : str
        The same from the files, in the same form; or what is wrong with the mark.
    """

    place: str
    printed: str
    behind: str
    found: str

    @property
    def right(self) -> bool:
        """Whether text and files agree."""
        return self.printed == self.found


def figures(text: Path, folder: Path) -> Iterator[Figure]:
    """Yield the marked figures of a text.

    Parameters
    ----------
    text : Path
        A Markdown file.
    folder : Path
        In which the files behind them are.
    """
    content = text.read_text()
    for mark in MARK.finditer(content):
        place = f"{text}:{content.count(chr(10), 0, mark.start()) + 1}"
        line = content[content.rfind("\n", 0, mark.start()) + 1 : mark.start()]
        behind, number = " ".join(mark[1].split()), NUMBER.search(MARK.sub("", line))
        if number is None:
            yield Figure(place, "no number", behind, "one before the mark was expected")
            continue
        printed = number[1] + (f" ± {number[2]}" if number[2] else "")
        try:
            yield Figure(place, printed, behind, _in_form(values(behind, folder), number))
        except ConfigError as error:
            yield Figure(place, printed, behind, str(error))


def values(behind: str, folder: Path) -> np.ndarray:
    """Return the values that a mark is about.

    Parameters
    ----------
    behind : str
        What it says.
    folder : Path

    Raises
    ------
    ConfigError
        When there are none.
    """
    name, rest = named(behind)
    wanted = [part.split("=", 1) for part in rest if "=" in part]
    found: list[float] = []
    for file in files_behind(behind, folder):
        try:
            if file.suffix == ".csv":
                rows = csv.DictReader(file.read_text().splitlines())
                found += [float(row[name]) for row in rows if all(row[column] == value for column, value in wanted)]
            else:
                found.append(in_json(files.read_json(file), name))
        except (KeyError, TypeError, ValueError):
            raise ConfigError(f"no number {name!r} in {file}") from None
    if not found:
        raise ConfigError(f"nothing in {folder / behind.partition('; ')[0]}")
    return np.array(found) * (100 if "%" in rest else 1)


def named(behind: str) -> tuple[str, list[str]]:
    """Return the name in the files that a mark says, and what it says besides.

    Examples
    --------
    >>> named("table.csv; accuracy; %; data=mnist")
    ('accuracy', ['%', 'data=mnist'])
    """
    name, *rest = behind.partition("; ")[2].split("; ")
    return name, rest


def files_behind(behind: str, folder: Path) -> list[Path]:
    """Return the files that a mark says, those that there are."""
    return sorted(folder.glob(behind.partition("; ")[0]))


def in_json(data: Any, name: str) -> float:
    """Return the number that a name of a mark leads to, as ``readouts.n-gram.accuracy``.

    Raises
    ------
    KeyError, TypeError, ValueError
        When there is none.
    """
    for part in name.split("."):
        data = data[part]
    return float(data)


def _in_form(found: np.ndarray, number: re.Match[str]) -> str:
    """Return values in the form of a printed number."""

    def form(value: float, like: str) -> str:
        places = Decimal(1).scaleb(-len(like.partition(".")[2]))
        rounded = (
            Decimal(repr(round(float(value), 9))).quantize(places, ROUND_HALF_UP) + 0
        )  # 88.25 is 88.3, -0.0 is 0.0
        return (f"{rounded:,}" if "," in like else str(rounded)).replace("-", "−" if "−" in like else "-")

    spread = found.std(ddof=1) if len(found) > 1 else 0.0
    return form(found.mean(), number[1]) + (f" ± {form(spread, number[2])}" if number[2] else "")
