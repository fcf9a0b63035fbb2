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
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import ConfigError
from stdpnet.commands.process import command_parser

MARK = re.compile(r"<!-- = (.*?) -->", re.DOTALL)
#: The last number before a mark, and what stands between: the end of bold letters, a unit.
NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?: ± (\d+(?:\.\d+)?))?[^\d\n]{0,12}$")


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


def verify_command(arguments: Sequence[str] | None = None) -> None:
    """Compare, print what differs, and end the process with exit code 1 if anything does.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.
    """
    parser = command_parser(
        "verify",
        "Compare the figures that README and documentation print with the files of the runs behind them.",
        "README.md docs",
    )
    parser.add_argument(
        "texts",
        nargs="*",
        type=Path,
        default=[Path("README.md"), Path("docs")],
        metavar="TEXT",
        help="Markdown files, or folders of them (default: README.md docs)",
    )
    parser.add_argument(
        "--figures", type=Path, default=Path("docs/figures"), help="folder of the files behind (default: docs/figures)"
    )
    args = parser.parse_args(arguments)
    found = [figure for text in _texts(args.texts) for figure in figures(text, args.figures)]
    if not found:
        raise ConfigError("no figure is marked in these texts; a mark is <!-- = FILE; NAME --> after a number")
    wrong = [figure for figure in found if not figure.right]
    for figure in wrong:
        print(f"{figure.place}: {figure.printed} is printed, {figure.found} found ({figure.behind})")
    print(f"{len(found) - len(wrong)} of {len(found)} figures are those of the files behind them")
    if wrong:
        sys.exit(1)


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
    path, _, others = behind.partition("; ")
    name, *rest = others.split("; ")
    wanted = [part.split("=", 1) for part in rest if "=" in part]
    found: list[float] = []
    for file in sorted(folder.glob(path)):
        try:
            if file.suffix == ".csv":
                rows = csv.DictReader(file.read_text().splitlines())
                found += [float(row[name]) for row in rows if all(row[column] == value for column, value in wanted)]
            else:
                data = files.read_json(file)
                for part in name.split("."):
                    data = data[part]
                found.append(float(data))
        except (KeyError, TypeError, ValueError):
            raise ConfigError(f"no number {name!r} in {file}") from None
    if not found:
        raise ConfigError(f"nothing in {folder / path}")
    return np.array(found) * (100 if "%" in rest else 1)


def _in_form(found: np.ndarray, number: re.Match[str]) -> str:
    """Return values in the form of a printed number."""

    def form(value: float, like: str) -> str:
        places = Decimal(1).scaleb(-len(like.partition(".")[2]))
        rounded = Decimal(repr(round(float(value), 9))).quantize(places, ROUND_HALF_UP)  # 88.25 is 88.3
        return f"{rounded:,}" if "," in like else str(rounded)

    spread = found.std(ddof=1) if len(found) > 1 else 0.0
    return form(found.mean(), number[1]) + (f" ± {form(spread, number[2])}" if number[2] else "")


def _texts(paths: Sequence[Path]) -> list[Path]:
    made: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ConfigError(f"{path} is no file and no folder; expected Markdown, from the root of the repository")
        made += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    return made
