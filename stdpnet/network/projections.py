"""Synapses between the groups, and when in a time step each of them acts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from brian2 import Synapses, second

from stdpnet.network import homeostasis
from stdpnet.network.idle import deciding
from stdpnet.network.spec import TEXTS, NetworkSpec
from stdpnet.rules import Rule
from stdpnet.rules.constants import declared

#: The precision of all state.
SINGLE = np.float32

# Stages within a time step, as Brian2's (when, order). At an onset, before everything else: it is noticed, neurons and
# noise start anew, weights are normalised. At spikes: a weight is transmitted before it changes. Synapses without a
# stage may come at any place among these, since they share no variable with them.
Stage = tuple[str, int]
ONSET, RESTART, SUM, SCALE, SCALED = (("start", order) for order in range(5))
TRANSMIT, ON_PRE, PRE_SPIKE, ON_POST = (("synapses", order) for order in range(4))


def constants_used(rule: Rule, *texts: str) -> str:
    """Return the constants of a rule that occur in the texts, as Brian2 text that declares them."""
    return declared(rule.constants_in(*texts))


def schedule(runner: Any, stage: Stage) -> None:
    """Place a Brian2 object within the time step."""
    runner.when, runner.order = stage


def _synapses(
    source: Any,
    target: Any,
    name: str,
    code: str,
    connect: Mapping[str, str],
    model: str = "",
    event: str | None = None,
    stage: Stage | None = None,
) -> dict[str, Synapses]:
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


def fixed_synapses(groups: Mapping[str, Any]) -> dict[str, Synapses]:
    """Return the synapses that do not learn: excitation of partners, lateral inhibition, counting, by name.

    Of N inhibitory neurons, neuron i is the partner of the excitatory neurons i, i + N, i + 2 N, ... Where there are
    none, each excitatory neuron is its own partner.
    """
    excitatory = groups["excitatory"]
    inhibiting = groups.get("inhibitory", excitatory)
    weight, partners = "weight : 1 (shared, constant)", {"j": "k for k in range(i, N_post, N_pre)"}
    made = _synapses(inhibiting, excitatory, "own_inhibition", "g_own_post += weight", partners, weight)
    made |= _synapses(inhibiting, groups["pool"], "pooled_inhibition", "g_post += weight", {}, weight)
    if inhibiting is not excitatory:
        made |= _synapses(excitatory, inhibiting, "excitation", "ge_post += weight", {"j": "i % N_post"}, weight)
    counted = "spikes_post += int(step_post < window_steps_post)"
    return made | _synapses(excitatory, groups["protocol"], "counting", counted, {})


def onset_synapses(groups: Mapping[str, Any], spec: NetworkSpec) -> dict[str, Synapses]:
    """Return what happens at the protocol's onset: adaptation decays, or the frozen network goes back to rest."""
    restart = {name: getattr(spec, name).rest for name in TEXTS if name in groups}
    made: dict[str, Synapses] = {}
    if spec.plastic:
        restart = {"excitatory": homeostasis.ADAPTATION_ONSET}
        if spec.rule.normalise:
            before, _, after = homeostasis.normalisation(spec.rule)
            restart["excitatory"] += before
            made |= _onset(groups, "excitatory", "scaled_excitatory", after, SCALED)
    for target, code in restart.items():
        made |= _onset(groups, target, f"restart_{target}", code, RESTART)
    return made


def _onset(groups: Mapping[str, Any], target: str, name: str, code: str, stage: Stage) -> dict[str, Synapses]:
    return _synapses(groups["protocol"], groups[target], name, code, {}, event="onset", stage=stage)


def input_synapses(groups: Mapping[str, Any], spec: NetworkSpec) -> dict[str, Synapses]:
    """Return the all-to-all synapses from the inputs, plastic by the rule of the spec, with its delays."""
    rule = spec.rule
    model, pre, post = "w : 1\n" + ("delay_steps : integer (constant)\n" if spec.delays else ""), {}, {}
    model += "weight_unit : 1 (shared, constant)\n" if spec.scaled else ""
    stages, events, idle = {"transmit": TRANSMIT}, {"transmit": "spike"}, {}
    if spec.plastic:
        model += "w_max : 1 (shared, constant)" + constants_used(rule, rule.on_pre, rule.on_post)
        if rule.on_pre:
            pre["pre"], events["pre"], stages["pre"] = rule.on_pre, "spike", ON_PRE
            idle["pre"] = deciding(rule)
        if rule.on_post:
            post["post"], events["post"], stages["post"] = rule.on_post, "spike", ON_POST
        if rule.normalise:
            model += homeostasis.NORMALISATION_TOTAL
            pre["sum"], pre["scale"] = homeostasis.NORMALISATION_SUM, homeostasis.normalisation(rule)[1]
            events |= {"sum": "onset", "scale": "onset"}
            stages |= {"sum": SUM, "scale": SCALE}
            idle |= {"sum": ("weights_changed",), "scale": ("weights_changed",)}
    weight = "weight_unit * w" if spec.scaled else "w"
    arrival = f"weight = {weight}\nge_post += weight\n{spec.arrival}" if spec.arrival else f"ge_post += {weight}"
    immediate = dict.fromkeys((*pre, *post), 0 * second)
    if not spec.delays:
        immediate["transmit"] = 0 * second
    synapses = Synapses(
        groups["inputs"],
        groups["excitatory"],
        model,
        on_pre={"transmit": arrival, **pre},
        on_post=post or None,
        on_event=events,
        delay=immediate,
        name="input_synapses",
        dtype=SINGLE,
    )
    synapses.connect()
    for pathway, stage in stages.items():
        schedule(getattr(synapses, pathway), stage)
    for pathway, variables in idle.items():
        getattr(synapses, pathway).add_attribute("idle_without")
        getattr(synapses, pathway).idle_without = variables
    return {"input_synapses": synapses}
