"""What a converted network answers, and what that costs, as an object."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, repr=False)
class Performance:
    """What a converted network answers, and what that costs.

    Attributes
    ----------
    report : dict
        All of it as plain data, as in ``report.json`` of ``stdpnet convert``. Operations and energy are means over the
        images.
    """

    report: dict[str, Any]

    @property
    def accuracy(self) -> float:
        """Share of right answers after the last step, not a number for values."""
        return float(self.report["spiking"].get("accuracy", np.nan))

    @property
    def error(self) -> float:
        """Root mean squared error after the last step, for networks of values; else share of wrong answers."""
        return float(self.report["spiking"].get("error", 1 - self.accuracy))

    @property
    def analogue(self) -> dict[str, float]:
        """``accuracy``, or ``error`` of values, and ``operations`` of the network that was converted."""
        return dict(self.report["analogue"])

    @property
    def curve(self) -> np.ndarray:
        """Accuracy after each step, for networks of values the error; shape (steps,)."""
        name = "error" if "error" in self.report["curve"][0] else "accuracy"
        return np.array([row[name] for row in self.report["curve"]])

    @property
    def operations(self) -> np.ndarray:
        """Operations after each step, in units of those of the analogue network; shape (steps,)."""
        return np.array([row["relative_operations"] for row in self.report["curve"]])

    @property
    def energy(self) -> dict[str, Any]:
        """In picojoules and floating-point operations; see `stdpnet.base.labelled.energy.energy`."""
        return dict(self.report["energy"])

    @property
    def rates(self) -> dict[str, float]:
        """Spikes of a neuron in a step, in the mean, of each layer under its name in the module."""
        return {name: layer["mean_rate"] for name, layer in self.report["layers"].items()}

    @property
    def correlation(self) -> dict[str, float | None]:
        """Of rates with the analogue activations, in each layer."""
        return {name: layer["correlation"] for name, layer in self.report["layers"].items()}

    @property
    def size(self) -> dict[str, int]:
        """``neurons``, ``synapses`` and ``parameters`` of the spiking network."""
        return {name: self.report["spiking"][name] for name in ("neurons", "synapses", "parameters")}

    def __repr__(self) -> str:
        last, own, n = self.report["curve"][-1], self.report["analogue"], self.report["n_test_images"]
        if "error" in last:
            what = f"root mean squared error {last['error']:.4g}, analogue {own['error']:.4g}"
        else:
            low, high = (100 * end for end in last["confidence_interval_95"])
            what = f"accuracy {last['accuracy']:.2%} ({low:.2f} to {high:.2f}), analogue {own['accuracy']:.2%}"
        joules = self.energy["45_nm_pJ"]["spiking_over_analogue"]
        lines = [
            f"Performance on {n:,} images after {last['step']} steps: {what}",
            f"  {last['relative_operations']:.2f} times the operations, {joules:.2f} times the energy (45 nm)",
        ]
        wide = max((len(name) for name in self.rates), default=0)
        for name, rate in self.rates.items():
            like = self.correlation[name]
            lines.append(
                f"  {name:<{wide}}  rate {rate:.4f}" + (f", correlation {like:.4f}" if like is not None else "")
            )
        return "\n".join(lines)
