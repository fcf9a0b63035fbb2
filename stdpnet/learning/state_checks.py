"""What can be told of the values of a state, whatever made it."""

from collections.abc import Mapping

import numpy as np

from stdpnet.learning.config import Config
from stdpnet.learning.values import delay_slots, weight_total


def fault(state: Mapping[str, np.ndarray], config: Config) -> str:
    """Return what is wrong with a value that training cannot bring about; empty if there is none.

    Parameters
    ----------
    state : State
        Of any shapes.
    config : Config

    Examples
    --------
    >>> fault({"excitatory.theta": np.array([0.0, np.inf])}, Config())
    'excitatory.theta has 1 values that are not finite'
    """
    weights, delays = state.get("input_synapses.w"), state.get("input_synapses.delay_steps")
    for name, array in state.items():
        if array.dtype.kind not in "biuf":
            return f"{name} is of type {array.dtype}, expected numbers"
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            return f"{name} has {np.sum(~np.isfinite(array))} values that are not finite"
    if np.any(state.get("presented", 0) < 0):
        return f"presented is {state['presented']}, expected at least 0"
    if delays is not None and delays.size and not 0 <= delays.min() <= delays.max() < delay_slots(config):
        return (
            f"input_synapses.delay_steps goes from {delays.min()} to {delays.max()}, expected 0 to "
            f"{delay_slots(config) - 1}"
        )
    if weights is not None and weights.size and isinstance(config.rule, str):  # a rule of one's own may have no bounds
        most = greatest_weight(config, len(weights))
        if not 0 <= weights.min() <= weights.max() <= most * (1 + 1e-5):
            return f"input_synapses.w goes from {weights.min():g} to {weights.max():g}, expected 0 to {most:g}"
    return ""


def greatest_weight(config: Config, n_inputs: int) -> float:
    """Return the greatest weight there can be: normalisation may lift one above the bound of learning."""
    synapses = config.connections
    most = max(synapses.weight_max, synapses.weight_high)
    return max(most, weight_total(config, n_inputs)) if config.plasticity.normalise else most
