"""How error and operations trade against each other."""

from collections.abc import Mapping
from typing import Any

import numpy as np

#: Per cent of the images by which the spiking network's error may exceed the analogue one's.
POINTS = (0.1, 0.5, 1.0, 3.0)


def tradeoff(curve: list[dict[str, Any]], analogue_accuracy: float) -> dict[str, Any]:
    """Return error against operations at the points that papers state.

    Parameters
    ----------
    curve : list of dict
        After each step: ``step``, ``accuracy``, ``operations``, ``relative_operations``.
    analogue_accuracy : float

    Returns
    -------
    dict
        ``at_half_the_operations``: the last step at which the spiking network has used at most half the analogue one's
        operations. ``within_points``: for each number of points the first step from which on the error does not exceed
        the analogue one's by more. Each with its ``error``, in per cent; None where there is no such step.
    """
    excess = np.array([100 * (analogue_accuracy - row["accuracy"]) for row in curve])
    within = {}
    for points in POINTS:
        outside = np.flatnonzero(excess > points + 1e-9)
        first = outside[-1] + 1 if len(outside) else 0
        within[f"{points:g}"] = _row(curve[first]) if first < len(curve) else None
    return at_half(curve) | {"within_points": within}


def at_half(curve: list[dict[str, Any]]) -> dict[str, Any]:
    """Return ``at_half_the_operations`` of a curve; of values, with their ``error`` as it is.

    Parameters
    ----------
    curve : list of dict
        As of `tradeoff`, or with ``error`` in place of ``accuracy``.
    """
    half = [row for row in curve if row["relative_operations"] <= 0.5]
    return {"at_half_the_operations": _row(half[-1]) if half else None}


def error_of(row: Mapping[str, Any]) -> float:
    """Return the error in a row of a curve, or in a summary: of values, else the wrong answers in per cent."""
    return row["error"] if "error" in row else 100 * (1 - row["accuracy"])


def _row(row):
    return {name: row[name] for name in ("step", "operations", "relative_operations")} | {"error": error_of(row)}
