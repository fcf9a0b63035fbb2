"""Find the parameters that the paper does not publish: candidates, each tried in a short run.

Candidates are compared on training images that they have not seen, never on the test set.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from joblib import delayed

from stdpnet import datasets
from stdpnet.base.errors import ConfigError, SimulationError
from stdpnet.base.parameters import merged, parameter, validate
from stdpnet.base.progress import progress_bar
from stdpnet.base.tables import write_table
from stdpnet.datasets import Dataset
from stdpnet.datasets.idx_folder import write_folder
from stdpnet.experiments.stdp.checkpoint import training_images
from stdpnet.experiments.stdp.request import LABEL_IMAGES
from stdpnet.experiments.stdp.run import n_inputs
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.candidates import candidates, value_of
from stdpnet.experiments.sweeps.planned_run import PlannedRun, carry_out, check_jobs, check_same
from stdpnet.experiments.sweeps.under_way import UnderWay
from stdpnet.experiments.sweeps.workers import cores_each, workers
from stdpnet.learning.automatic import decided
from stdpnet.learning.config import Config, from_dict
from stdpnet.simulation import resolve_backend

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trial:
    """How candidates are tried: trained on training images, decided by others of the training set."""

    trained: int = parameter(20_000, "training images to train on", low=1)
    validation: int = parameter(5000, "the first training images, held out, which decide", low=1)
    spikes: float = parameter(
        16.5, "spikes per image to which theta_plus is adapted; 0: leave it", source="Diehl & Cook 2015", low=0
    )
    rounds: int = parameter(3, "runs in which it is adapted", low=1)
    seeds: int = parameter(1, "seeds of each candidate", low=1)

    def __post_init__(self) -> None:
        validate(self)


def held_out(dataset: Dataset, trial: Trial, folder: Path) -> None:
    """Write the first training images as a test set, and those after them to train on, into a folder of IDX files.

    Not the last ones of MNIST's training set decide: they are easier than its test set (measured: 84 % where the
    test set gives 80 % and the first 10,000 give 79 %).

    Parameters
    ----------
    dataset : Dataset
    trial : Trial
    folder : path-like

    Raises
    ------
    ConfigError
        When there are not enough training images for both parts.
    """
    n = len(dataset.train_images)
    if trial.trained + trial.validation > n:
        raise ConfigError(
            f"trained {trial.trained} and validation {trial.validation} are more than the {n} training images of "
            f"{dataset.name}: lower one of them"
        )
    decide, train = slice(trial.validation), slice(trial.validation, trial.validation + trial.trained)
    write_folder(
        *(folder, dataset.train_images[train], dataset.train_labels[train]),
        *(dataset.train_images[decide], dataset.train_labels[decide], dataset.class_names),
    )


def calibrate(
    base: Mapping[str, Any],
    tries: Mapping[str, Sequence[Any]],
    trial: Trial,
    folder: str | Path,
    *,
    jobs: int = -1,
    show_progress: bool = True,
) -> list[dict[str, Any]]:
    """Try every candidate and return what each gave.

    With ``trial.spikes``, theta_plus of each candidate is first brought to where the network
    fires that often: theta settles where its rise, theta_plus times the spikes of a neuron, is
    its decay, so the spikes go as 1 / theta_plus, and a few rounds are enough.

    Parameters
    ----------
    base : dict
        Nested plain data of the configuration that all candidates share.
    tries : dict of str to sequence of float
        See `candidates`.
    trial : Trial
    folder : path-like
        Holds the images, a run folder for each candidate, seed and round, and ``calibration.csv``. What is
        finished there is not run again.
    jobs : int
        Runs at a time; -1 means one for each core.
    show_progress : bool

    Returns
    -------
    list of dict
        Rows of ``calibration.csv``, the best first: the tried values, then means over the seeds of ``theta_plus``,
        ``accuracy`` on the held-out training images, ``spikes_per_image``, ``theta_mean_mV``, ``silent_share``;
        ``accuracy_sd`` between the seeds, and how many ``seeds`` there are.

    Raises
    ------
    ConfigError
        When there are not enough images, or a name or a value is not usable.
    RunFolderError
        When the folder holds another calibration.
    SimulationError
        When no candidate could be run to its end.
    """
    check_jobs(jobs)
    if base.get("images"):
        raise ConfigError(f"images is {base['images']}; a calibration takes the number of images from --trained")
    folder = Path(folder).absolute()
    shared = {"epochs": 1, **base}
    first = from_dict(shared)
    source = datasets.load_dataset(first.dataset)
    source.check_there("train_labels", what="a calibration needs")
    first = decided(first, *training_images(first, source))
    shared |= {"drive": first.drive, "shuffle": first.shuffle}
    # another split has another name, so that no run of the one is taken for one of the other
    images = folder / f"{source.name}_{trial.trained}_{trial.validation}"
    shared = merged(shared, {"dataset": str(images)})
    asked = [merged(shared, candidate) for candidate in candidates(tries)]
    configs = [from_dict(data | {"seed": seed}) for data in asked for seed in _seeds(data, trial)]
    places = [folder / f"candidate{k // trial.seeds}_seed{config.seed}" for k, config in enumerate(configs)]
    for place, config in zip(places, configs, strict=True):
        resolve_backend(config.backend)
        check_same(RunFolder(place / "round0"), config)
    RunFolder(folder).prepare()
    held_out(source, trial, images)
    cores = cores_each(jobs, len(configs))
    work = workers(jobs)(
        delayed(_try)(k, config, trial, place, n_inputs(first, source), cores)
        for k, (place, config) in enumerate(zip(places, configs, strict=True))
    )
    results, rows = {}, []
    rounds = {
        f"{place.name}, round {number}": (k, RunFolder(place / f"round{number}"), config.epochs * trial.trained)
        for k, (place, config) in enumerate(zip(places, configs, strict=True))
        for number in _rounds(trial)
    }
    left = {name: one for name, one in rounds.items() if not one[1].evaluation_file.exists()}
    total, to_come = (sum(shown for _, _, shown in some.values()) for some in (rounds, left))
    with (
        progress_bar(total, total - to_come, "calibration", show_progress) as bar,
        UnderWay([(name, run, shown) for name, (_, run, shown) in left.items()], bar, show_progress) as under_way,
    ):
        for k, row, message in work:
            for name in [name for name, (candidate, _, _) in left.items() if candidate == k]:
                under_way.over(name)
            if row is None:
                log.warning("%s", message)
                continue
            results[k] = row
            # in the order of the seeds, not in that in which they end: sums round alike
            rows = [
                {name: value_of(configs[first], name) for name in tries} | _over_seeds(found)
                for first in range(0, len(configs), trial.seeds)
                if (found := [results[k] for k in range(first, first + trial.seeds) if k in results])
            ]
            rows.sort(key=lambda row: (-row["accuracy"], *(row[name] for name in tries)))
            write_table(folder / "calibration.csv", rows)
    if not rows:
        raise SimulationError(f"no candidate ran to its end; see error.txt in the folders of {folder}")
    return rows


def _seeds(data, trial):
    first = data.get("seed", Config.seed)
    return range(first, first + trial.seeds)


def _rounds(trial):
    return range(trial.rounds if trial.spikes else 1)


def _over_seeds(rows):
    """Return the means over the rows of a candidate's seeds, and what the accuracy differs between them."""
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    spread = np.std([row["accuracy"] for row in rows], ddof=1) if len(rows) > 1 else np.nan
    return means | {"accuracy_sd": float(spread), "seeds": len(rows)}


def _try(k, config, trial, folder, n_inputs, cores):
    """Run a candidate with one seed, in rounds if theta_plus is adapted. Runs in a worker."""
    presentations = config.epochs * trial.trained
    for number in _rounds(trial):
        run = RunFolder(folder / f"round{number}")
        run.path.parent.mkdir(exist_ok=True)
        asked = min(LABEL_IMAGES, trial.trained), trial.validation
        planned = PlannedRun(config, run, n_inputs, presentations, *asked, cores)
        if planned.finished:
            row = planned.row("finished")
        else:
            _, row, message = carry_out(planned)
            if row["status"] == "failed":
                return k, None, f"{folder.name}, {message}"
        spikes = np.mean([float(r["spikes_per_image"]) for r in run.metrics()[-3:]])
        result = {"theta_plus": config.excitatory.theta_plus}
        result |= {key: row[key] for key in ("accuracy", "theta_mean_mV", "silent_share")}
        result["spikes_per_image"] = float(spikes)
        if trial.spikes:
            theta_plus = config.excitatory.theta_plus * spikes / trial.spikes
            config = replace(config, excitatory=replace(config.excitatory, theta_plus=round(theta_plus, 5)))
    return k, result, f"{folder.name}: {result['accuracy']:.2%}"
