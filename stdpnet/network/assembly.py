"""One network for every target: groups, synapses and monitors built from a `NetworkSpec`."""

from dataclasses import dataclass

import numpy as np
from brian2 import (
    EventMonitor,
    Network,
    NeuronGroup,
    SpikeMonitor,
    Synapses,
    TimedArray,
    defaultclock,
    linked_var,
    second,
)

from stdpnet.network import equations, protocol
from stdpnet.network.poisson import POISSON_INTERVAL
from stdpnet.network.spec import CAPACITY
from stdpnet.rules.rule import UNITS

SINGLE = np.float32

#: In seconds, longer than any batch: the protocol stops the run itself.
FOREVER = 1e6

# Stages within a time step, as Brian2's (when, order). At an onset, before everything else: it is noticed, neurons and
# noise start anew, weights are normalised. At spikes: a weight is transmitted before it changes. Synapses without a
# stage may come at any place among these, since they share no variable with them.
ONSET, RESTART, SUM, SCALE = (("start", order) for order in range(4))
TRANSMIT, ON_PRE, PRE_SPIKE, ON_POST = (("synapses", order) for order in range(4))

REST = "v_post = v_rest_post\nge_post = 0\nwait_post = 0 * second"


@dataclass
class Assembly:
    """A network's parts, by name.

    Attributes
    ----------
    network : brian2.Network
    groups : dict of str to brian2 object
        Neuron groups, synapses and monitors.
    tables : dict of str to TimedArray
        What a run shows: ``images`` (CAPACITY, n_inputs) and ``repetitions_allowed`` (CAPACITY,).
    delays : bool
    """

    network: Network
    groups: dict
    tables: dict
    delays: bool

    def apply_delays(self):
        """Turn ``delay_steps`` into the delays of the synapses, after its values have been set."""
        if self.delays:
            self.groups["input_synapses"].transmit.delay = "delay_steps * dt"


def constants_used(rule, *texts):
    """Declare, as shared parameters, the constants of a rule that occur in the texts."""
    return "".join(
        f"\n{name} : {UNITS[constant.unit][1]} (shared, constant)"
        for name, constant in rule.constants_in(*texts).items()
    )


def schedule(runner, stage):
    """Place a Brian2 object within the time step."""
    runner.when, runner.order = stage


def assemble(spec):
    """Build the network of a `NetworkSpec`.

    Parameters
    ----------
    spec : NetworkSpec

    Returns
    -------
    Assembly
    """
    defaultclock.dt = spec.dt * second
    tables = {
        "images": TimedArray(np.zeros((CAPACITY, spec.n_inputs)), dt=1 * second, name="images"),
        "repetitions_allowed": TimedArray(np.zeros(CAPACITY), dt=1 * second, name="repetitions_allowed"),
    }
    namespace = {"poisson_interval": POISSON_INTERVAL, "stop_when": protocol.STOP_WHEN, **tables}
    groups = _neurons(spec, namespace)
    groups |= _fixed_synapses(groups) | _onset_synapses(groups, spec) | _input_synapses(groups, spec)
    groups["spikes"] = SpikeMonitor(groups["excitatory"], name="spikes")
    if spec.record_all:
        for population in ("inputs", "inhibitory"):
            groups[f"{population}_spikes"] = SpikeMonitor(groups[population], name=f"{population}_spikes")
    groups["onsets"] = EventMonitor(groups["protocol"], "onset", variables=["image", "repetition"], name="onsets")
    return Assembly(Network(*groups.values()), groups, tables, spec.delays)


