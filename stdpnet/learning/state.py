"""What changes from one presentation to the next: the state before the first one, and that of a frozen network."""

import numpy as np

from stdpnet.base.brian_text import equations as equations_of
from stdpnet.base.units import si
from stdpnet.learning.config import Config
from stdpnet.learning.values import delay_slots, inhibitory_neurons, weight_total
from stdpnet.network.spec import TEXTS

#: What a frozen network needs of a `State`, besides its drive.
KEPT = ("input_synapses.w", "excitatory.theta", "input_synapses.delay_steps", "presented")


class State(dict[str, np.ndarray]):
    """The arrays that one batch of presentations hands to the next, by ``group.variable``, in SI units.

    ``input_synapses.w``, shape (n_inputs, n_neurons)
        Weights, 0 to ``connections.weight_max``.
    ``input_synapses.delay_steps``, shape (n_inputs, n_neurons)
        Delays in time steps; not there without delays. They never change.
    ``excitatory.theta``, shape (n_neurons,)
        Threshold adaptation, V.
    ``excitatory.v``, ``inhibitory.v``, shape (n_neurons,)
        Potentials, V.
    ``excitatory.ge``, ``excitatory.g_own``, ``inhibitory.ge``, shape (n_neurons,); ``pool.g``, shape (1,)
        Conductances, relative to the leak: excitation, inhibition by the own partner and by all.
    ``excitatory.refractory_left``, ``inhibitory.refractory_left``, shape (n_neurons,)
        Time until a neuron may spike again, s.
    ``excitatory.weights_changed``, shape (n_neurons,)
        1 where weights may have changed since they were last normalised, else 0; for rules that normalise.
    ``excitatory.a``, ...
        The variables that equations of one's own add.
    ``inputs.x``, ``excitatory.y``, ...
        The traces of the rule, under the names that it gives them.
    ``drive.mean`` or ``drive.ground``, shape (n_pixels,); ``drive.typical``, ``drive.factor``, ``drive.spread``,
        scalars; of contrast and of ink, see `stdpnet.learning.presentation.contrast`; not there with grey levels.
    ``presented``, scalar
        Presentations so far.
    """

    @property
    def weights(self) -> np.ndarray:
        """Weights, shape (n_inputs, n_neurons)."""
        return self["input_synapses.w"]

    @property
    def theta(self) -> np.ndarray:
        """Threshold adaptation in mV, shape (n_neurons,)."""
        return self["excitatory.theta"].astype(float) * (1 / si(1, "mV"))

    @property
    def delay_steps(self) -> np.ndarray | None:
        """Delays in time steps, shape (n_inputs, n_neurons), or None without delays."""
        return self.get("input_synapses.delay_steps")

    @property
    def presented(self) -> int:
        """Presentations so far."""
        return int(self["presented"])


def trace_names(equations: str) -> list[str]:
    """Return the names of the traces that a rule declares: ``dx/dt = ... : 1`` or ``x : 1``.

    Examples
    --------
    >>> trace_names("dx/dt = -x / tau_x : 1")
    ['x']
    """
    return [line.name for line in equations_of(equations, "traces", "dx/dt = -x / tau : 1") if line.state]


def state_names(config: Config) -> list[str]:
    """Return the variables that a batch changes and hands to the next."""
    rule, own = config.plasticity, config.equations
    excitatory = ("v", "ge", "g_own", "refractory_left", "theta", *trace_names(rule.post_traces))
    excitatory += ("weights_changed",) if rule.normalise else ()
    inhibitory = ("v", "ge", "refractory_left") if inhibitory_neurons(config) else ()
    return [
        *(f"excitatory.{name}" for name in excitatory),
        *(f"inhibitory.{name}" for name in inhibitory),
        *(f"inputs.{name}" for name in trace_names(rule.pre_traces)),
        "pool.g",
        *(f"{part}.{name}" for part in TEXTS for name in own.states(part)),
        "input_synapses.w",
    ]


def initial_state(config: Config, n_inputs: int) -> State:
    """Return the state before the first presentation, including the fixed delays.

    Parameters
    ----------
    config : Config
    n_inputs : int
        Pixels of an image.

    Returns
    -------
    State

    Examples
    --------
    >>> initial_state(Config(neurons=10), 64).weights.shape
    (64, 10)
    """
    n, synapses = config.neurons, config.connections
    weights, delays = (np.random.default_rng(s) for s in np.random.SeedSequence(config.seed).spawn(2))
    sizes = {"excitatory": n, "inhibitory": inhibitory_neurons(config), "inputs": n_inputs, "pool": 1}
    state = State(
        {
            name: np.zeros(sizes[name.split(".")[0]], np.float32)
            for name in state_names(config)
            if not name.startswith("input_synapses.")
        }
    )
    state["excitatory.v"][:] = si(config.excitatory.v_initial, "mV")
    state["excitatory.theta"][:] = si(config.excitatory.theta_initial, "mV")
    if "excitatory.weights_changed" in state:
        state["excitatory.weights_changed"][:] = 1
    if "inhibitory.v" in state:
        state["inhibitory.v"][:] = si(config.inhibitory.v_initial, "mV")
    for name, constant in config.equations.constants.items():
        for part in TEXTS:
            variable = f"{part}.{name.removesuffix('_initial')}"
            if name.endswith("_initial") and variable in state:
                state[variable][:] = si(constant.value, constant.unit)
    uniform = weights.random((n_inputs, n), dtype=np.float32)
    state["input_synapses.w"] = synapses.weight_low + np.float32(synapses.weight_high - synapses.weight_low) * uniform
    if config.delays:
        state["input_synapses.delay_steps"] = delays.integers(0, delay_slots(config), (n_inputs, n), dtype=np.int32)
    return State(state | {"presented": np.array(0, np.int64)})


def frozen_state(config: Config, state: State) -> State:
    """Return weights, thresholds and delays as they are presented: normalised once more if the rule does so."""
    frozen = State({name: array for name, array in state.items() if name in KEPT or name.startswith("drive.")})
    if config.plasticity.normalise:
        weights = frozen.weights.astype(float)
        sums = weights.sum(axis=0)
        scales = weight_total(config, len(weights)) / np.where(sums == 0, 1, sums)
        frozen["input_synapses.w"] = (weights * scales).astype(np.float32)
    return frozen
