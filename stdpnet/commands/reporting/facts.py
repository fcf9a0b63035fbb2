"""What a report says in words: the accuracy and what it is of, how the run was made, with which versions."""

from typing import Any

from stdpnet.base.scoring import stored_names
from stdpnet.commands.reporting.configuration import readable
from stdpnet.commands.reporting.tried import tried
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.data_of_run import check_data, dataset_of
from stdpnet.experiments.stdp.file_checks import starts
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.rules import Rule

#: A name and what it stands for.
Fact = tuple[str, str]

#: Of more classes than that, the first ones are named.
MANY = 30


def data_of(folder: RunFolder) -> Dataset:
    """Return the data set of a run.

    Raises
    ------
    DataError
        When it cannot be found or read.
    RunFolderError
        When it is another one now.
    """
    dataset = dataset_of(folder)
    check_data(folder, dataset)
    return dataset


def headline(folder: RunFolder, config: Config, dataset: Dataset | None) -> list[Fact]:
    """Return what the run is, in short.

    Parameters
    ----------
    folder : RunFolder
    config : Config
        That of the run.
    dataset : Dataset or None
        None where it cannot be found.

    Returns
    -------
    list of (str, str)
    """
    predictions, report = tried(folder.last_predictions).found, tried(folder.evaluation).found
    rows = tried(folder.metrics).found
    names = stored_names(predictions or {}) or (dataset.class_names if dataset is not None else ())
    own = f", a rule of its own: {config.rule.source}" if isinstance(config.rule, Rule) else ""
    facts = [("rule", f"{config.plasticity.name}{own}"), ("neurons", f"{config.neurons:,} excitatory")]
    about = repr(dataset).partition(": ")[2] if dataset is not None else ""
    facts.append(("data set", f"{config.dataset}{f': {about}' * bool(about)}"))
    if names:
        facts.append(("classes", _listed(names)))
    if rows:
        stopped = tried(folder.stopped_early).found
        presented = stopped or f"{rows[-1]['presented']:,.0f} presentations"
        facts.append(("training", f"{'stopped early, after ' * bool(stopped)}{presented}, seed {config.seed}"))
    if report is not None:
        unassigned = f"{report['unassigned']:,} of {report['neurons']:,} have no name"
        facts.append(("names", f"from the labels of {report['n_label_images']:,} training images; {unassigned}"))
    return facts


def made(folder: RunFolder) -> list[list[Fact]]:
    """Return how the run was started, and then resumed: command, time, commit, machine, of each start.

    Raises
    ------
    RunFolderError
        When ``environment.json`` is damaged.
    """
    return [_start(environment) for environment in starts(folder.environment()) if environment]


def log_times(folder: RunFolder) -> str:
    """Return when the log begins and ends, in the time of the machine; empty if there is none."""
    if not folder.log_file.exists():
        return ""
    lines = folder.log_file.read_text(errors="replace").splitlines()
    times = [line[:19] for line in lines if line[:4].isdigit() and line[19:20] == ","]
    return f"{times[0]} to {times[-1]}" if times else ""


def versions(folder: RunFolder) -> list[Fact]:
    """Return what the run was made with; where it was resumed with another version, both.

    Raises
    ------
    RunFolderError
        When ``environment.json`` is damaged.
    """
    found: dict[str, list[str]] = {}
    for environment in starts(folder.environment()):
        packages = environment.get("versions")
        known = {"python": environment.get("python")} if "python" in environment else {}
        for name, version in (known | (packages if isinstance(packages, dict) else {})).items():
            absent = "from a checkout" if name == "stdpnet" else "not installed"
            found.setdefault(name, []).append(absent if version is None else str(version))
    return [(name, ", then ".join(dict.fromkeys(each))) for name, each in found.items()]


def _start(environment: dict[str, Any]) -> list[Fact]:
    commit = environment.get("git_commit")
    if commit:
        commit = f"{commit}{', with changes that were not committed' * bool(environment.get('git_dirty'))}"
    named = {
        "command": environment.get("command"),
        "seed": environment.get("seed"),
        "started": environment.get("started"),
        "commit": commit or "none: not run from a checkout",
        "simulator": environment.get("backend"),
        "machine": " ".join(str(environment[name]) for name in ("platform", "processor") if environment.get(name)),
    }
    return [(name, readable(value)) for name, value in named.items() if value not in (None, "")]


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MANY:,} more" if len(names) > MANY else ""
    return f"{len(names):,}: {', '.join(names[:MANY])}{more}"
