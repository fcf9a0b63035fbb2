"""The runs that a figure compares, found in folders."""

import re
from dataclasses import dataclass
from pathlib import Path

from stdpnet.base.errors import RunFolderError
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.rules import in_order


@dataclass(frozen=True)
class Run:
    """A run, which may have stopped half-way or failed.

    Attributes
    ----------
    folder : RunFolder
    rule : str
    neurons, seed : int
    status : {"finished", "unfinished", "failed"}
        Finished are those evaluated after their last batch; those that failed hold an ``error.txt``.
    config : Config or None
        None when the run failed before it wrote one.
    report : dict or None
        ``evaluation.json`` of a finished run.
    """

    folder: RunFolder
    rule: str
    neurons: int
    seed: int
    status: str
    config: Config | None = None
    report: dict | None = None


def find_runs(paths):
    """Return the runs among some folders and in them.

    Parameters
    ----------
    paths : list of path-like
        Run folders, or folders that hold run folders.

    Returns
    -------
    list of Run
        Each run once, in order of rule, neurons and seed.

    Raises
    ------
    RunFolderError
        When one of the folders neither is nor holds a run, or a run is damaged.
    """
    runs = {}
    for path in map(Path, paths):
        candidates = [path, *sorted(child for child in path.glob("*") if child.is_dir())]
        found = [run for run in map(_read, candidates) if run]
        if not found:
            raise RunFolderError(
                f"{path}: expected a run folder made by stdpnet train, or a folder with such folders in it"
            )
        runs |= {run.folder.path.resolve(): run for run in found}
    rules = in_order(run.rule for run in runs.values())
    return sorted(runs.values(), key=lambda run: (rules.index(run.rule), run.neurons, run.seed))


def _read(path):
    folder, failed = RunFolder(path), (path / "error.txt").exists()
    if folder.config_file.exists():
        config = folder.config()
        report = folder.last_evaluation()
        rows = folder.metrics()
        if report and rows and rows[-1]["presented"] != report["presented"]:
            report = None  # evaluated, then trained further
        status = "finished" if report else "failed" if failed else "unfinished"
        return Run(folder, config.plasticity.name, config.neurons, config.seed, status, config, report)
    name = re.fullmatch(r"(.+)_(\d+)_seed(\d+)", path.name)
    if failed and name:
        return Run(folder, name[1], int(name[2]), int(name[3]), "failed")
    return None


def finished(runs):
    """Return the finished ones.

    Raises
    ------
    RunFolderError
        When there is none.
    """
    kept = [run for run in runs if run.status == "finished"]
    if not kept:
        raise RunFolderError(f"{runs[0].folder.path}: not evaluated yet; run stdpnet evaluate {runs[0].folder.path}")
    return kept


def with_metrics(runs):
    """Return those of which at least one batch has finished.

    Raises
    ------
    RunFolderError
        When there is none.
    """
    kept = [run for run in runs if run.config and run.folder.metrics_file.exists()]
    if not kept:
        raise RunFolderError(f"{runs[0].folder.path}: no batch finished yet; train the run first")
    return kept
