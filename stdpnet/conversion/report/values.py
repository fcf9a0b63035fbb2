"""Networks whose outputs are values: how far the spiking one is off after each step."""

from typing import Any

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.forward import compute
from stdpnet.conversion.graph.layers import Layer
from stdpnet.conversion.simulators.result import Simulation
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.readout import MembranePotential


def ended(values: np.ndarray, ending: Layer | None) -> np.ndarray:
    """Return values as the analogue network gives them, after its softmax, sigmoid or tanh if it has one.

    Parameters
    ----------
    values : ndarray, shape (..., n_outputs)
    ending : Layer or None
    """
    return values if ending is None else compute(ending, values.reshape(-1, values.shape[-1])).reshape(values.shape)


def values_of(network: SpikingNetwork, simulation: Simulation) -> np.ndarray:
    """Return what the network says after each step, in the units of the analogue one.

    Parameters
    ----------
    network : SpikingNetwork
    simulation : Simulation
        With ``every_score``.

    Returns
    -------
    ndarray of float32, shape (n_images, steps, n_outputs)
        0, before the ending of the network, until the readout starts.

    Raises
    ------
    ConversionError
        When its readout gives no mean values.
    """
    if type(network.readout) is not MembranePotential or simulation.every_score is None:
        raise ConversionError(
            f"the readout is a {type(network.readout).__name__}, which gives classes and no values; expected readout "
            "membrane"
        )
    steps = np.arange(1, simulation.every_score.shape[1] + 1)
    heard = np.maximum(np.minimum(steps, simulation.steps[:, None]) - network.readout.start, 1)
    return ended(simulation.every_score / heard[..., None].astype(np.float32), network.ending)


def as_targets(labels: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return labels as values, one for each output.

    Parameters
    ----------
    labels : ndarray of float, shape (n_images,) for one output, or (n_images, n_outputs)
    shape : tuple of int
        (n_images, n_outputs).

    Raises
    ------
    ConversionError
        When there are more or fewer.
    """
    found = labels[:, None] if labels.ndim == 1 else labels
    if found.shape != shape:
        raise ConversionError(
            f"labels are values of shape {labels.shape}; expected {shape}, one for each output; classes are whole "
            "numbers: labels.astype(int)"
        )
    return found


class Errors:
    """Gathers squared differences over batches of images.

    Parameters
    ----------
    steps : int
    """

    def __init__(self, steps: int):
        self.n, self.analogue = 0, 0.0
        self.error, self.deviation = np.zeros(steps), np.zeros(steps)

    def add(self, values: np.ndarray, analogue: np.ndarray, targets: np.ndarray) -> None:
        """Add a batch.

        Parameters
        ----------
        values : ndarray, shape (n_images, steps, n_outputs)
            Of the spiking network.
        analogue, targets : ndarray, shape (n_images, n_outputs)
        """
        self.n += targets.size
        self.analogue += float(((analogue - targets) ** 2).sum())
        for step, found in enumerate(np.moveaxis(values, 1, 0)):  # little memory
            self.error[step] += ((found - targets) ** 2).sum()
            self.deviation[step] += ((found - analogue) ** 2).sum()

    def analogue_error(self) -> float:
        """Return the root mean squared error of the analogue network."""
        return float(np.sqrt(self.analogue / self.n))

    def curve(self) -> list[dict[str, Any]]:
        """Return, after each step, the root mean squared ``error``, and ``deviation`` from the analogue network."""
        roots = (np.sqrt(sums / self.n).tolist() for sums in (self.error, self.deviation))
        return [{"error": error, "deviation": deviation} for error, deviation in zip(*roots, strict=True)]
