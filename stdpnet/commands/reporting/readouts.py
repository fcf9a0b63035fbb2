"""What every readout of an evaluated run got right."""

from dataclasses import dataclass
from typing import Any

from stdpnet.base import files
from stdpnet.experiments.stdp.run_folder import RunFolder

SCORE: dict[str, type | tuple[type, ...]] = {"accuracy": (int, float), "confidence_interval_95": list}


@dataclass(frozen=True)
class Row:
    """A readout.

    Attributes
    ----------
    name : str
    supervised : bool
    accuracy : float
    interval : list of float
        Of 95 %.
    failed : str
        Its error, empty if it has none; it has no accuracy then.
    """

    name: str
    supervised: bool
    accuracy: float
    interval: list[float]
    failed: str


def readouts(folder: RunFolder) -> list[Row]:
    """Return all readouts of an evaluation, none for one of version 0.1 that has a single one.

    Parameters
    ----------
    folder : RunFolder

    Returns
    -------
    list of Row

    Raises
    ------
    RunFolderError
        When the run is not evaluated, or damaged.
    """
    file = folder.evaluation_file
    table = files.checked(folder.evaluation().get("readouts", {}), {}, file)
    return [_row(name, row, folder) for name, row in table.items()]


def _row(name: str, row: Any, folder: RunFolder) -> Row:
    failed = row.get("failed", "") if isinstance(row, dict) else ""
    known = files.checked(row, {} if failed else SCORE, folder.evaluation_file)
    interval = known.get("confidence_interval_95", [])
    return Row(name, bool(known.get("supervised")), known.get("accuracy", 0.0), interval, str(failed))
