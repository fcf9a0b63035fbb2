"""What a run records: excitatory spikes and the onsets of images; all spikes, to look at a few presentations."""

from collections.abc import Mapping
from typing import Any

from brian2 import EventMonitor, SpikeMonitor


def monitors(groups: Mapping[str, Any], record_all: bool) -> dict[str, EventMonitor]:
    """Return the monitors of a network, by name.

    Parameters
    ----------
    groups : dict of str to brian2.NeuronGroup
        ``inputs``, ``excitatory``, ``inhibitory`` if there is one, and ``protocol``.
    record_all : bool
        Record inputs and inhibitory neurons too.

    Returns
    -------
    dict of str to brian2.SpikeMonitor or brian2.EventMonitor
    """
    made = {"spikes": SpikeMonitor(groups["excitatory"], name="spikes")}
    if record_all:
        for population in ("inputs", "inhibitory"):
            if population in groups:
                made[f"{population}_spikes"] = SpikeMonitor(groups[population], name=f"{population}_spikes")
    made["onsets"] = EventMonitor(groups["protocol"], "onset", variables=["image", "repetition"], name="onsets")
    return made
