"""The folder of one run: configuration, environment, metrics, checkpoint, evaluation, log."""

import csv
import io
import os
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from stdpnet import contents, files
from stdpnet.config import from_dict
from stdpnet.errors import ConfigError, RunFolderError


class RunFolder:
    """Names and reads the files of a run.

    Parameters
    ----------
    path : path-like
    """

    #: Types of what ``evaluation.json`` must hold.
    reported = contents.REPORT

    def __init__(self, path):
        self.path = Path(path)
        self.config_file = self.path / "config.json"
        self.environment_file = self.path / "environment.json"
        self.metrics_file = self.path / "metrics.csv"
        self.checkpoint_file = self.path / "checkpoint.npz"
        self.evaluation_file = self.path / "evaluation.json"
        self.predictions_file = self.path / "predictions.npz"
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

    def config(self):
        """Return the run's `Config`.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or of another version of stdpnet.
        """
        try:
            return from_dict(files.read_json(self.config_file))
        except ConfigError as error:
            raise RunFolderError(f"{self.config_file}: {error}") from None

    def environment(self):
        """Return ``environment.json``, empty if there is none.

        Raises
        ------
        RunFolderError
            When it is damaged.
        """
        if not self.environment_file.exists():
            return {}
        return contents.checked(files.read_json(self.environment_file), {}, self.environment_file)

    def checkpoint(self):
        """Return the arrays of the last checkpoint."""
        return files.read_arrays(self.checkpoint_file)

    def network(self):
        """Return the arrays of the last checkpoint of a trained network, to look at.

        Raises
        ------
        RunFolderError
            When weights, theta, image shape or number of presentations are not there or do not belong together.
        """
        return contents.network(self.checkpoint(), self.checkpoint_file)

    def evaluation(self):
        """Return the report in ``evaluation.json``.

        Raises
        ------
        RunFolderError
            When the run has not been evaluated, or the file is damaged.
        """
        self._check_evaluated(self.evaluation_file)
        return contents.checked(files.read_json(self.evaluation_file), self.reported, self.evaluation_file)

    def predictions(self):
        """Return the arrays in ``predictions.npz``; errors are those of `evaluation`."""
        self._check_evaluated(self.predictions_file)
        return contents.predictions(files.read_arrays(self.predictions_file), self.predictions_file)

    def _check_evaluated(self, file):
        if not file.exists():
            raise RunFolderError(f"{self.path}: not evaluated yet; run runs/evaluate.py {self.path}")

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
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _short(value) for name, value in row.items()} for row in rows)
        files.write_text(self.metrics_file, text.getvalue())


def free_folder(path):
    """Return `path`, or the first of ``path-2``, ``path-3``, ... that does not exist."""
    candidate, k = Path(path), 2
    while candidate.exists():
        candidate, k = Path(f"{path}-{k}"), k + 1
    return candidate


def _short(value):
    """Return six digits of a number, or all of them if it is whole: presentations are counted in millions."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.6g}"
