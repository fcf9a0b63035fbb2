"""A sweep: many runs side by side, on all cores or on a cluster, and one table of what they gave."""

import functools
import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from joblib import delayed

from stdpnet.base.errors import SimulationError
from stdpnet.base.progress import progress_bar
from stdpnet.base.tables import write_table
from stdpnet.experiments.stdp.request import Request
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.paired import with_differences
from stdpnet.experiments.sweeps.plan import plan
from stdpnet.experiments.sweeps.planned_run import (
    PlannedRun,
    carry_out,
    check_jobs,
)
from stdpnet.experiments.sweeps.under_way import UnderWay
from stdpnet.experiments.sweeps.workers import cores_each, on_this_machine, workers
from stdpnet.learning.config import Config
from stdpnet.learning.values import network_spec
from stdpnet.simulation import builds, resolve_backend

log = logging.getLogger(__name__)

#: No time and no machine among them: an interrupted sweep gives the same table, to the byte.
COLUMNS = (
    *("rule", "neurons", "seed", "status", "accuracy", "interval_low", "interval_high", "presentations"),
    *("spikes_per_image", "theta_mean_mV", "silent_share", "n_label_images", "n_test_images", "folder"),
)


def sweep(
    configs: Iterable[Config],
    folder: str | Path,
    *,
    label_images: int = 0,
    test_images: int = 0,
    without: Sequence[str] = (),
    jobs: int = -1,
    show_progress: bool = True,
) -> list[dict[str, Any]]:
    """Train and evaluate one run for each configuration, in folders ``{rule}_{neurons}_seed{seed}``.

    Finished runs are left as they are, and others go on from their last checkpoint. The work goes
    through joblib without naming a backend: within ``joblib.parallel_config(backend="dask")`` a
    cluster does it, whose machines must see `folder` and the data set under the same paths.

    Parameters
    ----------
    configs : iterable of Config
    folder : path-like
        Holds the runs' folders and ``sweep.csv``, which is written anew after each run.
    label_images, test_images : int
        As in `evaluate`.
    without : sequence of str
        Mechanisms, of `stdpnet.experiments.sweeps.mechanisms.MECHANISMS`. Beside each network one that lacks it is run,
        if it has it, in a folder ``..._without-{mechanism}``; the table has columns ``without`` and ``difference``,
        the accuracy less that of the whole network with the same seed.
    jobs : int
        Runs at a time; -1 means one for each core. On a cluster the cluster decides.
    show_progress : bool

    Returns
    -------
    list of dict
        The rows of ``sweep.csv``, by column. A run that failed has the status ``failed``, and
        ``error.txt`` in its folder.

    Raises
    ------
    ConfigError
        When two runs would have one folder, a run asks for more images than there are, or no network has a mechanism.
    RunFolderError
        When a run's folder holds another configuration, or cannot be written.
    SimulationError
        When the system ends a worker.

    Examples
    --------
    >>> import stdpnet, tempfile
    >>> configs = [stdpnet.Config(neurons=20, images=30, epochs=1, seed=seed) for seed in (0, 1)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     rows = stdpnet.sweep(configs, folder, label_images=30, test_images=10, jobs=1, show_progress=False)
    >>> [(row["neurons"], row["seed"], row["status"]) for row in rows]
    [(20, 0, 'finished'), (20, 1, 'finished')]
    """
    check_jobs(jobs)
    folder = Path(folder).absolute()
    planned = plan(configs, folder, Request(label_images, test_images), without)
    rows = {run.name: run.row("finished" if run.finished else "unfinished") for run in planned}
    todo = [run for run in planned if rows[run.name]["status"] == "unfinished"]
    # the largest first, so that none of them is left alone at the end
    todo.sort(key=lambda run: -run.config.neurons * run.presentations)
    total, left = (sum(run.presentations for run in some) for some in (planned, todo))
    log.info("%s: %d of %d runs are finished", folder, len(planned) - len(todo), len(planned))
    RunFolder(folder).prepare()
    write = functools.partial(write_rows, folder / "sweep.csv", rows, bool(without))
    write()
    if on_this_machine():
        compile_networks(todo)
    cores = cores_each(jobs, len(todo))
    watched = [(run.name, run.folder, run.presentations) for run in todo]
    done = workers(jobs)(delayed(carry_out)(replace(run, cores=cores)) for run in todo)
    try:
        with (
            progress_bar(total, total - left, "sweep", show_progress) as bar,
            UnderWay(watched, bar, show_progress) as under_way,
        ):
            for run, row, message in done:
                rows[run.name] = row
                write()
                bar.clear()
                log.info("%s", message)
                under_way.over(run.name)
    except BrokenExecutor:
        raise SimulationError(
            "the system ended a worker, perhaps since memory ran out: the same command goes on from the checkpoints; "
            "--jobs starts fewer runs at a time"
        ) from None
    return in_order(rows)


def compile_networks(planned: Iterable[PlannedRun]) -> None:
    """Compile each network once, with all cores, so that the workers on this machine need not wait for each other."""
    networks = {}
    for run in planned:
        if resolve_backend(run.config.backend) == "cpp":
            for plastic in (True, False):
                spec = network_spec(run.config, run.n_inputs, plastic)
                networks[builds.key(spec)] = spec
    for spec in networks.values():
        with suppress(SimulationError):  # the runs of this network report it
            builds.build(spec, log.info)


def write_rows(file: Path, rows: Mapping[str, dict[str, Any]], paired: bool) -> None:
    """Write the table.

    Parameters
    ----------
    file : Path
    rows : dict of str to dict
        By the name of the run.
    paired : bool
        With the columns of networks that lack something.
    """
    columns = (*COLUMNS[:-1], "without", "difference", COLUMNS[-1]) if paired else COLUMNS
    write_table(file, in_order(rows), columns)


def in_order(rows: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows by rule, neurons, seed and what they lack, which differ from the whole network by so much."""
    key = ("rule", "neurons", "seed")
    ordered = sorted(rows.values(), key=lambda row: (*(row[name] for name in key), row.get("without", "")))
    return with_differences(ordered)
