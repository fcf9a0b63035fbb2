"""What happened inside a network while images were shown: spikes of all, and values of chosen neurons in each step."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stdpnet.base.errors import ConfigError
from stdpnet.learning.presentation import containers

if TYPE_CHECKING:
    import neo
    import xarray


@dataclass(frozen=True, repr=False, eq=False)
class Recording:
    """What `stdpnet.record` returns. Times are in ms from the onset of the first showing.

    Attributes
    ----------
    times : ndarray, shape (n_times,)
        Of the steps, in ms.
    values : dict of str to ndarray
        By ``group.variable``, as each step meets the threshold: after its integration, before its spikes act. Of the
        neurons that were chosen, shape (n_times, n_neurons): ``excitatory.v`` and ``inhibitory.v`` (mV),
        ``excitatory.ge``, ``excitatory.gi``, ``inhibitory.ge`` (relative to the leak), ``excitatory.theta`` and
        ``excitatory.threshold`` (mV). Of a network that learns also the traces of its rule, as ``excitatory.y1``, and
        of the inputs that were chosen their traces, as ``inputs.x``, shape (n_times, n_inputs), and
        ``input_synapses.w``, shape (n_times, n_inputs, n_neurons).
    units : dict of str to str
        Of the values: ``"mV"`` or ``"1"``.
    spikes : dict of str to (ndarray, ndarray)
        Of all ``inputs``, ``excitatory`` and ``inhibitory`` neurons: times in ms, and who spiked.
    neurons, inputs : ndarray of int
        Numbers of those whose values were recorded, in the order of the values.
    onsets : ndarray, shape (n_showings,)
        When each showing starts, in ms. An image that brings too few spikes is shown again.
    images, repetitions : ndarray of int, shape (n_showings,)
        Which of the images it shows, from 0, and for which time again.
    window : float
        Time for which an image is shown in each showing, ms; rest follows.
    """

    times: np.ndarray
    values: dict[str, np.ndarray]
    units: dict[str, str]
    spikes: dict[str, tuple[np.ndarray, np.ndarray]]
    neurons: np.ndarray
    inputs: np.ndarray
    onsets: np.ndarray
    images: np.ndarray
    repetitions: np.ndarray
    window: float

    def showing(self, number: int = -1) -> "Recording":
        """Return one showing by itself, with times from its onset; default: the last one, which counts.

        Raises
        ------
        ConfigError
            When there are not so many.
        """
        n = len(self.onsets)
        if not -n <= number < n:
            raise ConfigError(f"number is {number}; expected -{n} to {n - 1}: the recording has {n} showings")
        k = number % n
        start, end = self.onsets[k], self.onsets[k + 1] if k + 1 < n else np.inf
        steps = slice(*np.searchsorted(self.times, [start, end]))
        spikes = {}
        for population, (times, who) in self.spikes.items():
            kept = slice(*np.searchsorted(times, [start, end]))
            spikes[population] = times[kept] - start, who[kept]
        return replace(
            self,
            times=self.times[steps] - start,
            values={name: array[steps] for name, array in self.values.items()},
            spikes=spikes,
            onsets=self.onsets[k : k + 1] - start,
            images=self.images[k : k + 1],
            repetitions=self.repetitions[k : k + 1],
        )

    def to_xarray(self) -> "xarray.Dataset":
        """Return the recording as an ``xarray.Dataset``, with the names of `values`; needs the extra ``inspect``.

        Its coordinates are ``time`` (ms), ``neuron`` and ``input``. The spikes of a population are two variables, such
        as ``excitatory.spike_time`` and ``excitatory.spike_neuron``.

        Raises
        ------
        ConfigError
            When xarray is not installed.
        """
        return containers.dataset(self)

    def to_neo(self) -> "neo.Block":
        """Return the recording as a ``neo.Block`` of one segment, for Elephant and others; needs the extra ``inspect``.

        Values are analog signals, each neuron that spiked is a spike train, and the showings are an epoch.

        Raises
        ------
        ConfigError
            When neo is not installed.
        """
        return containers.block(self)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(who)} {population}" for population, (_, who) in self.spikes.items())
        shapes = "".join(f"\n  {n} {a.shape} {self.units[n]}" for n, a in self.values.items())
        return (
            f"Recording: {len(self.onsets)} showings, {len(self.times)} steps, {len(self.neurons)} neurons; spikes: "
            f"{counts}{shapes}"
        )
