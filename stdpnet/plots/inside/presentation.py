"""One presentation from the inside: input spikes, potentials and thresholds, conductances, inhibition, who won."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.base.scoring import NO_ANSWER, class_text, stored_names
from stdpnet.experiments.stdp.inside.record import record
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.learning.presentation.recording import Recording
from stdpnet.plots.raster import backend_for, plot_raster, shown_image
from stdpnet.plots.style import COLOURS

#: Neurons shown where none are named, and winners in the bars.
SHOWN, WINNERS = 3, 10


def plot_potential(recording: Recording, place: int, ax: Axes | None = None) -> Axes:
    """Draw the potential of a neuron against its threshold, with its spikes as marks above.

    Parameters
    ----------
    recording : Recording
    place : int
        Which of the neurons that were recorded, from 0.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax, neuron, colour = ax or plt.gca(), recording.neurons[place], COLOURS[place % len(COLOURS)]
    ax.plot(recording.times, recording.values["excitatory.v"][:, place], color=colour, linewidth=0.9)
    ax.plot(recording.times, recording.values["excitatory.threshold"][:, place], "--", color="0.4", linewidth=0.9)
    times, who = recording.spikes["excitatory"]
    mine, above = times[who == neuron], ax.get_xaxis_transform()
    ax.plot(mine, np.full(len(mine), 1.04), "v", color=colour, markersize=4, clip_on=False, transform=above)
    ax.set_ylabel(f"neuron {neuron}\nv (mV)")
    return ax


def plot_conductance(recording: Recording, variable: str, ax: Axes | None = None) -> Axes:
    """Draw a conductance of the neurons that were recorded, relative to that of the leak.

    Parameters
    ----------
    recording : Recording
    variable : {"ge", "gi"}
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.gca()
    for place, neuron in enumerate(recording.neurons):
        values = recording.values[f"excitatory.{variable}"][:, place]
        ax.plot(recording.times, values, color=COLOURS[place % len(COLOURS)], linewidth=0.8, label=f"neuron {neuron}")
    ax.set_ylim(bottom=0)
    return ax


def winners(recording: Recording, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the `n` neurons with the most excitatory spikes in the window, the first one first, and their spikes.

    Parameters
    ----------
    recording : Recording
        Of one showing.
    n : int

    Returns
    -------
    neurons : ndarray of int
        Those without a spike are left out; of equal ones the lower number comes first.
    spikes : ndarray of int
        As many.
    """
    times, who = recording.spikes["excitatory"]
    neurons, spikes = np.unique(who[times < recording.window], return_counts=True)
    order = np.lexsort((neurons, -spikes))[:n]
    return neurons[order], spikes[order]


def plot_winners(
    neurons: np.ndarray,
    spikes: np.ndarray,
    labels: Sequence[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw how often the winners fired, as bars from the top.

    Parameters
    ----------
    neurons, spikes : ndarray of int
        From `winners`.
    labels : sequence of str
        The class that names each of them; without it only their numbers are shown.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_winners(np.array([31, 5]), np.array([9, 4]), ["7", "9"], plt.figure().gca())
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['31: 7', '5: 9']
    """
    ax = ax or plt.gca()
    places = range(len(neurons))
    names = [f"{n}: {label}" for n, label in zip(neurons, labels, strict=True)] if labels else map(str, neurons)
    ax.barh(places, spikes, color="0.5")
    ax.set_yticks(places, list(names))
    ax.set_ylim(max(len(neurons), 5) - 0.5, -0.5)
    ax.set_xlabel("spikes")
    return ax


def draw(folder: RunFolder, image: int = 0, neurons: Sequence[int] | None = None) -> Figure:
    """Return the figure of one frozen presentation of a test image, its last showing.

    Parameters
    ----------
    folder : RunFolder
    image : int
        Number of the test image.
    neurons : sequence of int, optional
        Whose values are shown; default: those of the three that fire most.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConfigError
        When there is no such image or neuron.
    DataError
        When the data set has no test images.
    RunFolderError
        When the run has no checkpoint, or is damaged.
    """
    trained = read_run(folder)
    pixels, title = shown_image(trained, folder, image)
    if neurons is None:
        spikes_alone = record(trained, pixels, number=image, backend=backend_for(trained)).showing()
        neurons = winners(spikes_alone, SHOWN)[0].tolist()
    recording = record(trained, pixels, neurons or (), number=image, backend=backend_for(trained)).showing()
    evaluated = folder.last_predictions()
    best, spikes = winners(recording, WINNERS)
    labels = [] if evaluated is None else _names(evaluated, best)
    k = len(recording.neurons)
    figure = plt.figure(figsize=(11, 5.5 + 1.1 * k), layout="constrained")
    figure.suptitle(title)
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=[3.4, 1])[0]
    rows = left.subplots(k + 4, 1, sharex=True, height_ratios=[1.4, *([1] * k), 0.8, 0.8, 1])
    shown, bars = right.subplots(2, 1)
    shown.imshow(pixels, cmap="gray_r")
    shown.set_axis_off()
    plot_winners(best, spikes, labels, bars).set_title("who fired", fontsize=10)
    plot_raster(*recording.spikes["inputs"], len(trained.weights), rows[0])
    rows[0].set_ylabel("inputs")
    for place in range(k):
        plot_potential(recording, place, rows[1 + place])
    for ax, variable, about in zip(rows[k + 1 :], ("ge", "gi"), ("excitation\nge", "inhibition\ngi"), strict=False):
        plot_conductance(recording, variable, ax)
        ax.set_ylabel(about)
    plot_raster(*recording.spikes["inhibitory"], trained.config.neurons, rows[-1])
    rows[-1].set(ylabel="inhibitory\nneurons", xlabel="time (ms)")
    rows[-1].set_xlim(0, recording.window)
    return figure


def _names(evaluated: dict[str, np.ndarray], neurons: np.ndarray) -> list[str]:
    names = stored_names(evaluated)
    found = evaluated["assignments"][neurons]
    return ["none" if code == NO_ANSWER else class_text(code, names) for code in found]
