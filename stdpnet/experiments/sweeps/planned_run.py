"""One run of a sweep: what is asked for, how far its folder is, and the work that a worker does for it."""

import platform
import traceback
from dataclasses import dataclass
from typing import Any

from joblib import parallel_config

from stdpnet.base import files
from stdpnet.base.environment import check_workers
from stdpnet.base.errors import RunFolderError
from stdpnet.base.parameters import names_of
from stdpnet.datasets import Dataset
from stdpnet.experiments.results_folder import difference
from stdpnet.experiments.stdp.data_of_run import check_data, same_place
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.train import train
from stdpnet.learning.config import Config
from stdpnet.simulation import at_most


@dataclass(frozen=True)
class PlannedRun:
    """A run that a sweep asks for."""

    config: Config
    folder: RunFolder
    n_inputs: int
    presentations: int
    label_images: int
    test_images: int
    #: That its training may take.
    cores: int = 1
    #: The mechanism that it lacks.
    without: str = ""

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.path.name

    @property
    def finished(self) -> bool:
        """Whether it is trained and evaluated as asked for."""
        report = self.folder.last_evaluation()  # one of another state is none
        if report is None:
            return False
        found = [report.get(name) for name in ("presented", "n_label_images", "n_test_images")]
        return found == [self.presentations, self.label_images, self.test_images]

    @property
    def started(self) -> bool:
        """Whether it has a checkpoint to go on from."""
        return self.folder.config_file.exists() and self.folder.checkpoint_file.exists()

    def row(self, status: str) -> dict[str, Any]:
        """Return its row of the table: dict by column, with results only if it is finished."""
        config = self.config
        row: dict[str, Any] = {
            "rule": config.plasticity.name,
            "neurons": config.neurons,
            "seed": config.seed,
            "status": status,
        }
        row |= {"without": self.without} if self.without else {}
        if status == "finished":
            report = self.folder.evaluation()
            row |= {name: report[name] for name in ("accuracy", "n_label_images", "n_test_images")}
            row["interval_low"], row["interval_high"] = report["confidence_interval_95"]
            row["presentations"] = report["presented"]
            names = ("spikes_per_image", "theta_mean_mV", "silent_share")
            row |= {name: float(values[-1]) for name, values in zip(names, self.folder.series(*names), strict=True)}
        return row | {"folder": self.name}


def check_jobs(jobs: int) -> None:
    """Check the number of runs at a time.

    Raises
    ------
    ConfigError
        When it is neither at least 1 nor -1.
    """
    check_workers("jobs", jobs)


def check_same(folder: RunFolder, config: Config, dataset: Dataset | None = None) -> None:
    """Check that a run folder holds no run of another configuration.

    Parameters
    ----------
    folder : RunFolder
    config : Config
    dataset : Dataset, optional
        What the configuration names: then its path may be another one, if the images are those of the run.

    Raises
    ------
    RunFolderError
        When it does.
    """
    if not folder.config_file.exists():
        return
    renamed = dataset is not None and (folder.data_fingerprint() or same_place(folder, config.dataset))
    differs = difference(folder, config, allowed=names_of(Config, "cores") | ({"dataset"} if renamed else set()))
    if differs:
        raise RunFolderError(
            f"{folder.path} holds a run with {differs}: ask for the same, remove that folder, or choose another --out"
        )
    if dataset is not None:
        check_data(folder, dataset)


def carry_out(planned: PlannedRun) -> tuple[PlannedRun, dict[str, Any], str]:
    """Train and evaluate a planned run, from its checkpoint if it has one. Runs in a worker.

    Returns
    -------
    planned : PlannedRun
    row : dict
        Of the table.
    message : str
        What it gave, or what went wrong; the whole error is in ``error.txt``.

    Raises
    ------
    RunFolderError
        When this machine does not see the sweep's folder, or cannot write there.
    """
    folder = planned.folder
    if not folder.path.parent.is_dir():
        raise RunFolderError(
            f"{platform.node()} sees no folder {folder.path.parent}: put the sweep where all machines of the cluster "
            "see it under the same path"
        )
    folder.prepare()
    error_file = folder.path / "error.txt"
    error_file.unlink(missing_ok=True)
    try:
        # on a cluster the evaluation would ask it for more workers
        with parallel_config("sequential"), at_most(planned.cores):
            trained = train(planned.config, folder=folder, resume=folder.config_file.exists(), show_progress=False)
            evaluate(
                trained,
                label_images=planned.label_images,
                test_images=planned.test_images,
                workers=1,
                show_progress=False,
            )
        row = planned.row("finished")
    except Exception as error:  # whatever it is, the other runs go on
        files.write_text(error_file, traceback.format_exc())
        return planned, planned.row("failed"), f"{planned.name} failed: {error}"
    return planned, row, f"{planned.name}: test accuracy {row['accuracy']:.2%}"
