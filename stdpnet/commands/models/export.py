"""Make a model file from a run folder."""

from collections.abc import Sequence
from pathlib import Path

from stdpnet.commands.process import called, command_parser
from stdpnet.experiments.stdp.trained import model_of
from stdpnet.learning.models.model_file import save_model


def export_command(arguments: Sequence[str] | None = None) -> None:
    """Write a trained and evaluated network into one file.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    StdpnetError
        When the run or the file is not usable.
    """
    parser = command_parser(
        "export",
        "Write the network of a run into one file, with names of neurons, configuration, rule and equations: "
        f"{called('classify')} and stdpnet.load_model read it on any machine, without the data set.",
        "results/400 --out digits.npz",
    )
    parser.add_argument("run", metavar="FOLDER", help=f"run folder of {called('train')}, evaluated")
    parser.add_argument("--out", metavar="MODEL", help="the file (default: model.npz in the folder)")
    args = parser.parse_args(arguments)
    path = Path(args.out or Path(args.run) / "model.npz")
    model = model_of(args.run)
    save_model(model, path)
    print(f"{path}: {model!r}")
