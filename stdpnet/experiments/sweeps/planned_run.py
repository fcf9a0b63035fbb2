"""One cell of a sweep: what is asked for, how far its folder is, and the work that a worker does for it."""

import platform
import traceback
from dataclasses import dataclass

from joblib import parallel_config

from stdpnet import datasets
from stdpnet.base import files
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.logs import logging_into
from stdpnet.experiments.stdp.run import compile_training, difference, evaluate_run, train_run
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.simulation import resolve_backend


@dataclass(frozen=True)
class Cell:
    """A run that a sweep asks for."""

    config: Config
    folder: RunFolder
    n_inputs: int
    presentations: int
    label_images: int
    test_images: int

    @property
    def name(self):
        """The name of its folder."""
        return self.folder.path.name

    @property
    def finished(self):
        """Whether it is trained and evaluated as asked for."""
        if not self.folder.evaluation_file.exists():
            return False
        report = self.folder.evaluation()
        found = [report.get(name) for name in ("presented", "n_label_images", "n_test_images")]
        return found == [self.presentations, self.label_images, self.test_images]

    @property
    def started(self):
        """Whether it has a checkpoint to go on from."""
        return self.folder.config_file.exists() and self.folder.checkpoint_file.exists()

    def row(self, status):
        """Return its row of the table: dict by column, with results only if it is finished."""
        config = self.config
        row = {"rule": config.plasticity.name, "neurons": config.neurons, "seed": config.seed, "status": status}
        if status == "finished":
            report = self.folder.evaluation()
            row |= {name: report[name] for name in ("accuracy", "n_label_images", "n_test_images")}
            row["interval_low"], row["interval_high"] = report["confidence_interval_95"]
            row["presentations"] = report["presented"]
            names = ("spikes_per_image", "theta_mean_mV", "silent_share")
            row |= {name: float(values[-1]) for name, values in zip(names, self.folder.series(*names), strict=True)}
        return row | {"folder": self.name}


def check_jobs(jobs):
    """Check the number of runs at a time.

    Raises
    ------
    ConfigError
        When it is neither at least 1 nor -1.
    """
    if jobs == 0 or jobs < -1:
        raise ConfigError(f"jobs is {jobs}; expected at least 1, or -1 for one on each core")


def check_same(folder, config):
    """Check that a run folder holds no run of another configuration.

    Raises
    ------
    RunFolderError
        When it does.
    """
    differs = folder.config_file.exists() and difference(folder, config)
    if differs:
        raise RunFolderError(
            f"{folder.path} holds a run with {differs}: ask for the same, remove that folder, or choose another --out"
        )


def run_cell(cell):
    """Train and evaluate a cell, from its checkpoint if it has one. Runs in a worker.

    Returns
    -------
    cell : Cell
    row : dict
        Of the table.
    message : str
        What it gave, or what went wrong; the whole error is in ``error.txt``.

    Raises
    ------
    RunFolderError
        When this machine does not see the sweep's folder, or cannot write there.
    """
    config, folder = cell.config, cell.folder
    if not folder.path.parent.is_dir():
        raise RunFolderError(
            f"{platform.node()} sees no folder {folder.path.parent}: put the sweep where all machines of the cluster "
            "see it under the same path"
        )
    folder.prepare()
    error_file = folder.path / "error.txt"
    error_file.unlink(missing_ok=True)
    try:
        # sequential: on a cluster the evaluation would ask it for more workers
        with folder.claim(), parallel_config("sequential"), logging_into(folder.log_file):
            dataset, backend = datasets.load(config.dataset), resolve_backend(config.backend)
            compile_training(config, dataset, backend)
            checkpoint = train_run(config, dataset, folder, backend, resume=cell.started, show_progress=False)
            request = {"label_images": cell.label_images, "test_images": cell.test_images, "workers": 1}
            evaluate_run(config, checkpoint, dataset, folder, backend, **request, show_progress=False)
        row = cell.row("finished")
    except Exception as error:  # whatever it is, the other cells go on
        files.write_text(error_file, traceback.format_exc())
        return cell, cell.row("failed"), f"{cell.name} failed: {error}"
    return cell, row, f"{cell.name}: test accuracy {row['accuracy']:.2%}"
