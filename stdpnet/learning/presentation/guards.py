"""What must hold after a batch: a finite state, and a network that answers."""

import numpy as np

from stdpnet.base.errors import SilentNetworkError, SimulationError


def check_batch(config, batch, images):
    """Check what a batch of presentations brought.

    Parameters
    ----------
    config : Config
    batch : Batch
    images : ndarray of uint8, shape (n_images, height, width)
        Those that were shown.

    Raises
    ------
    SilentNetworkError
        When most images bring too few spikes even at the greatest intensity.
    SimulationError
        When the state is no longer finite.
    """
    for name, array in batch.state.items():
        wrong = np.flatnonzero(~np.isfinite(array))
        if len(wrong):
            raise SimulationError(
                f"{name}[{wrong[0]}] is {array.flat[wrong[0]]} after a batch: expected finite values; check the rule's "
                "statements and constants"
            )
    shown = images.reshape(len(images), -1).any(axis=1)
    silent = shown & (batch.counts.sum(axis=1) < config.presentation.fewest_spikes)
    if silent.sum() > 0.5 * max(shown.sum(), 20):
        raise SilentNetworkError(
            f"{silent.sum()} of {shown.sum()} images brought fewer than {config.presentation.fewest_spikes} spikes "
            f"even at intensity {config.presentation.intensity + config.presentation.repetitions}: raise "
            "presentation.rate or connections.weight_total, or lower excitatory.theta_initial"
        )
