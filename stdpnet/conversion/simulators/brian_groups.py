"""Spiking layers as Brian2 groups.

Each layer has a slot of its own in the time step: before it the layer takes in what arrived, in it the neurons
spike and are reset, after it the spikes go to layers with later slots. So a step has no delays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from brian2 import Clock, NeuronGroup, SpikeGeneratorGroup, linked_var

from stdpnet.conversion.graph.windows import window_places
from stdpnet.conversion.simulators.linear_maps import padded_places
from stdpnet.conversion.spiking.encoding import PoissonInput, generator
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire


@dataclass(frozen=True, eq=False)
class Presentation:
    """What a network is shown, one image after the other.

    Attributes
    ----------
    images : ndarray of float64, shape (n_images, *shape of the Input node)
    steps : int
        For each image.
    first : int
        Number of the first image in its data set, which decides on its random numbers.
    """

    images: np.ndarray
    steps: int
    first: int = 0


class Place:
    """What the groups of a layer share.

    Parameters
    ----------
    slot : str
        Also the beginning of the groups' names.
    clock, image_clock : brian2.Clock
        Their steps are a time step and the presentation of an image.
    current : brian2.TimedArray
        ``current(t, i)`` is what each value of the layer's input gets in each step, besides synapses.
    """

    def __init__(self, slot, clock, image_clock, current):
        self.slot, self.clock, self.image_clock, self.namespace = slot, clock, image_clock, {"current": current}

    def group(
        self,
        suffix: str,
        size: int,
        variables: Iterable[str],
        *,
        start: str,
        step: list[str],
        order: int = 0,
        linked: Iterable[str] = (),
        **options,
    ) -> NeuronGroup:
        """Return a group that runs code at the start of each image, and in each step before the slot.

        Parameters
        ----------
        suffix : str
            End of the group's name.
        size : int
            Values, or neurons.
        variables : iterable of str
        start : str
            Code at the start of each image.
        step : list of str
            Code in each step, a line each.
        order : int
            Among what runs before the slot.
        linked : iterable of str
            Variables of another group.
        **options
            Of `brian2.NeuronGroup`: threshold, reset, events.

        Returns
        -------
        brian2.NeuronGroup
        """
        lines = [*(f"{name} : 1" for name in variables), *(f"{name} : 1 (linked)" for name in linked)]
        name = f"{self.slot}_{suffix}"
        group = NeuronGroup(size, "\n".join(lines), name=name, clock=self.clock, namespace=self.namespace, **options)
        group.run_regularly(start, clock=self.image_clock, when="start")
        group.run_regularly("\n".join(step), when=f"before_{self.slot}", order=order)
        for order_in_slot, parts in enumerate((group.thresholder, group.resetter)):
            for part in parts.values():
                part.when, part.order = self.slot, order_in_slot
        return group


def neurons(layer: IntegrateAndFire, shape: tuple[int, ...], place: Place) -> NeuronGroup:
    """Return the group of an `IntegrateAndFire` layer, with input variable ``z``, of signed ones with output ``out``.

    Parameters
    ----------
    layer : IntegrateAndFire
    shape : tuple of int
        Of the layer's output.
    place : Place

    Returns
    -------
    brian2.NeuronGroup
    """
    start = f"v = {float(layer.initial)!r}; z = 0"
    step = ["v += z + current(t, i)", "z = 0"]
    if layer.lowest is not None:
        step.append(f"v = clip(v, {float(layer.lowest)!r}, inf)")
    if layer.signed:
        sent = ["out = int(v >= 1) - int(v < 0) * int(n > 0)", "v -= out", "n += out"]
        return place.group(
            "neurons",
            int(np.prod(shape)),
            ("v", "z", "n", "out"),
            start=f"{start}; n = 0; out = 0",
            step=[*step, *sent],
            events={"spike": "out != 0"},
        )
    return place.group(
        "neurons",
        int(np.prod(shape)),
        ("v", "z"),
        start=start,
        step=step,
        threshold="v >= 1",
        reset={"subtraction": "v -= 1", "zero": "v = 0"}[layer.reset],
    )


def gates(layer: MaxGate, shape: tuple[int, ...], place: Place) -> tuple[NeuronGroup, NeuronGroup]:
    """Return the groups of the inputs, with variable ``z``, and of the gates of a `MaxGate`.

    The gates send events of the size ``out``, since what passes may be a current or a negative spike.

    Parameters
    ----------
    layer : MaxGate
    shape : tuple of int
        Of the layer's input.
    place : Place

    Returns
    -------
    brian2.NeuronGroup, brian2.NeuronGroup
    """
    past = [f"past{age}" for age in range(layer.span - 1, 0, -1)] if layer.estimate == "finite" else []
    variables = ("z", "x", "rate", *past)
    inputs = place.group(
        "inputs",
        int(np.prod(shape)),
        variables,
        start="; ".join(f"{name} = 0" for name in variables),
        step=["x = z + current(t, i)", "z = 0", *_estimate(layer, [*past, "x"])],
    )
    windows = _windows(layer, shape)
    read = ["rate"] if layer.estimate == "cumulative" else ["rate", "x"]
    linked = {f"{name}{k}": (name, places) for name in read for k, places in enumerate(windows)}
    output = place.group(
        "gates",
        windows.shape[1],
        ("out", "highest", "before"),
        start="out = 0; highest = 0; before = 0",
        step=_growth(len(windows)) if layer.estimate == "cumulative" else _choice(len(windows)),
        order=1,
        linked=linked,
        events={"spike": "out != 0"},
    )
    for name, (variable, places) in linked.items():
        setattr(output, name, linked_var(inputs, variable, index=places))
    return inputs, output


def accumulator(shape: tuple[int, ...], place: Place) -> NeuronGroup:
    """Return the group of the output: ``x`` is what arrived in the last step."""
    return place.group("output", shape[0], "xz", start="x = 0; z = 0", step=["x = z + current(t, i)", "z = 0"])


def poisson(layer: PoissonInput, shown: Presentation, slot: str, clock: Clock) -> SpikeGeneratorGroup:
    """Return the group of a `PoissonInput`, without the signs of its spikes.

    Parameters
    ----------
    layer : PoissonInput
    shown : Presentation
    slot : str
        Of the layer; also the name of the group.
    clock : brian2.Clock
        Its step is a time step.

    Returns
    -------
    brian2.SpikeGeneratorGroup
    """
    trains = [
        layer.spikes(image, generator(layer.seed, "input", number), shown.steps)
        for number, image in enumerate(shown.images, start=shown.first)
    ]
    step, pixel = np.nonzero(np.concatenate(trains).reshape(len(shown.images) * shown.steps, -1))
    return SpikeGeneratorGroup(
        shown.images[0].size, pixel, step * clock.dt, clock=clock, when=slot, name=slot, sorted=True
    )


def _estimate(layer, trains):
    if layer.estimate == "finite":
        return [f"rate = {' + '.join(trains)}", *(f"{old} = {new}" for old, new in pairwise(trains))]
    return ["rate += x" if layer.estimate == "cumulative" else f"rate += (x - rate) / {layer.span}"]


def _growth(n):
    larger = [f"highest = clip(rate{k}, highest, inf)" for k in range(1, n)]
    return ["before = highest", "highest = rate0", *larger, "out = highest - before"]


def _choice(n):
    lines = ["out = x0", "highest = rate0"]
    for k in range(1, n):
        lines.append(f"out = out * int(rate{k} <= highest) + x{k} * int(rate{k} > highest)")
        lines.append(f"highest = clip(rate{k}, highest, inf)")
    return lines


def _windows(layer, shape):
    """Return which inputs each gate looks at, shape (places, gates); the first one again in place of borders."""
    numbers = padded_places(layer, shape)
    windows = np.stack([numbers[place].ravel() for place in window_places(layer, shape)])
    first = np.where(windows < 0, numbers.size, windows).min(axis=0)
    return np.where(windows < 0, first, windows)
