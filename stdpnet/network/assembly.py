"""One network for every target: groups, synapses and monitors built from a `NetworkSpec`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from brian2 import Equations, Network, NeuronGroup, TimedArray, defaultclock, linked_var, second

from stdpnet.network import homeostasis, inputs, integration, protocol
from stdpnet.network.functions import POISSON_INTERVAL, STOP_WHEN
from stdpnet.network.idle import OVER
from stdpnet.network.monitors import monitors
from stdpnet.network.neurons import Excitatory, Inhibitory, constants_of, shared_parameters
from stdpnet.network.projections import (
    ONSET,
    PRE_SPIKE,
    RESTART,
    SINGLE,
    constants_used,
    fixed_synapses,
    input_synapses,
    onset_synapses,
)
from stdpnet.network.spec import CAPACITY, NetworkSpec

#: In seconds, longer than any batch: the protocol stops the run itself.
FOREVER = 1e6


@dataclass
class Assembly:
    """A network's parts, by name.

    Attributes
    ----------
    network : brian2.Network
    groups : dict of str to brian2 object
        Neuron groups, synapses and monitors.
    tables : dict of str to TimedArray
        What a run shows: ``images`` (CAPACITY, n_inputs), and for each of them, both (CAPACITY,), ``presentations``,
        the number that decides its noise, and ``repetitions_allowed``.
    delays : bool
        Whether the input synapses have conduction delays of their own.
    """

    network: Network
    groups: dict[str, Any]
    tables: dict[str, TimedArray]
    delays: bool

    def apply_delays(self) -> None:
        """Turn ``delay_steps`` into the delays of the synapses, after its values have been set."""
        if self.delays:
            self.groups["input_synapses"].transmit.delay = "delay_steps * dt"


def assemble(spec: NetworkSpec) -> Assembly:
    """Build the network of a `NetworkSpec`.

    Parameters
    ----------
    spec : NetworkSpec

    Returns
    -------
    Assembly
        Without values: a simulator sets the state, the constants and the images before each run.
    """
    defaultclock.dt = spec.dt * second
    tables = {
        "images": TimedArray(np.zeros((CAPACITY, spec.n_inputs)), dt=1 * second, name="images"),
        **{
            name: TimedArray(np.zeros(CAPACITY), dt=1 * second, name=name)
            for name in ("presentations", "repetitions_allowed")
        },
    }
    namespace = {"poisson_interval": POISSON_INTERVAL, "stop_when": STOP_WHEN, **tables}
    groups = _neurons(spec, namespace)
    groups |= fixed_synapses(groups) | onset_synapses(groups, spec) | input_synapses(groups, spec)
    groups |= monitors(groups, spec)
    return Assembly(Network(*groups.values()), groups, tables, spec.delays)


def _neurons(spec: NetworkSpec, namespace: dict[str, Any]) -> dict[str, NeuronGroup]:
    rule, n = spec.rule, spec.n_neurons
    common = {"dtype": SINGLE, "namespace": namespace}

    clock = _group(1, protocol.PROTOCOL, events=protocol.PROTOCOL_EVENTS, name="protocol", **common)
    clock.set_event_schedule("onset", *ONSET)
    clock.run_regularly(protocol.PROTOCOL_STEP, when="end")

    learned = rule if spec.plastic else None
    traces = rule.pre_traces + constants_used(rule, rule.pre_traces, rule.pre_spike) if learned else ""
    pixels = _group(spec.n_inputs, inputs.INPUT + traces, events=inputs.INPUT_EVENTS, name="inputs", **common)
    pixels.image, pixels.repetition = linked_var(clock, "image"), linked_var(clock, "repetition")
    pixels.set_event_schedule("onset", *ONSET)
    pixels.run_on_event("onset", inputs.INPUT_ONSET, *RESTART)
    pixels.run_on_event("spike", inputs.INPUT_SPIKE + (learned.pre_spike if learned else ""), *PRE_SPIKE)

    pool = _group(1, spec.pool.model, order=1, name="pool", **common)  # decays after the neurons have read it
    model, reset = spec.excitatory.model + shared_parameters(Excitatory, constants_of(Excitatory, False)), ""
    if learned:
        model += homeostasis.ADAPTATION + rule.post_traces + constants_used(rule, rule.post_traces, rule.post_spike)
        model += OVER if rule.on_pre else ""
        model += homeostasis.NORMALISATION if rule.normalise else ""
        reset = homeostasis.ADAPTATION_SPIKE + (homeostasis.NORMALISATION_SPIKE if rule.normalise else "")
        reset += rule.post_spike
    excitatory = _group(
        n,
        model,
        threshold=spec.excitatory.threshold,
        reset=spec.excitatory.reset + reset,
        name="excitatory",
        **common,
    )
    excitatory.g_pool = linked_var(pool, "g")
    made = [clock, pixels, pool, excitatory]
    if spec.n_inhibitory:
        inhibitory = _group(
            spec.n_inhibitory,
            spec.inhibitory.model + shared_parameters(Inhibitory, constants_of(Inhibitory, False)),
            threshold=spec.inhibitory.threshold,
            reset=spec.inhibitory.reset,
            name="inhibitory",
            **common,
        )
        made.append(inhibitory)
    return {group.name: group for group in made}


def _group(n: int, model: str, **options: Any) -> NeuronGroup:
    """Return neurons, integrated by exponential Euler where their equations are linear in their own variable."""
    method: Any = integration.step
    try:
        method(Equations(model))
    except integration.UnsupportedEquationsException:
        method = "rk4"
    return NeuronGroup(n, model, method=method, **options)
