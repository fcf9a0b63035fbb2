"""A folder of results: held by one process at a time, with its environment, metrics and log."""

import csv
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np
from filelock import FileLock, Timeout

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.base.parameters import flat
from stdpnet.base.tables import write_table


class ResultsFolder:
    """Names and reads the files that every folder of results has.

    Parameters
    ----------
    path : path-like
    """

    #: Types of what ``evaluation.json`` must hold.
    reported: ClassVar[dict] = {}

    def __init__(self, path):
        self.path = Path(path)
        self.config_file = self.path / "config.json"
        self.environment_file = self.path / "environment.json"
        self.metrics_file = self.path / "metrics.csv"
        self.evaluation_file = self.path / "evaluation.json"
        self.log_file = self.path / "log.txt"

    def check_writable(self):
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

    def prepare(self):
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
    def claim(self):
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

    def environment(self):
        """Return ``environment.json``, empty if there is none.

        Raises
        ------
        RunFolderError
            When it is damaged.
        """
        if not self.environment_file.exists():
            return {}
        return files.checked(files.read_json(self.environment_file), {}, self.environment_file)

    def metrics(self):
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

    def series(self, *names):
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

    def write_metrics(self, rows):
        """Write all rows of ``metrics.csv``."""
        write_table(self.metrics_file, rows)

    def write_environment(self, environment):
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
            environment = first | {"resumed": [*first.get("resumed", []), environment]}
        files.write_json(self.environment_file, environment)

    def evaluation(self):
        """Return the report in ``evaluation.json``.

        Raises
        ------
        RunFolderError
            When the run has not been evaluated, or the file is damaged.
        """
        self.check_evaluated(self.evaluation_file)
        return files.checked(files.read_json(self.evaluation_file), self.reported, self.evaluation_file)

    def check_evaluated(self, file):
        """Check that a file of the evaluation is there; errors are those of `evaluation`."""
        if not file.exists():
            raise RunFolderError(f"{self.path}: not evaluated yet; run runs/evaluate.py {self.path}")


def free_folder(path):
    """Return `path`, or the first of ``path-2``, ``path-3``, ... that does not exist."""
    candidate, k = Path(path), 2
    while candidate.exists():
        candidate, k = Path(f"{path}-{k}"), k + 1
    return candidate


def difference(folder, config, allowed=()):
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
