"""A sweep: many runs side by side, on all cores or on a cluster, and one table of what they gave."""

import functools
import json
import logging
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path

from joblib import Parallel, delayed
from joblib.parallel import LokyBackend, MultiprocessingBackend, SequentialBackend, ThreadingBackend, get_active_backend

from stdpnet import datasets
from stdpnet.base.errors import ConfigError, SimulationError
from stdpnet.base.progress import progress_bar
from stdpnet.base.tables import write_table
from stdpnet.experiments.stdp.evaluation import check_request
from stdpnet.experiments.stdp.run import check_run, presentations
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.planned_run import Cell, check_jobs, check_same, run_cell
from stdpnet.learning.config import from_dict
from stdpnet.learning.values import network_spec
from stdpnet.simulation import builds, resolve_backend

log = logging.getLogger(__name__)

#: No time and no machine among them: an interrupted sweep gives the same table, to the byte.
COLUMNS = (
    *("rule", "neurons", "seed", "status", "accuracy", "interval_low", "interval_high", "presentations"),
    *("spikes_per_image", "theta_mean_mV", "silent_share", "n_label_images", "n_test_images", "folder"),
)

#: joblib's backends whose workers see the compiled networks of this machine.
LOCAL = (LokyBackend, MultiprocessingBackend, SequentialBackend, ThreadingBackend)


def sweep(configs, folder, label_images=0, test_images=0, jobs=-1, show_progress=True):
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
    """
    check_jobs(jobs)
    folder = Path(folder).absolute()
    cells = plan(configs, folder, label_images, test_images)
    rows = {cell.name: cell.row("finished" if cell.finished else "unfinished") for cell in cells}
    todo = [cell for cell in cells if rows[cell.name]["status"] == "unfinished"]
    # the largest first, so that none of them is left alone at the end
    todo.sort(key=lambda cell: -cell.config.neurons * cell.presentations)
    total, left = (sum(cell.presentations for cell in some) for some in (cells, todo))
    log.info("%s: %d of %d runs are finished", folder, len(cells) - len(todo), len(cells))
    RunFolder(folder).prepare()
    write_table(folder / "sweep.csv", in_order(rows), COLUMNS)
    if type(get_active_backend()[0]) in LOCAL:
        compile_networks(todo)
    done = Parallel(n_jobs=jobs, return_as="generator_unordered")(delayed(run_cell)(cell) for cell in todo)
    try:
        with progress_bar(total, total - left, "sweep", show_progress) as bar:
            for cell, row, message in done:
                rows[cell.name] = row
                write_table(folder / "sweep.csv", in_order(rows), COLUMNS)
                bar.clear()
                log.info("%s", message)
                bar.update(cell.presentations)
    except BrokenExecutor:
        raise SimulationError(
            "the system ended a worker, perhaps since memory ran out: the same command goes on from the checkpoints; "
            "--jobs starts fewer runs at a time"
        ) from None
    return in_order(rows)


def plan(configs, folder, label_images, test_images):
    """Return the cells of a sweep, after all checks that need no long work. For the errors see `sweep`."""
    load, cells = functools.cache(datasets.load), {}
    for config in configs:
        resolve_backend(config.backend)
        dataset = load(config.dataset)
        check_request(dataset, label_images, test_images, workers=1)
        # a rule from a file goes along in full: a worker elsewhere may not see the file
        config = from_dict(json.loads(config.to_json()))
        run = RunFolder(folder / f"{config.plasticity.name}_{config.neurons}_seed{config.seed}")
        cell = Cell(
            *(config, run, dataset.n_inputs, presentations(config, dataset)),
            label_images or min(10_000, len(dataset.train_images)),
            test_images or len(dataset.test_images),
        )
        if cell.name in cells:
            raise ConfigError(f"two runs would be called {cell.name}: give each rule, size and seed once")
        check_same(run, config)
        check_run(config, dataset, run, resume=cell.started and not cell.finished)
        cells[cell.name] = cell
    return list(cells.values())


def compile_networks(cells):
    """Compile each network once, with all cores, so that the workers on this machine need not wait for each other."""
    networks = {}
    for cell in cells:
        if resolve_backend(cell.config.backend) == "cpp":
            for plastic in (True, False):
                spec = network_spec(cell.config, cell.n_inputs, plastic)
                networks[builds.key(spec)] = spec
    for spec in networks.values():
        with suppress(SimulationError):  # the runs of this network report it
            builds.build(spec, log.info)


def in_order(rows):
    """Return rows by rule, neurons and seed."""
    return sorted(rows.values(), key=lambda row: (row["rule"], row["neurons"], row["seed"]))
