"""Who spikes when during one presentation: inputs, excitatory and inhibitory neurons."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.base.errors import ConfigError
from stdpnet.base.scoring import class_text, stored_names
from stdpnet.experiments.stdp.inside.record import record
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import TrainedNetwork, read_run
from stdpnet.learning.values import inhibitory_neurons

#: Synapses up to which NumPy shows an image sooner than a network is compiled: those of 400 neurons with 784 inputs.
FEW_SYNAPSES = 400_000


def plot_raster(times: np.ndarray, neurons: np.ndarray, size: int, ax: Axes | None = None) -> Axes:
    """Draw spikes as dots.

    Parameters
    ----------
    times : ndarray, shape (n_spikes,)
        In ms.
    neurons : ndarray of int, shape (n_spikes,)
    size : int
        Neurons of the population.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_raster(np.array([1.0, 20.0, 300.0]), np.array([4, 0, 2]), 5, plt.figure().gca())
    >>> ax.lines[0].get_xydata().tolist()
    [[1.0, 4.0], [20.0, 0.0], [300.0, 2.0]]
    """
    ax = ax or plt.gca()
    ax.plot(times, neurons, "k.", markersize=2 if len(times) > 500 else 5)
    ax.set_ylim(-0.5, size - 0.5)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def draw(folder: RunFolder, image: int = 0) -> Figure:
    """Return the figure of one frozen presentation of a test image, its last showing.

    Parameters
    ----------
    folder : RunFolder
    image : int
        Number of the test image.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ConfigError
        When there is no such image.
    DataError
        When the data set has no test images.
    RunFolderError
        When the run has no checkpoint, or is damaged.
    """
    trained = read_run(folder)
    pixels, title = shown_image(trained, folder, image)
    recording = record(trained, pixels, number=image, backend=backend_for(trained)).showing()
    config = trained.config
    sizes = {"inputs": len(trained.weights), "excitatory": config.neurons, "inhibitory": inhibitory_neurons(config)}
    heights = [1.2, 2, 1.4, 1.4][: 1 + len(recording.spikes)]
    figure, axes = plt.subplots(len(heights), 1, figsize=(8, 9), layout="constrained", height_ratios=heights)
    axes[0].imshow(pixels, cmap="gray_r", vmin=0, vmax=255, aspect="auto" if 1 in pixels.shape else "equal")
    axes[0].set_axis_off()
    axes[0].set_title(title)
    for ax, (population, (times, neurons)) in zip(axes[1:], recording.spikes.items(), strict=True):
        plot_raster(times, neurons, sizes[population], ax)
        ax.set(xlim=(0, recording.window), ylabel=population)
    axes[-1].set_xlabel("time (ms)")
    return figure


def backend_for(trained: TrainedNetwork) -> str:
    """Return the backend that shows a single image sooner: NumPy where there are few synapses, else the training's."""
    return "numpy" if trained.weights.size <= FEW_SYNAPSES else ""


def shown_image(trained: TrainedNetwork, folder: RunFolder, image: int) -> tuple[np.ndarray, str]:
    """Return a test image of a run, and the title of a picture of its presentation; errors are those of `draw`.

    Parameters
    ----------
    trained : TrainedNetwork
    folder : RunFolder
        From which it was read.
    image : int
        Number of the test image.
    """
    dataset = trained.dataset
    dataset.check_there("test_images", what="a presentation needs")
    if not 0 <= image < len(dataset.test_images):
        raise ConfigError(f"--image is {image}; expected 0 to {len(dataset.test_images) - 1}")
    true = f", a {class_text(dataset.test_labels[image], dataset.class_names)}" if len(dataset.test_labels) else ""
    evaluated, answer = folder.last_predictions(), ""
    if evaluated is not None and image < len(evaluated["predictions"]):  # perhaps evaluated on fewer images
        answer = f", classified as {class_text(evaluated['predictions'][image], stored_names(evaluated))}"
    return dataset.test_images[image], f"test image {image}{true}{answer}"
