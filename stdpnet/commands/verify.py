"""Whether printed figures are those of the files behind them, and whether another seed gives the like."""

import sys
from collections.abc import Sequence
from pathlib import Path

from stdpnet.base.errors import ConfigError
from stdpnet.commands.process import command_parser, interruption
from stdpnet.commands.verifying.marks import Figure, figures
from stdpnet.commands.verifying.rerun import AFFORDABLE, reason_against, run_again, runs_behind


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
        usage="[--figures FOLDER] [--rerun cheap [--out FOLDER]] [TEXT ...]",
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
    parser.add_argument(
        "--rerun",
        choices=("cheap",),
        help=f"train and evaluate those again that take under {AFFORDABLE / 60:.0f} minutes and whose images are here, "
        "with a seed that none of them had, and say whether the accuracy falls within the interval of the printed ones",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("results/verify"),
        metavar="FOLDER",
        help="folder of these runs, new or begun (default: %(default)s)",
    )
    args = parser.parse_args(arguments)
    found = [figure for text in _texts(args.texts) for figure in figures(text, args.figures)]
    if not found:
        raise ConfigError("no figure is marked in these texts; a mark is <!-- = FILE; NAME --> after a number")
    wrong = [figure for figure in found if not figure.right]
    for figure in wrong:
        print(f"{figure.place}: {figure.printed} is printed, {figure.found} found ({figure.behind})")
    print(f"{len(found) - len(wrong)} of {len(found)} figures are those of the files behind them")
    expected = not args.rerun or _again(found, args.figures, args.out)
    if wrong or not expected:
        sys.exit(1)


def _again(found: Sequence[Figure], folder: Path, out: Path) -> bool:
    """Run again what is cheap, print what came of it, and return whether all of it was as expected."""
    expected = True
    for printed in runs_behind([figure.behind for figure in found], folder):
        if reason := reason_against(printed):
            print(f"{printed.about}: not run again, {reason}")
            continue
        with interruption("the same command goes on from the last checkpoint"):
            outcomes = run_again(printed, out)
        for one in outcomes:
            expected &= one.within
            print(
                f"{printed.about}, seed {printed.seed}, {one.name}: {one.accuracy:.1%}, "
                f"{'within' if one.within else 'OUTSIDE'} {one.low:.1%} to {one.high:.1%} "
                f"({len(printed.runs)} seed{'s' * (len(printed.runs) > 1)} printed)"
            )
    return expected


def _texts(paths: Sequence[Path]) -> list[Path]:
    made: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ConfigError(f"{path} is no file and no folder; expected Markdown, from the root of the repository")
        made += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    return made
