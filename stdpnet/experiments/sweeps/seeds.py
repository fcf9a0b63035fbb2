"""Which runs are seeds of one experiment: groups of runs that differ in nothing else."""

import json
from typing import Any

from stdpnet.base.errors import RunFolderError
from stdpnet.base.parameters import flat, names_of
from stdpnet.learning.config import Config


def by_settings(runs):
    """Group runs that differ in their seed only.

    Parameters
    ----------
    runs : list of Run
        From `find_runs`; their order is kept.

    Returns
    -------
    dict of str to list of Run
        By a label that says rule, neurons, and those parameters in which equal ones of these differ.

    Raises
    ------
    RunFolderError
        When a group has the same seed twice.
    """
    groups = {}
    for run in runs:
        group = groups.setdefault(json.dumps(settings(run.config)), [])
        for other in group:
            if other.seed == run.seed:
                raise RunFolderError(
                    f"{other.folder.path} and {run.folder.path} are the same run, rule {run.rule}, {run.neurons} "
                    f"neurons, seed {run.seed}; give one of them"
                )
        group.append(run)
    labels = {}
    for group in groups.values():
        first, mine = group[0], settings(group[0].config)
        alike = [settings(other[0].config) for other in groups.values() if _kind(other[0]) == _kind(first)]
        differing = [name for name in mine if any(other.get(name) != mine[name] for other in alike)]
        details = "".join(f", {name.split('.')[-1]} {mine[name]}" for name in differing)
        labels[f"{first.rule}, {first.neurons:,} neurons{details}"] = group
    return labels


def by_rule_and_neurons(runs):
    """Group runs by rule and number of neurons, where these differ in their seed only.

    Parameters
    ----------
    runs : list of Run
        From `find_runs`; their order is kept.

    Returns
    -------
    dict of (str, int) to list of Run

    Raises
    ------
    RunFolderError
        When two runs of a group differ in more than the seed, or not at all.
    """
    groups = {}
    for group in by_settings(runs).values():
        other = groups.setdefault(_kind(group[0]), group)
        if other is not group:
            raise _not_alike(other[0], group[0])
    return groups


def _kind(run):
    return run.rule, run.neurons


def settings(config: Config) -> dict[str, Any]:
    """Return what runs have in common that differ in their seed only, by ``group.name``."""
    incidental = names_of(Config, "seed", "checkpoints", "computing", "cores")
    named = {name: value for name, value in config.to_dict().items() if name not in incidental}
    if "custom_rule" in named:  # the values that it has here stand under constants
        named["custom_rule"] = {name: value for name, value in named["custom_rule"].items() if name != "constants"}
    return flat(named)


def _not_alike(one, other):
    first, second = settings(one.config), settings(other.config)
    name = next(name for name in first | second if first.get(name) != second.get(name))
    return RunFolderError(
        f"{one.folder.path} and {other.folder.path} both have rule {one.rule} and {one.neurons} neurons, but {name} is "
        f"{first.get(name)!r} in one and {second.get(name)!r} in the other; draw them apart"
    )
