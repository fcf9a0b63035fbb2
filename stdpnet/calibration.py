"""Find the parameters that the paper does not publish: candidates, each tried in a short run.

Candidates are compared on training images that they have not seen, never on the test set.
"""

import csv
import io
import logging
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from stdpnet import datasets, files
from stdpnet.cell import Cell, run_cell
from stdpnet.config import from_dict, merged
from stdpnet.datasets.idx import write_folder
from stdpnet.errors import ConfigError, SimulationError
from stdpnet.presets import with_preset
from stdpnet.progress import progress_bar
from stdpnet.runfolder import RunFolder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trial:
    """What is tried, and how: ``images`` are trained on, ``validation`` others decide, both of the training set."""

    images: int
    validation: int
    spikes: float
    rounds: int

    def __post_init__(self):
        for name in ("images", "validation", "rounds"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)}; expected at least 1")
        if self.spikes < 0:
            raise ConfigError(f"spikes is {self.spikes}; expected at least 0, the spikes wanted per image")


def held_out(dataset, trial, folder):
    """Write the first training images as a test set, and those after them to train on, into a folder of IDX files.

    Not the last ones of MNIST's training set decide: they are easier than its test set (measured: 84 % where the
    test set gives 80 % and the first 10,000 give 79 %).

    Raises
    ------
    ConfigError
        When there are not enough training images for both parts.
    """
    n = len(dataset.train_images)
    if trial.images + trial.validation > n:
        raise ConfigError(
            f"images {trial.images} and validation {trial.validation} are more than the {n} training images of "
            f"{dataset.name}: lower one of them"
        )
    decide, train = slice(trial.validation), slice(trial.validation, trial.validation + trial.images)
    write_folder(
        *(folder, dataset.train_images[train], dataset.train_labels[train]),
        *(dataset.train_images[decide], dataset.train_labels[decide]),
    )


def candidates(tries):
    """Return every combination of the values to try, as nested data for `stdpnet.config.from_dict`.

    Parameters
    ----------
    tries : dict of str to sequence of float
        By name, such as ``connections.inhibition`` or ``constants.eta``.
    """
    return [_nested(dict(zip(tries, values, strict=True))) for values in product(*tries.values())]


def _nested(flat):
    result = {}
    for name, value in flat.items():
        group, _, rest = name.rpartition(".")
        result = merged(result, {group: {rest: value}} if group else {name: value})
    return result


def calibrate(base, tries, trial, folder, jobs=-1, show_progress=True):
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
        Holds the images, a run folder for each candidate and round, and ``calibration.csv``. What is
        finished there is not run again.
    jobs : int
        Candidates at a time; -1 means one for each core.
    show_progress : bool

    Returns
    -------
    list of dict
        Rows of ``calibration.csv``, the best first: the tried values, ``theta_plus``, ``accuracy`` on
        the held-out training images, ``spikes_per_image``, ``theta_mean_mV``, ``silent_share``.

    Raises
    ------
    ConfigError
        When there are not enough images, or a name or a value is not usable.
    SimulationError
        When no candidate could be run to its end.
    """
    folder = Path(folder).absolute()
    shared = with_preset(base)
    source = datasets.load(from_dict(shared).dataset)
    shared = merged(shared, {"dataset": str(folder / "images"), "images": 0, "epochs": 1})
    configs = [from_dict(merged(shared, candidate)) for candidate in candidates(tries)]
    RunFolder(folder).prepare()
    held_out(source, trial, folder / "images")
    work = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(_try)(config, trial, folder / f"candidate{k}", source.n_inputs) for k, config in enumerate(configs)
    )
    names, rows = list(tries), []
    with progress_bar(len(configs), 0, "calibration", show_progress, unit="candidate") as bar:
        for config, row, message in work:
            bar.update(1)
            if row is None:
                log.warning("%s", message)
                continue
            values = {name: _value(config, name) for name in names}
            rows.append(values | {"theta_plus": config.excitatory.theta_plus} | row)
            rows.sort(key=lambda row: (-row["accuracy"], *(row[name] for name in names)))
            _write(folder / "calibration.csv", rows)
    if not rows:
        raise SimulationError(f"no candidate ran to its end; see error.txt in the folders of {folder}")
    return rows


def _try(config, trial, folder, n_inputs):
    """Run a candidate, in rounds if theta_plus is adapted. Runs in a worker."""
    for k in range(trial.rounds if trial.spikes else 1):
        run = RunFolder(folder / f"round{k}")
        run.path.parent.mkdir(exist_ok=True)
        cell = Cell(config, run, n_inputs, trial.images, min(10_000, trial.images), trial.validation)
        if cell.finished and run.config() == config:
            row = cell.row("finished")
        else:
            _, row, message = run_cell(cell)
            if row["status"] == "failed":
                return config, None, message
        spikes = np.mean([float(r["spikes_per_image"]) for r in run.metrics()[-3:]])
        result = config, {key: row[key] for key in ("accuracy", "theta_mean_mV", "silent_share")}
        result[1]["spikes_per_image"] = float(spikes)
        if trial.spikes:
            theta_plus = config.excitatory.theta_plus * spikes / trial.spikes
            config = replace(config, excitatory=replace(config.excitatory, theta_plus=round(theta_plus, 5)))
    return *result, f"{folder.name}: {result[1]['accuracy']:.2%}"


def _value(config, name):
    group, _, rest = name.rpartition(".")
    holder = getattr(config, group) if group else config
    return holder[rest] if isinstance(holder, dict) else getattr(holder, rest)


def _write(path, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)
    files.write_text(path, text.getvalue())
