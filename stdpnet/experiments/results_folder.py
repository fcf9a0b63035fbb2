"""A folder of results: held by one process at a time, with its environment, metrics and log."""

import csv
import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from filelock import FileLock, Timeout

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.base.parameters import flat
from stdpnet.base.tables import write_table

#: A name in ``config.json`` that only one command writes, and the command.
MARKS = {
    "neurons": "stdpnet train",
    "architecture": "stdpnet train-cnn",
    "model": "stdpnet convert",
    "winner_take_all": "stdpnet train-spiking",
}


class ResultsFolder:
    """Names and reads the files that every folder of results has.

    Parameters
    ----------
    path : path-like
    """

    #: The command that makes such a folder.
    made_by: ClassVar[str] = "stdpnet train"
    #: What evaluates it; the folder's path comes after it.
    evaluated_by: ClassVar[str] = "stdpnet evaluate"
    #: Types of what ``evaluation.json`` must hold.
    reported: ClassVar[dict[str, Any]] = {}

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.config_file = self.path / "config.json"
        self.environment_file = self.path / "environment.json"
        self.metrics_file = self.path / "metrics.csv"
        self.evaluation_file = self.path / "evaluation.json"
        self.log_file = self.path / "log.txt"

    def check_writable(self) -> None:
        """Check that the folder can be made, without making it.

        Raises
        ------
        RunFolderError
            When the nearest folder that exists does not take files.
        """
        nearest = next(path for path in (self.path, *self.path.absolute().parents) if path.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise RunFolderError(
                f"cannot write to {self.path}: {nearest} is no folder that takes files; choose another with --out"
            )

    def prepare(self) -> None:
        """Make the folder and check that it takes files.

        Raises
        ------
        RunFolderError
            When it cannot be made or written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / f".writable.{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise RunFolderError(
                f"cannot write to {self.path}: {error.strerror}; choose a writable folder with --out"
            ) from None

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Hold the folder in a ``with`` block, so that no other process writes into it; the system ends it with us.

        Raises
        ------
        RunFolderError
            When another process holds it.
        """
        try:
            with FileLock(self.path / ".lock", timeout=0):
                yield
        except Timeout:
            raise RunFolderError(
                f"another process is at work in {self.path}: wait until it has ended, or choose another --out"
            ) from None

    def plain_config(self) -> dict[str, Any]:
        """Return ``config.json`` as plain data.

        Returns
        -------
        dict

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or that of another command, which is named.
        """
        if not self.config_file.exists():
            raise RunFolderError(f"{self.config_file}: no such file; expected a run folder made by {self.made_by}")
        data = files.checked(files.read_json(self.config_file), {}, self.config_file)
        maker = next((command for name, command in MARKS.items() if name in data), self.made_by)
        if maker != self.made_by:
            raise RunFolderError(
                f"{self.config_file}: not made by {self.made_by} but by {maker}; give a folder of {self.made_by}"
            )
        return data

    def environment(self) -> dict[str, Any]:
        """Return ``environment.json``, empty if there is none.

        Raises
        ------
        RunFolderError
            When it is damaged.
        """
        if not self.environment_file.exists():
            return {}
        return files.checked(files.read_json(self.environment_file), {}, self.environment_file)

    def metrics(self) -> list[dict[str, float]]:
        """Return the rows of ``metrics.csv`` as dicts of str to float, none if no batch has finished.

        Raises
        ------
        RunFolderError
            When the file is damaged.
        """
        if not self.metrics_file.exists():
            return []
        try:
            with open(self.metrics_file, newline="") as file:
                names, *lines = csv.reader(file)
            rows = [dict(zip(names, map(float, line), strict=True)) for line in lines]
        except (OSError, ValueError, csv.Error) as error:
            raise RunFolderError(
                f"{self.metrics_file}: damaged ({error}); expected a line of names and lines of as many numbers; "
                "restore it from a copy"
            ) from None
        if "presented" not in names:
            raise RunFolderError(f"{self.metrics_file}: has no column 'presented'; restore it from a copy")
        return rows

    def series(self, *names: str) -> list[np.ndarray]:
        """Return columns of ``metrics.csv``, an array for each name.

        Raises
        ------
        RunFolderError
            When no batch has finished, or there is no such column.
        """
        rows = self.metrics()
        if not rows:
            raise RunFolderError(f"{self.metrics_file}: no batch finished yet; train the run first")
        for name in names:
            if name not in rows[0]:
                raise RunFolderError(f"{self.metrics_file}: has no column {name!r}; restore it from a copy")
        return [np.array([row[name] for row in rows]) for name in names]

    def write_metrics(self, rows: list[dict[str, float]]) -> None:
        """Write all rows of ``metrics.csv``."""
        write_table(self.metrics_file, rows)

    def write_environment(self, environment: dict[str, Any]) -> None:
        """Write ``environment.json``; that of a resumption is added to the first one.

        Parameters
        ----------
        environment : dict
            From `stdpnet.base.environment.describe`.

        Raises
        ------
        RunFolderError
            When there is one already, and it is damaged.
        """
        first = self.environment()
        if first:
            resumed = first.get("resumed", [])
            if not isinstance(resumed, list):
                raise RunFolderError(f"{self.environment_file}: resumed is {resumed!r}; restore it from a copy")
            environment = first | {"resumed": [*resumed, environment]}
        files.write_json(self.environment_file, environment)

    def evaluation(self) -> dict[str, Any]:
        """Return the report in ``evaluation.json``.

        Raises
        ------
        RunFolderError
            When the run has not been evaluated, or the file is damaged.
        """
        self.check_evaluated(self.evaluation_file)
        report = files.checked(files.read_json(self.evaluation_file), self.reported, self.evaluation_file)
        accuracy, interval = report.get("accuracy"), report.get("confidence_interval_95", [])
        known = files.are_numbers([accuracy], 1) and files.are_numbers(interval, 2)
        if not known or not all(0 <= share <= 1 for share in (accuracy, *interval)):  # neither is not a number
            raise RunFolderError(
                f"{self.evaluation_file}: accuracy is {accuracy!r} and confidence_interval_95 {interval!r}, expected "
                f"shares from 0 to 1; restore it from a copy, or make it anew with {self.evaluated_by}"
            )
        return report

    def check_evaluated(self, file: Path) -> None:
        """Check that a file of the evaluation is there; errors are those of `evaluation`."""
        if not file.exists():
            raise RunFolderError(f"{self.path}: not evaluated yet; run {self.evaluated_by} {self.path}")


def free_folder(path: str | Path) -> Path:
    """Return `path`, or the first of ``path-2``, ``path-3``, ... that does not exist."""
    candidate, k = Path(path), 2
    while candidate.exists():
        candidate, k = Path(f"{path}-{k}"), k + 1
    return candidate


def difference(folder: Any, config: Any, allowed: Collection[str] = ()) -> str:
    """Return how the configuration in a folder differs, as ``neurons 10, not 11``; empty if it does not.

    Parameters
    ----------
    folder : ResultsFolder
    config : object
        The one that is asked for, with a method ``to_json``.
    allowed : set of str
        Parameters that may differ.
    """
    stored, asked = (flat(json.loads(one.to_json())) for one in (folder.config(), config))
    for name in stored | asked:
        if name not in allowed and asked.get(name) != stored.get(name):
            return f"{name} {stored.get(name)!r}, not {asked.get(name)!r}"
    return ""
