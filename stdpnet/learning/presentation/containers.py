"""A recording in the containers of others: ``xarray.Dataset`` and ``neo.Block``."""

from typing import TYPE_CHECKING, Any

import numpy as np

from stdpnet.base.optional import require

if TYPE_CHECKING:
    from stdpnet.learning.presentation.recording import Recording

#: Dimensions of the values of a group, after time.
DIMENSIONS = {
    "excitatory": ("neuron",),
    "inhibitory": ("neuron",),
    "inputs": ("input",),
    "input_synapses": ("input", "neuron"),
}


def dataset(recording: "Recording") -> Any:
    """Return a recording as an ``xarray.Dataset``; see `Recording.to_xarray`."""
    require("xarray", "to_xarray", extra="inspect")
    import xarray

    variables: dict[str, Any] = {
        name: (("time", *DIMENSIONS[name.split(".")[0]]), array, {"units": recording.units[name]})
        for name, array in recording.values.items()
    }
    for population, (times, who) in recording.spikes.items():
        along = f"{population}_spike"
        variables[f"{population}.spike_time"] = (along, times, {"units": "ms"})
        variables[f"{population}.spike_neuron"] = (along, who)
    variables["image"] = ("onset", recording.images)
    variables["repetition"] = ("onset", recording.repetitions)
    coordinates = {
        "time": ("time", recording.times, {"units": "ms"}),
        "neuron": recording.neurons,
        "input": recording.inputs,
        "onset": ("onset", recording.onsets, {"units": "ms"}),
    }
    return xarray.Dataset(variables, coordinates, {"window_ms": recording.window})


def block(recording: "Recording") -> Any:
    """Return a recording as a ``neo.Block``; see `Recording.to_neo`."""
    require("neo", "to_neo", extra="inspect")
    import neo
    from quantities import dimensionless, ms, mV

    units = {"mV": mV, "1": dimensionless}
    segment, times = neo.Segment(name="recording"), recording.times
    step = times[1] - times[0] if len(times) > 1 else 1.0
    for name, array in recording.values.items():
        chosen = {along: getattr(recording, f"{along}s") for along in DIMENSIONS[name.split(".")[0]]}
        signal = neo.AnalogSignal(
            array.reshape(len(times), -1),
            units=units[recording.units[name]],
            sampling_period=step * ms,
            t_start=times[0] * ms,
            name=name,
            **chosen,
        )
        segment.analogsignals.append(signal)
    stop = (times[-1] + step) * ms
    for population, (when, who) in recording.spikes.items():
        for neuron in np.unique(who):
            train = neo.SpikeTrain(when[who == neuron] * ms, t_stop=stop, name=f"{population} {neuron}")
            train.annotate(population=population, neuron=int(neuron))
            segment.spiketrains.append(train)
    labels = [f"image {i}, repetition {r}" for i, r in zip(recording.images, recording.repetitions, strict=True)]
    shown = np.full(len(labels), recording.window)
    segment.epochs.append(
        neo.Epoch(recording.onsets * ms, durations=shown * ms, labels=np.array(labels, str), name="showings")
    )
    whole = neo.Block(name="stdpnet")
    whole.segments.append(segment)
    return whole
