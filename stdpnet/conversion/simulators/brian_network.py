"""A spiking network as a Brian2 network that shows some images one after the other."""

from collections.abc import Collection
from typing import Any

import numpy as np
from brian2 import Clock, Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, TimedArray, ms

from stdpnet.conversion.simulators.brian_groups import Place, Presentation, accumulator, gates, neurons, poisson
from stdpnet.conversion.simulators.wiring import Drive
from stdpnet.conversion.spiking.encoding import PoissonInput
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.neurons import IntegrateAndFire

DT = 1 * ms


def assemble(
    network: SpikingNetwork, shown: Presentation, drives: dict[str, Drive], recorded: Collection[str]
) -> tuple[Network, StateMonitor, dict[str, SpikeMonitor]]:
    """Return a Brian2 network, the monitor of its output's variable ``x``, and a monitor of each layer's spikes.

    Parameters
    ----------
    network : SpikingNetwork
    shown : Presentation
    drives : dict of str to Drive
        From `wire`.
    recorded : collection of str
        Layers whose spikes are recorded.

    Returns
    -------
    brian2.Network, brian2.StateMonitor, dict of str to brian2.SpikeMonitor
    """
    graph, images, steps = network.graph, shown.images, shown.steps
    clock, image_clock = Clock(DT, name="clock"), Clock(steps * DT, name="image_clock")
    slots = {name: f"layer{number}" for number, name in enumerate((network.source, *drives))}
    # where currents arrive; where spikes leave, what one adds for a weight w, and the functions in that
    inboxes: dict[str, NeuronGroup] = {}
    senders: dict[str, Any] = {}
    source = graph.nodes[network.source].layer
    if isinstance(source, PoissonInput):
        polarity = TimedArray(np.sign(images).reshape(len(images), -1), dt=steps * DT)
        spikes = poisson(source, shown, slots[network.source], clock)
        senders[network.source] = spikes, "w * polarity(t, i)", {"polarity": polarity}
    for name, drive in drives.items():
        node = graph.nodes[name]
        place = Place(slots[name], clock, image_clock, TimedArray(drive.current, dt=steps * DT))
        if isinstance(node.layer, IntegrateAndFire):
            inboxes[name] = neurons(node.layer, graph.shapes[name], place)
            senders[name] = inboxes[name], "w * out_pre" if node.layer.signed else "w", {}
        elif isinstance(node.layer, MaxGate):
            inboxes[name], passing = gates(node.layer, graph.shapes[node.inputs[0]], place)
            senders[name] = passing, "w * out_pre", {}
        else:
            inboxes[name] = accumulator(graph.shapes[name], place)
    pathways = [
        _synapses(f"{slots[name]}_from_{slots[sending]}", senders[sending], inboxes[name], weights, slots[sending])
        for name, drive in drives.items()
        for sending, weights in drive.weights.items()
        if weights.nnz  # Brian2 refuses a pathway without synapses
    ]
    arrived = StateMonitor(inboxes[network.output], "x", record=True, when="end")
    signed = {name: ["out"] if "out" in senders[name][0].variables else None for name in recorded}
    monitors = {name: SpikeMonitor(senders[name][0], signed[name], when="end") for name in recorded}
    groups = {id(group): group for group in (*inboxes.values(), *(sender for sender, _, _ in senders.values()))}
    whole = Network(*groups.values(), *pathways, arrived, *monitors.values())
    whole.schedule = ["start", "groups", *slots.values(), "end"]
    return whole, arrived, monitors


def _synapses(name, sender, target, weights, slot):
    """Return synapses that act right after the slot of the sending layer."""
    group, effect, functions = sender
    synapses = Synapses(
        group, target, "w : 1", on_pre=f"z_post += {effect}", name=name, namespace=functions, clock=target.clock
    )
    weights = weights.tocoo()
    synapses.connect(i=weights.col, j=weights.row)
    synapses.w = weights.data
    synapses.pre.when = f"after_{slot}"
    return synapses
