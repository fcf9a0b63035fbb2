"""Every figure by its name: what it shows, what it takes, and which module draws it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A figure that ``stdpnet plot NAME`` and ``analysis/NAME.py`` draw.

    Attributes
    ----------
    about : str
        What it shows, in one line.
    module : str
        Of `stdpnet.plots`; its ``draw`` is called with what was read, and returns a matplotlib figure.
    takes : {"run", "runs", "sweep", "conversion", "conversions", "spiking", "rules", "curves"}
        What is read, see `stdpnet.commands.plot.INPUTS`.
    example : str
        Arguments that one could give.
    flags : dict of str to dict
        Its own flags, as `argparse.ArgumentParser.add_argument` takes them: keywords of ``draw``.
    formats : tuple of str
        Ends of the names of its files, the usual one first. A GIF is an animation.
    """

    about: str
    module: str
    takes: str
    example: str
    flags: dict[str, dict[str, Any]] | None = None
    formats: tuple[str, ...] = (".png", ".pdf", ".svg")


IMAGE: dict[str, dict[str, Any]] = {
    "--image": {"type": int, "default": 0, "metavar": "N", "help": "number of the test image (default: 0)"}
}
IMAGES: dict[str, dict[str, Any]] = {
    "--images": {
        "type": int,
        "default": 1000,
        "metavar": "N",
        "help": "test images to show, the first ones (default: 1,000, or all if there are fewer)",
    }
}

FIGURES = {
    "receptive-fields": Figure(
        "Input weights of every neuron as a grid of images, sorted by assigned digit, unassigned neurons in grey.",
        *("receptive_fields", "run", "results/400"),
    ),
    "confusion": Figure("Confusion matrix of an evaluated run.", "confusion", "run", "results/400"),
    "error-pairs": Figure(
        "Confusion matrix and the commonest error pairs, with test images that were taken for another digit.",
        *("error_pairs", "run", "results/400"),
    ),
    "learning-curve": Figure(
        "Running accuracy, spikes per image and thresholds during training.", "learning_curve", "run", "results/400"
    ),
    "raster": Figure(
        "Spikes of all populations during one presentation of a test image.",
        *("raster", "run", "results/400 --image 7"),
        IMAGE,
    ),
    "inside": Figure(
        "Inside some neurons during one presentation: input, potential and threshold, conductances, who won.",
        *("inside.presentation", "run", "results/400 --image 7 --neurons 12 31"),
        IMAGE
        | {
            "--neurons": {
                "type": int,
                "nargs": "+",
                "metavar": "N",
                "help": "numbers of the neurons (default: the three that fire most)",
            }
        },
    ),
    "emergence": Figure(
        "Receptive fields emerging in the course of a training with --snapshots, as an animation.",
        *("inside.emergence", "run", "results/400", None, (".gif",)),
    ),
    "stdp-window": Figure(
        "What a pair of spikes does to a weight under each rule, as the simulator computes it.",
        *("inside.stdp_window", "rules", "triplet my_rule.toml"),
    ),
    "embedding": Figure(
        "Responses to test images in two dimensions, coloured by class.",
        *("inside.embedding", "run", "results/400 --images 2000", IMAGES),
    ),
    "prototypes": Figure(
        "The neurons that vote for a class, each with test images that it wins.",
        *("inside.prototypes", "run", "results/400 --class 4"),
        {"--class": {"dest": "name", "metavar": "NAME", "help": "class (default: that of most neurons)"}} | IMAGES,
    ),
    "histograms": Figure(
        "Distributions of weights, thresholds, and spikes per image, of one run or of several.",
        *("histograms", "runs", "results/400 results/1600"),
    ),
    "accuracy-vs-neurons": Figure(
        "Accuracy against the number of neurons for each rule, beside the results of Diehl & Cook 2015, Fig. 2B.",
        *("sweeps.accuracy_vs_neurons", "runs", "results/sweep"),
    ),
    "accuracy-vs-images": Figure(
        "Running accuracy against training images, a line for each configuration, beside Diehl & Cook 2015, Fig. 2C.",
        *("sweeps.accuracy_vs_images", "runs", "results/sweep"),
    ),
    "receptive-fields-per-rule": Figure(
        "Input weights under each rule, side by side: networks of one size and one seed.",
        *("sweeps.receptive_fields_per_rule", "runs", "results/sweep --neurons 400 --seed 0"),
        {
            "--neurons": {
                "type": int,
                "metavar": "N",
                "help": "size of the networks (default: that of most rules, the largest)",
            },
            "--seed": {"type": int, "metavar": "N", "help": "their seed (default: the lowest)"},
        },
    ),
    "sweep-overview": Figure(
        "A sweep on one page: accuracy, spikes, thresholds and silent neurons of each rule, and the runs that are "
        "missing.",
        *("sweeps.sweep_overview", "runs", "results/sweep"),
    ),
    "mechanisms": Figure(
        "What each mechanism is worth: accuracy without it, less that of the whole network of the same seed.",
        *("sweeps.mechanisms", "sweep", "results/mechanisms"),
    ),
    "conversion": Figure(
        "Converted networks: accuracy after every time step, and error against operations.",
        *("conversion.accuracy", "conversions", "results/lenet-spiking"),
    ),
    "conversion-layers": Figure(
        "The layers of a converted network: rates, saturation, correlation, and rate against activation.",
        *("conversion.layers", "conversion", "results/lenet-spiking"),
    ),
    "rate-curves": Figure(
        "Rates of LIF neurons, hard and soft, their slopes, and how much filtered spikes scatter (Hunsberger 2016).",
        *("conversion.rate_curves", "curves", "50 20"),
    ),
    "spiking": Figure(
        "Spiking networks trained with labels, and converted ones beside them: error over time and against operations.",
        *("spiking", "spiking", "results/spiking results/lenet-spiking"),
    ),
}
