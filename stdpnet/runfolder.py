"""The folder of one run: configuration, environment, metrics, checkpoint, evaluation, log."""

import csv
import io
import os
from pathlib import Path

from stdpnet import files
from stdpnet.config import from_dict
from stdpnet.errors import RunFolderError


class RunFolder:
    """Names and reads the files of a run.

    Parameters
    ----------
    path : path-like
    """

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

    def config(self):
        """Return the run's `Config`."""
        return from_dict(files.read_json(self.config_file))

    def checkpoint(self):
        """Return the arrays of the last checkpoint."""
        return files.read_arrays(self.checkpoint_file)

    def metrics(self):
        """Return the rows of ``metrics.csv`` as dicts of str to float."""
        if not self.metrics_file.exists():
            return []
        with open(self.metrics_file, newline="") as file:
            return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]

    def write_metrics(self, rows):
        """Write all rows of ``metrics.csv``."""
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)
        files.write_text(self.metrics_file, text.getvalue())


def free_folder(path):
    """Return `path`, or the first of ``path-2``, ``path-3``, ... that does not exist."""
    candidate, k = Path(path), 2
    while candidate.exists():
        candidate, k = Path(f"{path}-{k}"), k + 1
    return candidate
