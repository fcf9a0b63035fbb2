"""Write the report of a run folder."""

from collections.abc import Sequence
from pathlib import Path

from stdpnet.base import files
from stdpnet.base.errors import ConfigError
from stdpnet.commands.process import called, command_parser
from stdpnet.commands.reporting.page import page
from stdpnet.experiments.results_folder import ResultsFolder
from stdpnet.experiments.stdp.run_folder import RunFolder


def report_command(arguments: Sequence[str] | None = None) -> None:
    """Write everything about a run into one HTML file.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    ConfigError
        When the name of the file does not end in .html.
    RunFolderError
        When the folder holds no run, or the file cannot be written.
    """
    parser = command_parser(
        "report",
        "Write one HTML file about a run, to keep or to send: accuracy, learning curve, receptive fields, errors, "
        "configuration, command, versions, papers. It needs no other file and no network.",
        "results/400",
    )
    parser.add_argument("run", metavar="FOLDER", help=f"run folder of {called('train')}")
    parser.add_argument("--out", metavar="FILE", help="write it there, not to report.html in the folder")
    args = parser.parse_args(arguments)
    path = Path(args.out or Path(args.run) / "report.html")
    if path.suffix != ".html":
        raise ConfigError(f"--out is {args.out}; expected a name that ends in .html")
    text = page(RunFolder(args.run))
    ResultsFolder(path.parent).prepare()
    # the name of a folder or of a class may be no text that UTF-8 knows
    files.write_atomically(path, lambda file: file.write(text.encode(errors="replace")))
    print(path)