def _neurons(spec, namespace):
    rule, n = spec.rule, spec.n_neurons
    common = {"method": "exponential_euler", "dtype": SINGLE, "namespace": namespace}

    clock = NeuronGroup(1, protocol.PROTOCOL, events=protocol.PROTOCOL_EVENTS, name="protocol", **common)
    clock.set_event_schedule("onset", *ONSET)
    clock.run_regularly(protocol.PROTOCOL_STEP, when="end")

    learned = rule if spec.plastic else None
    traces = learned and rule.pre_traces + constants_used(rule, rule.pre_traces, rule.pre_spike)
    inputs = NeuronGroup(
        spec.n_inputs, equations.INPUT + (traces or ""), events=equations.INPUT_EVENTS, name="inputs", **common
    )
    inputs.image, inputs.repetition = linked_var(clock, "image"), linked_var(clock, "repetition")
    inputs.set_event_schedule("onset", *ONSET)
    inputs.run_on_event("onset", equations.INPUT_ONSET, *RESTART)
    inputs.run_on_event("spike", equations.INPUT_SPIKE + (learned.pre_spike if learned else ""), *PRE_SPIKE)

    pool = NeuronGroup(1, equations.POOL, order=1, name="pool", **common)  # decays after the neurons have read it
    model, reset = equations.EXCITATORY, equations.RESET
    if learned:
        model += equations.ADAPTATION + rule.post_traces + constants_used(rule, rule.post_traces, rule.post_spike)
        reset += equations.ADAPTATION_SPIKE + "\n" + rule.post_spike
    excitatory = NeuronGroup(
        n, model, threshold=equations.EXCITATORY_THRESHOLD, reset=reset, name="excitatory", **common
    )
    excitatory.g_pool = linked_var(pool, "g")
    inhibitory = NeuronGroup(
        n,
        equations.INHIBITORY,
        threshold=equations.INHIBITORY_THRESHOLD,
        reset=equations.RESET,
        name="inhibitory",
        **common,
    )
    return {group.name: group for group in (clock, inputs, pool, excitatory, inhibitory)}


def _synapses(source, target, name, code, connect, model="", event=None, stage=None):
    synapses = Synapses(
        source,
        target,
        model,
        on_pre={name: code},
        on_event={name: event or "spike"},
        delay={name: 0 * second},
        name=name,
        dtype=SINGLE,
    )
    synapses.connect(**connect)
    if stage:
        schedule(getattr(synapses, name), stage)
    return {name: synapses}


def _fixed_synapses(groups):
    excitatory, inhibitory = groups["excitatory"], groups["inhibitory"]
    weight, partner = "weight : 1 (shared, constant)", {"j": "i"}
    return (
        _synapses(excitatory, inhibitory, "excitation", "ge_post += weight", partner, weight)
        | _synapses(inhibitory, excitatory, "own_inhibition", "g_own_post += weight", partner, weight)
        | _synapses(inhibitory, groups["pool"], "pooled_inhibition", "g_post += weight", {}, weight)
        | _synapses(excitatory, groups["protocol"], "counting", "spikes_post += int(step_post < window_steps_post)", {})
    )


def _onset_synapses(groups, spec):
    """Couple the protocol's onset to what happens then: adaptation decays, or the frozen network returns to rest."""
    if spec.plastic:
        actions = {"excitatory": equations.ADAPTATION_ONSET}
    else:
        actions = {"excitatory": REST + "\ng_own_post = 0", "inhibitory": REST, "pool": "g_post = 0"}
    made = {}
    for target, code in actions.items():
        made |= _synapses(
            groups["protocol"], groups[target], f"restart_{target}", code, {}, event="onset", stage=RESTART
        )
    return made


def _input_synapses(groups, spec):
    rule = spec.rule
    model, pre, post = "w : 1\n" + ("delay_steps : integer (constant)\n" if spec.delays else ""), {}, {}
    stages, events = {"transmit": TRANSMIT}, {"transmit": "spike"}
    if spec.plastic:
        model += "w_max : 1 (shared, constant)" + constants_used(rule, rule.on_pre, rule.on_post)
        if rule.on_pre:
            pre["pre"], events["pre"], stages["pre"] = rule.on_pre, "spike", ON_PRE
        if rule.on_post:
            post["post"], events["post"], stages["post"] = rule.on_post, "spike", ON_POST
        if rule.normalise:
            model += "\nweight_total : 1 (shared, constant)"
            # a neuron whose weights are all zero keeps them, instead of turning them into NaN
            pre["sum"] = "weight_sum_post += w"
            pre["scale"] = "w *= weight_total / (weight_sum_post + int(weight_sum_post == 0))"
            events |= {"sum": "onset", "scale": "onset"}
            stages |= {"sum": SUM, "scale": SCALE}
    immediate = dict.fromkeys((*pre, *post), 0 * second)
    if not spec.delays:
        immediate["transmit"] = 0 * second
    synapses = Synapses(
        groups["inputs"],
        groups["excitatory"],
        model,
        on_pre={"transmit": "ge_post += w", **pre},
        on_post=post or None,
        on_event=events,
        delay=immediate,
        name="input_synapses",
        dtype=SINGLE,
    )
    synapses.connect()
    for pathway, stage in stages.items():
        schedule(getattr(synapses, pathway), stage)
    return {"input_synapses": synapses}
