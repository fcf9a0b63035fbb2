"""What a run records: excitatory spikes and the onsets of images; to look inside, all spikes and values."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from brian2 import Equations, EventMonitor, SpikeMonitor, StateMonitor

from stdpnet.network.spec import NetworkSpec

#: When in a step values are recorded: as they meet the threshold, before the spikes of the step act.
RECORDED_AT = "before_thresholds"


def monitors(groups: Mapping[str, Any], spec: NetworkSpec) -> dict[str, Any]:
    """Return the monitors of a network, by name.

    Parameters
    ----------
    groups : dict of str to brian2 object
        ``inputs``, ``excitatory``, ``inhibitory`` if there is one, ``protocol`` and ``input_synapses``.
    spec : NetworkSpec

    Returns
    -------
    dict of str to brian2.SpikeMonitor, brian2.EventMonitor or brian2.StateMonitor
    """
    made: dict[str, Any] = {"spikes": SpikeMonitor(groups["excitatory"], name="spikes")}
    if spec.record_all:
        for population in ("inputs", "inhibitory"):
            if population in groups:
                made[f"{population}_spikes"] = SpikeMonitor(groups[population], name=f"{population}_spikes")
    made["onsets"] = EventMonitor(groups["protocol"], "onset", variables=["image", "repetition"], name="onsets")
    return made | _state_monitors(groups, spec)


def _state_monitors(groups: Mapping[str, Any], spec: NetworkSpec) -> dict[str, StateMonitor]:
    n, rule = spec.recorded_neurons, spec.rule
    traces = (Equations(text).names if spec.plastic else () for text in (rule.pre_traces, rule.post_traces))
    of_inputs, of_neurons = (sorted(names) for names in traces)
    wanted = {
        "excitatory": (["v", "ge", "gi", "theta", *of_neurons], n),
        "inhibitory": (["v", "ge"], n if spec.n_inhibitory else 0),
        "inputs": (of_inputs, spec.recorded_inputs),
        "input_synapses": (["w"], spec.recorded_inputs * n),
    }
    made = {}
    for group, (variables, size) in wanted.items():
        if variables and size:
            name = f"{group}_values"
            made[name] = StateMonitor(groups[group], variables, np.arange(size), when=RECORDED_AT, name=name)
            made[name].variables["_indices"].read_only = False  # which neurons is a value: a choice compiles nothing
    return made
