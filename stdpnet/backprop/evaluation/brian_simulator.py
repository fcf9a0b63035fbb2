"""A trained network in Brian2, neuron by neuron and synapse by synapse.

Within a time step the layers follow each other without delay, as in `stdpnet.backprop.network`. Each has three slots:
in the first it takes in what arrived, in the second its neurons fire and are reset, in the third its spikes go to the
neurons of its own layer and to the next one.
"""

from typing import Any

import numpy as np
from brian2 import Clock, NeuronGroup, SpikeMonitor, Synapses, TimedArray, ms
from brian2 import Network as BrianNetwork

from stdpnet.backprop.constants import DT, Neuron
from stdpnet.backprop.events import Events
from stdpnet.backprop.network import Layer, Network
from stdpnet.base.labelled.brian_device import brian

SLOTS = ("take", "fire", "send")


def simulate(network: Network, events: Events, target: str = "numpy") -> list[np.ndarray]:
    """Simulate a batch of images in Brian2, one after the other, in double precision.

    The spikes are those of ``network.spikes(events)`` but for rounding, where a potential is just about the threshold.

    Parameters
    ----------
    network : Network
        A small one.
    events : Events
    target : {"numpy", "cython"}
        Of Brian2's code generation.

    Returns
    -------
    list of ndarray of bool
        For each layer, shape (n_steps, n_images, n_neurons).
    """
    steps, images, addresses = events.shape
    counts = np.zeros((images, steps, addresses))
    np.add.at(counts, (events.image, events.step, events.address), 1)
    with brian(target):
        clock, image_clock = Clock(DT * ms, name="clock"), Clock(steps * DT * ms, name="image_clock")
        arriving = TimedArray(counts.reshape(-1, addresses), dt=DT * ms)
        known = {"arriving": arriving}
        sender = NeuronGroup(addresses, "n : 1", threshold="n > 0", name="input", clock=clock, namespace=known)
        sender.run_regularly("n = arriving(t, i)", when="take_0")
        sender.thresholder["spike"].when = "fire_0"
        parts, monitors, effect = [sender], [], "w * n_pre"
        for number, layer in enumerate(network.layers, start=1):
            group = _neurons(number, layer, network.description.neuron, clock, image_clock)
            weights = (layer.weights / layer.thresholds[:, None]).detach().double().numpy()
            parts += [group, _synapses(f"into_{number}", sender, group, weights, f"z_post += {effect}", number - 1)]
            if layer.kind != "none":
                kappa = _kappa(layer)
                parts.append(_synapses(f"within_{number}", group, group, kappa, "v_post += w; last_post = t", number))
            monitors.append(SpikeMonitor(group, name=f"spikes_{number}"))
            sender, effect = group, "w"
        whole = BrianNetwork(*parts, *monitors)
        slots = [f"{slot}_{number}" for number in range(len(network.layers) + 1) for slot in SLOTS]
        whole.schedule = ["start", "groups", *slots, "end"]
        whole.run(images * steps * DT * ms, namespace={})
    return [_sorted(monitor, events.shape, layer) for monitor, layer in zip(monitors, network.layers, strict=True)]


def _neurons(number: int, layer: Layer, neuron: Neuron, clock: Any, image_clock: Any) -> NeuronGroup:
    # within a step nothing counts less, as in neuron.simulate
    dynamic = "clip(((t - last) / refractory)**2, 0, 1)" if neuron.refractory > DT else "1"
    group = NeuronGroup(
        len(layer.thresholds),
        "v : 1\nz : 1\nlast : second",
        threshold="v > 1",
        reset="v -= 1; last = t",
        name=f"layer_{number}",
        clock=clock,
        namespace={"decay": neuron.decay, "refractory": max(neuron.refractory, DT) * ms},
    )
    group.run_regularly("v = 0; z = 0; last = t - 2 * refractory", clock=image_clock, when="start")
    group.run_regularly(f"v = decay * v + z * {dynamic}; z = 0", when=f"take_{number}")
    group.run_regularly("v = clip(v, -1, 1)", when=f"send_{number}", order=1)
    for order, part in enumerate((group.thresholder, group.resetter)):
        part["spike"].when, part["spike"].order = f"fire_{number}", order
    return group


def _kappa(layer: Layer) -> np.ndarray:
    if layer.kappa is not None:
        return layer.kappa.detach().double().numpy()
    n = len(layer.thresholds)
    return -layer.strength * (1 - np.eye(n))


def _synapses(name: str, sender: Any, target: Any, weights: np.ndarray, effect: str, number: int) -> Synapses:
    synapses = Synapses(sender, target, "w : 1", on_pre=effect, name=name, clock=target.clock)
    post, pre = np.nonzero(weights if sender is not target else 1 - np.eye(len(weights)))
    synapses.connect(i=pre, j=post)
    synapses.w = weights[post, pre]
    synapses.pre.when = f"send_{number}"
    return synapses


def _sorted(monitor: SpikeMonitor, shape: tuple[int, int, int], layer: Layer) -> np.ndarray:
    """Return spikes, given by neuron and by time since the first image, as of each step and image."""
    steps, images, _ = shape
    found = np.zeros((steps, images, len(layer.thresholds)), bool)
    image, step = np.divmod(np.rint(np.asarray(monitor.t / ms) / DT).astype(int), steps)
    found[step, image, np.asarray(monitor.i)] = True
    return found
