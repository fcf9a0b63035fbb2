"""Runs behind printed figures, trained and evaluated again with a seed that none of them had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from stdpnet import datasets
from stdpnet.base import files
from stdpnet.base.errors import DataError, SimulationError
from stdpnet.commands.verifying.marks import files_behind, in_json, named
from stdpnet.experiments.stdp.run import presentations
from stdpnet.experiments.sweeps.found_runs import Run, find_runs, finished
from stdpnet.experiments.sweeps.seeds import by_settings
from stdpnet.experiments.sweeps.sweep import sweep
from stdpnet.learning.config import Config

#: Seconds that a run may take.
AFFORDABLE = 600.0
#: Seconds of a presentation, and more for each neuron: of the runs in docs/figures/sweep, on one of two busy cores.
EACH, FOR_EACH_NEURON = 0.9e-3, 0.92e-6


@dataclass(frozen=True)
class Printed:
    """Runs that differ in their seed only, and what is printed of them.

    Attributes
    ----------
    about : str
        Rule, neurons, and what else tells them from other runs.
    runs : list of Run
    names : list of str
        Of accuracies in their ``evaluation.json``.
    """

    about: str
    runs: list[Run]
    names: list[str]

    @property
    def seed(self) -> int:
        """The first seed that none of them has."""
        return next(seed for seed in range(len(self.runs) + 1) if all(run.seed != seed for run in self.runs))

    @property
    def seconds(self) -> float:
        """About how long one of them takes, without the compilation."""
        shown = sum(self.report[name] for name in ("presented", "n_label_images", "n_test_images"))
        return shown * (EACH + FOR_EACH_NEURON * self.config.neurons)

    @property
    def report(self) -> dict[str, Any]:
        """That of the first of them."""
        return self.runs[0].report or {}

    @property
    def config(self) -> Config:
        """That of the first of them."""
        return self.runs[0].folder.config()


@dataclass(frozen=True)
class Outcome:
    """An accuracy of a new seed, and the interval in which it was expected, see `expected`."""

    name: str
    accuracy: float
    low: float
    high: float

    @property
    def within(self) -> bool:
        """Whether it is there."""
        return self.low <= self.accuracy <= self.high


def expected(accuracies: Sequence[float], n_test: int) -> tuple[float, float]:
    r"""Return where the accuracy of one more seed lies with 95 % confidence.

    .. math::

        \bar a \pm \sqrt{t^2 s^2 \left(1 + \frac{1}{n}\right) + z^2 \, \frac{2 \bar a (1 - \bar a)}{N}}

    with :math:`\bar a` and :math:`s` the mean and the standard deviation of the accuracies of :math:`n` seeds,
    :math:`t` the 97.5 % quantile of Student's distribution of :math:`n - 1` degrees of freedom, :math:`N` test images,
    and :math:`z = 1.96`. The first term is what the seeds' spread allows; the second is the binomial one, of the
    difference of two runs. Of one run no spread is known: it is taken as 0, and a new seed falls outside more often.

    Parameters
    ----------
    accuracies : sequence of float
        Of the runs that there are.
    n_test : int

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> low, high = expected([0.88, 0.89, 0.90], n_test=10_000)
    >>> f"{low:.3f} to {high:.3f}"
    '0.840 to 0.940'
    """
    mean, n = float(np.mean(accuracies)), len(accuracies)
    spread = stats.t.ppf(0.975, n - 1) * np.std(accuracies, ddof=1) * np.sqrt(1 + 1 / n) if n > 1 else 0.0
    binomial = stats.norm.ppf(0.975) * np.sqrt(2 * mean * (1 - mean) / n_test)
    half = float(np.hypot(spread, binomial))
    return mean - half, mean + half


def runs_behind(marks: Iterable[str], folder: Path) -> list[Printed]:
    """Return the runs of ``stdpnet train`` whose accuracy is printed.

    Parameters
    ----------
    marks : iterable of str
        What they say.
    folder : Path
        Of the files behind them.
    """
    names: dict[Path, list[str]] = {}
    for behind in marks:
        name, _ = named(behind)
        for file in files_behind(behind, folder):
            config = file.parent / "config.json"
            if file.name == "evaluation.json" and name.endswith("accuracy") and config.exists():
                found = names.setdefault(file.parent, [])
                found += [name] if name not in found and "neurons" in files.read_json(config) else []
    groups = by_settings(finished(find_runs(path for path, found in names.items() if found))) if names else {}
    return [
        Printed(about, runs, sorted({name for run in runs for name in names[run.folder.path]}))
        for about, runs in groups.items()
    ]


def reason_against(printed: Printed) -> str:
    """Return why runs are not run again, empty where they are."""
    if printed.seconds > AFFORDABLE:
        return f"takes about {printed.seconds / 60:.0f} minutes"
    try:
        dataset = datasets.load_dataset(printed.config.dataset)
    except DataError as error:
        return f"its images are not here: {error}"
    if (known := printed.runs[0].folder.data_fingerprint()) and known != dataset.fingerprint:
        return f"{printed.config.dataset} has other images here"
    if printed.report["presented"] != presentations(printed.config, dataset):
        return "was not trained to the end"
    return ""


def run_again(printed: Printed, out: Path, show_progress: bool = True) -> list[Outcome]:
    """Train and evaluate a run with another seed; what was done of it before is not done again.

    Parameters
    ----------
    printed : Printed
    out : Path
        Folder, in which the new run has a folder of the name of the first one behind.
    show_progress : bool

    Returns
    -------
    list of Outcome
        For each of the names.

    Raises
    ------
    SimulationError
        When the run failed.
    """
    config = replace(printed.config, seed=printed.seed)
    folder = out / printed.runs[0].folder.path.name
    asked = {name.removeprefix("n_"): printed.report[name] for name in ("n_label_images", "n_test_images")}
    (row,) = sweep([config], folder, **asked, jobs=1, show_progress=show_progress)
    if row["status"] != "finished":
        raise SimulationError(f"{printed.about}, seed {printed.seed} failed: see error.txt in {folder / row['folder']}")
    report = files.read_json(folder / row["folder"] / "evaluation.json")
    return [
        Outcome(
            name,
            in_json(report, name),
            *expected([in_json(run.report, name) for run in printed.runs], report["n_test_images"]),
        )
        for name in printed.names
    ]
