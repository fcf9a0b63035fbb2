"""Who spikes when during one presentation: inputs, excitatory and inhibitory neurons."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stdpnet.base.errors import ConfigError
from stdpnet.base.scoring import class_text, stored_names
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import TrainedNetwork, read_run
from stdpnet.learning.presentation.batch import Shown
from stdpnet.learning.presentation.recorder import record
from stdpnet.learning.presentation.responses import FrozenNetwork
from stdpnet.learning.state import frozen_state


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
    config, dataset = trained.config, trained.dataset
    dataset.check_there("test_images", what="a raster needs")
    if not 0 <= image < len(dataset.test_images):
        raise ConfigError(f"--image is {image}; expected 0 to {len(dataset.test_images) - 1}")
    pixels = dataset.test_images[image]
    network = FrozenNetwork(config, frozen_state(config, trained.state), "numpy")  # one image: nothing to compile
    recording = record(network, Shown(network.drive.encode(pixels[None]), image, "testing"))
    sizes = {"inputs": network.drive.n_inputs, "excitatory": config.neurons, "inhibitory": config.neurons}
    figure, axes = plt.subplots(
        4, 1, figsize=(8, 9), sharex=False, layout="constrained", height_ratios=[1.2, 2, 1.4, 1.4]
    )
    axes[0].imshow(pixels, cmap="gray_r", vmin=0, vmax=255, aspect="auto" if 1 in pixels.shape else "equal")
    axes[0].set_axis_off()
    true = f", a {class_text(dataset.test_labels[image], dataset.class_names)}" if len(dataset.test_labels) else ""
    axes[0].set_title(f"test image {image}{true}{_answer(folder, trained, image)}")
    for ax, (population, (times, neurons)) in zip(axes[1:], recording.spikes.items(), strict=True):
        plot_raster(times, neurons, sizes[population], ax)
        ax.set(xlim=(0, recording.window), ylabel=population)
    axes[-1].set_xlabel("time (ms)")
    return figure


def _answer(folder: RunFolder, trained: TrainedNetwork, image: int) -> str:
    evaluated = folder.last_predictions()
    if evaluated is None or image >= len(evaluated["predictions"]):  # evaluated on fewer images
        return ""
    return f", classified as {class_text(evaluated['predictions'][image], stored_names(evaluated))}"
