"""Who spikes when during one presentation: inputs, excitatory and inhibitory neurons."""

import matplotlib.pyplot as plt

from stdpnet import datasets
from stdpnet.base.errors import ConfigError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.experiments.stdp.file_checks import matching_checkpoint
from stdpnet.learning.presentation.batch import inputs
from stdpnet.learning.state import frozen_state
from stdpnet.learning.values import network_spec, steps
from stdpnet.simulation import open_simulator

POPULATIONS = {"inputs": "inputs_spikes", "excitatory": "spikes", "inhibitory": "inhibitory_spikes"}


def plot_raster(times, neurons, size, ax=None):
    """Draw spikes as dots.

    Parameters
    ----------
    times : ndarray, shape (n_spikes,)
        In seconds.
    neurons : ndarray of int, shape (n_spikes,)
    size : int
        Neurons of the population.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    ax = ax or plt.gca()
    ax.plot(1e3 * times, neurons, "k.", markersize=2 if len(times) > 500 else 5)
    ax.set_ylim(-0.5, size - 0.5)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def add_arguments(parser):
    """Add the choice of the image."""
    parser.add_argument("--image", type=int, default=0, metavar="N", help="number of the test image (default: 0)")


def draw(folder, args):
    """Return the figure of one frozen presentation of a test image, its last showing."""
    config = folder.config()
    dataset = datasets.load(config.dataset)
    checkpoint = matching_checkpoint(config, dataset, folder)
    if not 0 <= args.image < len(dataset.test_images):
        raise ConfigError(f"--image is {args.image}; expected 0 to {len(dataset.test_images) - 1}")
    image = dataset.test_images[args.image]
    spec = network_spec(config, dataset.n_inputs, plastic=False, record_all=True)
    values, _ = inputs(
        config,
        frozen_state(config, checkpoint, dataset.n_inputs),
        image.reshape(1, -1),
        args.image,
        "testing",
        plastic=False,
    )
    # one presentation: nothing to compile
    wanted = [f"{monitor}.{variable}" for monitor in POPULATIONS.values() for variable in "ti"]
    results = open_simulator(spec, "numpy").run(values, [*wanted, "onsets.t"])
    start = results["onsets.t"][-1]
    sizes = {"inputs": dataset.n_inputs, "excitatory": config.neurons, "inhibitory": config.neurons}
    figure, axes = plt.subplots(
        4, 1, figsize=(8, 9), sharex=False, layout="constrained", height_ratios=[1.2, 2, 1.4, 1.4]
    )
    axes[0].imshow(image, cmap="gray_r")
    axes[0].set_axis_off()
    answer = ""
    if folder.predictions_file.exists():
        arrays = folder.predictions()
        # else evaluated, then trained further; or on fewer images
        if arrays["presented"] == checkpoint["presented"] and args.image < len(arrays["predictions"]):
            predicted = arrays["predictions"][args.image]
            answer = f", classified as {'none' if predicted == NO_ANSWER else predicted}"
    axes[0].set_title(f"test image {args.image}, a {dataset.test_labels[args.image]}{answer}")
    window = 1e3 * steps(config, plastic=False)[0] * spec.dt
    for ax, (population, monitor) in zip(axes[1:], POPULATIONS.items(), strict=True):
        shown = results[f"{monitor}.t"] >= start
        plot_raster(results[f"{monitor}.t"][shown] - start, results[f"{monitor}.i"][shown], sizes[population], ax)
        ax.set(xlim=(0, window), ylabel=population)
    axes[-1].set_xlabel("time (ms)")
    return figure
