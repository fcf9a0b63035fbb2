"""What a pair of spikes does to a weight, as the simulator computes it: the windows of plasticity rules."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stdpnet.base.errors import ConfigError
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.batch import Shown, inputs
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.network.spec import CAPACITY
from stdpnet.rules import Rule
from stdpnet.simulation import open_simulator

#: Time step of the pairs, ms.
DT = 0.5

#: A presentation lasts one step, so that an image is the spikes of a step: with a mean interval of 0 every pixel above
#: 0 fires at once.
ONE_STEP = {f"{group}.{name}_steps": 1 for group in ("protocol", "inputs") for name in ("window", "slot")}


def pair_changes(
    rule: Rule, delays: ArrayLike, weights: ArrayLike = 0.5, earlier: ArrayLike = np.nan, backend: str = "numpy"
) -> np.ndarray:
    """Return what pairs of spikes add to weights.

    Each pair has an input and a neuron to itself in one simulated network, whose neurons fire when they are told to.
    Nothing is normalised.

    Parameters
    ----------
    rule : Rule
    delays : array_like
        From the input spike to the spike of the neuron, in ms; negative: the neuron fires first. Times are rounded to
        steps of 0.5 ms; with 0 both fire in one step.
    weights : array_like
        Before the pair, 0 to 1, which is the greatest weight.
    earlier : array_like
        The neuron has fired this long before its spike too, in ms, which some rules ask for; NaN: it has not.
    backend : {"cpp", "cython", "numpy"}

    Returns
    -------
    ndarray
        Of the shape to which `delays`, `weights` and `earlier` are broadcast.

    Raises
    ------
    ConfigError
        When the spikes of all pairs do not fit into 500 ms.

    Examples
    --------
    Under the triplet rule a weight rises at the second spike of a neuron only.

    >>> from stdpnet import RULES
    >>> alone, second = pair_changes(RULES["triplet"], 10.0, earlier=[np.nan, 20.0])
    >>> loss, gain = 1e-4 * np.exp(-10 / 20), 1e-2 * np.exp(-10 / 20) * np.exp(-20 / 40)
    >>> round(float(alone), 6), bool(abs(second - (gain - loss)) < 1e-6)
    (0.0, True)
    """
    shape = np.broadcast_shapes(np.shape(delays), np.shape(weights), np.shape(earlier))
    before, w, first = (np.broadcast_to(array, shape).ravel().astype(float) for array in (delays, weights, earlier))
    n = before.size
    # of the neuron, of the input, of the neuron once before, in steps; the neuron's spike is at 0
    steps = np.rint(np.stack([np.zeros(n), -before, -first]) / DT)
    steps -= np.nanmin(steps)
    length = int(np.nanmax(steps)) + 1
    if length > CAPACITY:
        raise ConfigError(f"the spikes take {length * DT:g} ms; expected at most {CAPACITY * DT:g} ms in all")
    fired = np.zeros((length, 2 * n), np.uint8)  # the first half are the inputs, the second half the neurons
    for places, times in zip((n + np.arange(n), np.arange(n), n + np.arange(n)), steps, strict=True):
        known = ~np.isnan(times)
        fired[times[known].astype(int), places[known]] = 1
    shown: Any = {"dt": DT, "fewest_spikes": 0}
    unnamed = replace(rule, name="pairs", normalise=False)  # without a preset, which a rule of the package has
    config = Config(rule=unnamed, neurons=n, delays=False, drive="grey", presentation=shown)
    spec = network_spec(config, 2 * n, plastic=True)
    spec = replace(spec, excitatory=replace(spec.excitatory, threshold=f"images(t_in_timesteps * second, i + {n}) > 0"))
    state = initial_state(config, 2 * n)
    state["input_synapses.w"] = np.tile(w.astype(np.float32), (2 * n, 1))
    values, _ = inputs(config, state, Shown(fired, 0, "training"), plastic=True)
    values |= ONE_STEP | {"inputs.mean_interval": 0}
    results = open_simulator(spec, backend).run(values, ["input_synapses.w"])
    after = results["input_synapses.w"].reshape(2 * n, n)[np.arange(n), np.arange(n)]
    return (after.astype(float) - w.astype(np.float32)).reshape(shape)
