"""A sweep: many runs side by side, on all cores or on a cluster, and one table of what they gave."""

import functools
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from stdpnet import datasets
from stdpnet.base.errors import ConfigError, SimulationError
from stdpnet.base.progress import progress_bar
from stdpnet.base.tables import write_table
from stdpnet.experiments.stdp.checkpoint import training_images
from stdpnet.experiments.stdp.request import Request
from stdpnet.experiments.stdp.run import check_run, n_inputs, presentations
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.planned_run import (
    PlannedRun,
    carry_out,
    check_jobs,
    check_same,
    cores_each,
    on_this_machine,
)
from stdpnet.experiments.sweeps.under_way import UnderWay
from stdpnet.learning.automatic import decided
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
        When two runs would have one folder, or a run asks for more images than there are.
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
    planned = plan(configs, folder, Request(label_images, test_images))
    rows = {run.name: run.row("finished" if run.finished else "unfinished") for run in planned}
    todo = [run for run in planned if rows[run.name]["status"] == "unfinished"]
    # the largest first, so that none of them is left alone at the end
    todo.sort(key=lambda run: -run.config.neurons * run.presentations)
    total, left = (sum(run.presentations for run in some) for some in (planned, todo))
    log.info("%s: %d of %d runs are finished", folder, len(planned) - len(todo), len(planned))
    RunFolder(folder).prepare()
    write_table(folder / "sweep.csv", in_order(rows), COLUMNS)
    if on_this_machine():
        compile_networks(todo)
    cores = cores_each(jobs, len(todo))
    watched = [(run.name, run.folder, run.presentations) for run in todo]
    done = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(carry_out)(replace(run, cores=cores)) for run in todo
    )
    try:
        with (
            progress_bar(total, total - left, "sweep", show_progress) as bar,
            UnderWay(watched, bar, in_presentations=True, show_progress=show_progress) as under_way,
        ):
            for run, row, message in done:
                rows[run.name] = row
                write_table(folder / "sweep.csv", in_order(rows), COLUMNS)
                bar.clear()
                log.info("%s", message)
                under_way.over(run.name)
    except BrokenExecutor:
        raise SimulationError(
            "the system ended a worker, perhaps since memory ran out: the same command goes on from the checkpoints; "
            "--jobs starts fewer runs at a time"
        ) from None
    return in_order(rows)


def plan(configs: Iterable[Config], folder: Path, request: Request) -> list[PlannedRun]:
    """Return the runs of a sweep, after all checks that need no long work. For the errors see `sweep`.

    Parameters
    ----------
    configs : iterable of Config
    folder : Path
        Of the sweep.
    request : Request
        What each of them is to be evaluated on.
    """
    load, planned = functools.cache(datasets.load_dataset), {}
    for config in configs:
        resolve_backend(config.backend)
        dataset = load(config.dataset)
        asked, config = request.of(dataset), decided(config, *training_images(config, dataset))
        place = RunFolder(folder / f"{config.plasticity.name}_{config.neurons}_seed{config.seed}")
        run = PlannedRun(
            *(config, place, n_inputs(config, dataset), presentations(config, dataset)),
            *(asked.label_images, asked.test_images),
        )
        if run.name in planned:
            raise ConfigError(f"two runs would be called {run.name}: give each rule, size and seed once")
        check_same(place, config, dataset)
        check_run(config, dataset, place, resume=run.started and not run.finished)
        planned[run.name] = run
    return list(planned.values())


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


def in_order(rows: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows by rule, neurons and seed."""
    return sorted(rows.values(), key=lambda row: (row["rule"], row["neurons"], row["seed"]))
