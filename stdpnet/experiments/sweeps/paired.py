"""What each mechanism is worth: networks that lack one of them, beside the whole one of the same seed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base.errors import RunFolderError
from stdpnet.base.tables import read_table

#: Columns of a sweep's table that are text, and those that are whole numbers; the others are neither.
TEXTS = ("rule", "status", "without", "folder")
WHOLE = ("neurons", "seed", "presentations", "n_label_images", "n_test_images")


def with_differences(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of a sweep with the difference in accuracy to the whole network of the same rule, size and seed.

    Examples
    --------
    >>> run = {"rule": "triplet", "neurons": 100, "seed": 0}
    >>> rows = [run | {"accuracy": 0.75}, run | {"without": "delays", "accuracy": 0.5}]
    >>> [row.get("difference") for row in with_differences(rows)]
    [None, -0.25]
    """
    key = ("rule", "neurons", "seed")
    whole = {tuple(row[n] for n in key): row["accuracy"] for row in rows if "accuracy" in row and "without" not in row}
    made = [dict(row) for row in rows]
    for row in made:
        other = whole.get(tuple(row[name] for name in key))
        if "without" in row and "accuracy" in row and other is not None:
            row["difference"] = row["accuracy"] - other
    return made


def over_seeds(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what each mechanism is worth, over the seeds: a row for each rule, size and mechanism.

    Parameters
    ----------
    rows : sequence of dict
        From `with_differences`.

    Returns
    -------
    list of dict
        ``rule``, ``neurons``, ``without``, ``seeds``; in per cent ``accuracy`` and ``accuracy_sd``, and for networks
        that lack something ``difference`` and ``difference_sd``, paired by seed; deviations of one seed are 0.

    Examples
    --------
    >>> run = {"rule": "triplet", "neurons": 100, "without": "delays"}
    >>> rows = [run | {"seed": k, "accuracy": 0.5, "difference": d} for k, d in enumerate((-0.01, -0.03))]
    >>> over_seeds(rows)[0]["difference"], round(over_seeds(rows)[0]["difference_sd"], 3)
    (-2.0, 1.414)
    """
    groups: dict[tuple[str, int, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if "accuracy" in row:
            groups.setdefault((row["rule"], row["neurons"], row.get("without", "")), []).append(row)
    made = []
    for (rule, neurons, lacking), group in groups.items():
        row = {"rule": rule, "neurons": neurons, "without": lacking, "seeds": len(group)}
        for name in ("accuracy", "difference"):
            if found := [100 * one[name] for one in group if name in one]:
                row |= {
                    name: float(np.mean(found)),
                    f"{name}_sd": float(np.std(found, ddof=1 if len(found) > 1 else 0)),
                }
        made.append(row)
    return made


def read_sweep(folder: str | Path) -> list[dict[str, Any]]:
    """Return the rows of a sweep's table, with numbers as numbers.

    Raises
    ------
    RunFolderError
        When there is none, or it is damaged.
    """
    file = Path(folder) / "sweep.csv"
    if not file.exists():
        raise RunFolderError(f"{file}: no such file; expected a folder made by stdpnet sweep")
    try:
        return [{name: _value(name, cell) for name, cell in row.items()} for row in read_table(file)]
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{file}: damaged ({error}); the same sweep again writes it anew") from None


def _value(name: str, cell: str) -> Any:
    return cell if name in TEXTS else int(cell) if name in WHOLE else float(cell)
